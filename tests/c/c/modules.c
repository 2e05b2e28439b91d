/* SPDX-License-Identifier: Apache-2.0 */

/* Loading, and what is wrong in words. */

#include "check.h"
#include "thimble.h"

static int says(const struct thimble_error *error, const char *words)
{
    char text[128];
    size_t length = thimble_error_text(error, text, sizeof(text));

    if (length != strlen(words) || strcmp(text, words) != 0) {
        fprintf(stderr, "says: %s\n", text);
        return 0;
    }
    return 1;
}

int test_load(const uint8_t *module, size_t length, const uint8_t *image, size_t image_length)
{
    struct thimble_module *loaded = NULL;
    struct thimble_error error;

    CHECK(thimble_module_load(module, length, 0, &loaded, &error) == 0);
    CHECK(thimble_module_size(loaded) == image_length);
    thimble_module_unload(loaded);
    CHECK(thimble_module_load(image, image_length, 0, &loaded, NULL) == 0);
    thimble_module_unload(loaded);
    CHECK(thimble_module_load(image, image_length, THIMBLE_MODULE_STAYS, &loaded, NULL) == 0);
    CHECK(thimble_module_size(loaded) == image_length);
    thimble_module_unload(loaded);
    CHECK(thimble_module_load(image, image_length, THIMBLE_MODULE_TRUSTED, &loaded, NULL) == 0);
    thimble_module_unload(loaded);
    thimble_module_unload(NULL);
    CHECK(thimble_module_size(NULL) == 0);
    return 0;
}

/* The image can be changed. */
int test_load_refused(const uint8_t *module, size_t length, uint8_t *image, size_t image_length)
{
    struct thimble_module *loaded = NULL;
    struct thimble_error error;
    int32_t status;
    uint8_t byte;

    status = thimble_module_load(module, length - 1, 0, &loaded, &error);
    CHECK(IS(status, THIMBLE_INVALID_MODULE) && status == error.status);
    CHECK(THIMBLE_DETAIL(status) > 8 && THIMBLE_DETAIL(status) <= (int32_t)length);
    CHECK(error.subject[0] == '\0');

    status = thimble_module_load("\0asm\2\0\0\0", 8, 0, &loaded, &error);
    CHECK(IS(status, THIMBLE_INVALID_MODULE));
    CHECK(SAYS(&error, "unknown binary version at offset 0x4"));

    status = thimble_module_load(image, image_length - 1, 0, &loaded, &error);
    CHECK(IS(status, THIMBLE_INVALID_IMAGE));
    CHECK(SAYS(&error, "the image is truncated"));
    status = thimble_module_load(image, 8, THIMBLE_MODULE_TRUSTED, &loaded, &error);
    CHECK(IS(status, THIMBLE_INVALID_IMAGE));

    byte = image[image_length - 1];
    image[image_length - 1] = (uint8_t)~byte;
    status = thimble_module_load(image, image_length, 0, &loaded, &error);
    CHECK(IS(status, THIMBLE_INVALID_IMAGE));
    CHECK(SAYS(&error, "the image is damaged"));
    image[image_length - 1] = byte;

    byte = image[4];
    image[4] = (uint8_t)~byte;
    status = thimble_module_load(image, image_length, 0, &loaded, &error);
    CHECK(IS(status, THIMBLE_WRONG_VERSION));
    CHECK(SAYS(&error, "the image was made by another version"));
    image[4] = byte;

    CHECK(IS(thimble_module_load(NULL, 8, 0, &loaded, &error), THIMBLE_INVALID_ARGUMENT));
    CHECK(SAYS(&error, "an argument is NULL"));
    CHECK(IS(thimble_module_load(NULL, 0, 0, &loaded, NULL), THIMBLE_INVALID_MODULE));
    CHECK(IS(thimble_module_load(module, length, 4, &loaded, NULL), THIMBLE_INVALID_ARGUMENT));
    CHECK(IS(thimble_module_load(module, length, 0, NULL, NULL), THIMBLE_INVALID_ARGUMENT));
    CHECK(loaded == NULL);
    return 0;
}

/* `built_in` and `installed` are names of programs, `path` is that of a file. */
int test_open(const char *built_in, const char *installed, const char *path, const char *damaged)
{
    struct thimble_module *loaded = NULL;
    struct thimble_error error;
    int32_t status;

    CHECK(thimble_module_open(built_in, &loaded, &error) == 0);
    thimble_module_unload(loaded);
    CHECK(thimble_module_open(installed, &loaded, &error) == 0);
    thimble_module_unload(loaded);
    CHECK(thimble_module_open(path, &loaded, &error) == 0);
    thimble_module_unload(loaded);
    loaded = NULL;

    status = thimble_module_open("nothing", &loaded, &error);
    CHECK(IS(status, THIMBLE_NOT_FOUND) && strcmp(error.subject, "nothing") == 0);
    CHECK(SAYS(&error, "nothing: no such program"));
    status = thimble_module_open("/no/such/file", &loaded, &error);
    CHECK(IS(status, THIMBLE_NOT_FOUND) && strcmp(error.subject, "/no/such/file") == 0);
    status = thimble_module_open("/", &loaded, &error);
    CHECK(status < 0 && status == error.status);
    CHECK(IS(thimble_module_open(damaged, &loaded, &error), THIMBLE_INVALID_MODULE));
    CHECK(IS(thimble_module_open("\xff", &loaded, &error), THIMBLE_INVALID_ARGUMENT));
    CHECK(SAYS(&error, "a text is not UTF-8"));
    CHECK(IS(thimble_module_open(NULL, &loaded, NULL), THIMBLE_INVALID_ARGUMENT));
    CHECK(IS(thimble_module_open(built_in, NULL, NULL), THIMBLE_INVALID_ARGUMENT));
    CHECK(loaded == NULL);
    return 0;
}

int test_error_text(void)
{
    struct thimble_module *loaded;
    struct thimble_error error;
    char text[64];

    CHECK(thimble_module_open("nothing", &loaded, &error) < 0);
    memset(text, 'x', sizeof(text));
    CHECK(thimble_error_text(&error, text, 8) == 24);
    CHECK(memcmp(text, "nothing\0x", 9) == 0);
    CHECK(thimble_error_text(&error, text, 1) == 24 && text[0] == '\0');
    CHECK(thimble_error_text(&error, text, 25) == 24);
    CHECK(strcmp(text, "nothing: no such program") == 0);
    CHECK(thimble_error_text(&error, text, 24) == 24);
    CHECK(strcmp(text, "nothing: no such progra") == 0);
    CHECK(thimble_error_text(&error, NULL, 0) == 24);
    /* A name is nothing to trust a terminal with. */
    CHECK(thimble_module_open("a\nb", &loaded, &error) < 0);
    CHECK(SAYS(&error, "a\\nb: no such program"));
    error.status = 0;
    CHECK(thimble_error_text(&error, text, sizeof(text)) == 0 && text[0] == '\0');
    CHECK(thimble_error_text(NULL, text, sizeof(text)) == 0 && text[0] == '\0');
    return 0;
}
