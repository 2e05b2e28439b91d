/* SPDX-License-Identifier: Apache-2.0 */

/* A program that the firmware starts, and that writes to the console what it is given. */

#include <string.h>

#include <zephyr/ztest.h>

#include "program.h"

static int32_t read_text(void *context, void *buffer, size_t length)
{
    const struct text_source *source = context;
    const char *text = source->next(source->context);

    if (text == NULL) {
        return 0;
    }
    zassert_true(strlen(text) <= length);
    memcpy(buffer, text, strlen(text));
    return strlen(text);
}

struct thimble_instance *program_make(const struct text_source *source)
{
    const struct thimble_input input = {.read = read_text, .context = (void *)source};
    const struct thimble_wasi_options wasi = {.input = &input};
    struct thimble_module *module;
    struct thimble_instance *program;

    zassert_ok(thimble_module_open("copy-input", &module, NULL));
    zassert_ok(thimble_program_create(module, NULL, &wasi, &program, NULL));
    thimble_module_unload(module);
    return program;
}

void program_run(struct thimble_instance *program)
{
    int32_t status = -1;

    zassert_ok(thimble_instance_run(program, &status));
    zassert_ok(status);
}

void program_destroy(struct thimble_instance *program)
{
    zassert_ok(thimble_instance_destroy(program));
}
