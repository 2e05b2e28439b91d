/* SPDX-License-Identifier: Apache-2.0 */

/* A guest that is part of the firmware, and is called like a library. */

#include <stdbool.h>

#include <thimble.h>

#include "embed.h"

#define COUNT 5

/* Says what went wrong in the last call. */
static void complain(struct thimble_instance *instance, const char *what, print_function print)
{
    char text[80];

    thimble_error_text(thimble_instance_error(instance), text, sizeof(text));
    print("%s: %s\n", what, text);
}

/* Has the guest sort as many numbers as are in its buffer. */
static int32_t call_sort(struct thimble_instance *instance, size_t count)
{
    const union thimble_value value = {.i32 = (int32_t)count};
    struct thimble_function function;
    int32_t status;

    status = thimble_instance_function(instance, "sort", "(i)", &function);
    return status < 0 ? status : thimble_instance_call(instance, &function, &value, NULL);
}

/* Sorts numbers in the guest. Those of WebAssembly are little-endian. */
static int32_t sort(struct thimble_instance *instance, int32_t *numbers, size_t count)
{
    struct thimble_function buffer;
    union thimble_value address;
    size_t length = count * sizeof(numbers[0]);
    int32_t status;

    status = thimble_instance_function(instance, "buffer", "()i", &buffer);
    if (status == 0) {
        status = thimble_instance_call(instance, &buffer, NULL, &address);
    }
    /* What the guest says of its memory is checked there. */
    if (status == 0) {
        status = thimble_memory_write(instance, (uint32_t)address.i32, numbers, length);
    }
    if (status == 0) {
        status = call_sort(instance, count);
    }
    if (status == 0) {
        status = thimble_memory_read(instance, (uint32_t)address.i32, numbers, length);
    }
    return status;
}

static bool use(struct thimble_instance *instance, print_function print)
{
    int32_t numbers[COUNT] = {8, -7, 42, 0, 3};
    struct thimble_statistics statistics;
    uint64_t size;

    if (sort(instance, numbers, COUNT) < 0) {
        complain(instance, "cannot sort", print);
        return false;
    }
    print("sorted:");
    for (size_t index = 0; index < COUNT; index++) {
        print(" %d", numbers[index]);
    }
    print("\n");

    /* A guest that traps can be called again. */
    if (call_sort(instance, 65) < 0) {
        complain(instance, "too many numbers", print);
    }
    if (thimble_memory_size(instance, &size) == 0 &&
        thimble_memory_read(instance, size - 1, numbers, 2) < 0) {
        complain(instance, "beyond its memory", print);
    }
    thimble_instance_statistics(instance, &statistics);
    print("memory %zu bytes, stack %zu bytes, image %zu bytes\n", statistics.memory,
           statistics.stack, statistics.image);
    return true;
}

int embed(print_function print)
{
    /* However long it computes, it is bounded. */
    static const struct thimble_instance_options options = {.fuel = 1000000};
    struct thimble_module *module = NULL;
    struct thimble_instance *instance;
    struct thimble_error error;
    char text[80];

    if (thimble_module_open("sort", &module, &error) < 0 ||
        thimble_instance_create(module, &options, &instance, &error) < 0) {
        thimble_error_text(&error, text, sizeof(text));
        print("cannot begin: %s\n", text);
        thimble_module_unload(module);
        return 1;
    }
    /* The instance keeps it. */
    thimble_module_unload(module);

    bool is_sorted = use(instance, print);

    thimble_instance_destroy(instance);
    return is_sorted ? 0 : 1;
}
