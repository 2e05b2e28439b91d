/* SPDX-License-Identifier: Apache-2.0 */

/* A guest that is called like a library: it sorts the numbers of the command line. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <thimble.h>

/* What the guest has room for. */
#define NUMBERS 64

/* Calls a function of the guest. */
static int32_t call(struct thimble_instance *instance, const char *name, const char *signature,
                    const union thimble_value *argument, union thimble_value *result)
{
    struct thimble_function function;
    int32_t status = thimble_instance_function(instance, name, signature, &function);

    return status < 0 ? status : thimble_instance_call(instance, &function, argument, result);
}

/* Sorts numbers in the guest. Those of WebAssembly are little-endian. */
static int32_t sort(struct thimble_instance *instance, int32_t *numbers, size_t count)
{
    const union thimble_value length = {.i32 = (int32_t)count};
    size_t bytes = count * sizeof(numbers[0]);
    union thimble_value address;
    int32_t status = call(instance, "buffer", "()i", NULL, &address);

    /* What the guest says of its memory is checked there. */
    if (status == 0) {
        status = thimble_memory_write(instance, (uint32_t)address.i32, numbers, bytes);
    }
    if (status == 0) {
        status = call(instance, "sort", "(i)", &length, NULL);
    }
    if (status == 0) {
        status = thimble_memory_read(instance, (uint32_t)address.i32, numbers, bytes);
    }
    return status;
}

static int complain(const struct thimble_error *error)
{
    char text[96];

    (void)thimble_error_text(error, text, sizeof(text));
    printf("thimble_example: %s\n", text);
    return EXIT_FAILURE;
}

static int use(struct thimble_instance *instance, int32_t *numbers, size_t count)
{
    if (sort(instance, numbers, count) < 0) {
        return complain(thimble_instance_error(instance));
    }
    for (size_t index = 0; index < count; index++) {
        printf("%" PRId32 "%c", numbers[index], index + 1 < count ? ' ' : '\n');
    }
    return EXIT_SUCCESS;
}

int main(int argc, char *argv[])
{
    /* However long it computes, it is bounded. */
    static const struct thimble_instance_options options = {.fuel = 1000000};
    struct thimble_module *module = NULL;
    struct thimble_instance *instance;
    struct thimble_error error;
    int32_t numbers[NUMBERS];
    size_t count = 0;

    if (argc < 3 || argc - 2 > NUMBERS) {
        printf("usage: thimble_example FILE NUMBER...\n");
        return EXIT_FAILURE;
    }
    for (int index = 2; index < argc; index++) {
        numbers[count] = (int32_t)strtol(argv[index], NULL, 0);
        count++;
    }
    if (thimble_module_open(argv[1], &module, &error) < 0 ||
        thimble_instance_create(module, &options, &instance, &error) < 0) {
        thimble_module_unload(module);
        return complain(&error);
    }
    /* The instance keeps it. */
    thimble_module_unload(module);

    int status = use(instance, numbers, count);

    (void)thimble_instance_destroy(instance);
    return status;
}
