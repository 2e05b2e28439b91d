/* SPDX-License-Identifier: Apache-2.0 */

/* A firmware for tests: what thimble_device.h asks of a shim. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "thimble_device.h"
#include "thimble_platform.h"

#define PROGRAMS 10

static struct thimble_device_program programs[PROGRAMS];
static size_t program_count;

static struct thimble_device_settings settings = {
    .memory = 4 << 20,
    .processes = 2,
    .directories = 2,
    .transfer = 256,
    .console_line = 16,
    .thread_stack = 64 * 1024,
    .stack_cells = 16 * 1024,
    .table_elements = 1000,
    .backtrace_frames = 8,
    .host_depth = 4,
    .descriptors = 8,
    .backlog = 4,
};

/* Called by the Rust side of the tests, before anything else. */
void test_device_prepare(const char *store)
{
    settings.store = store;
}

void test_device_add(const char *name, const uint8_t *content, size_t length)
{
    if (program_count == PROGRAMS) {
        abort();
    }
    programs[program_count].name = name;
    programs[program_count].content = content;
    programs[program_count].length = length;
    program_count++;
}

const struct thimble_device_settings *thimble_device_settings(void)
{
    return &settings;
}

int32_t thimble_device_program(size_t index, struct thimble_device_program *program)
{
    if (index >= program_count) {
        return 0;
    }
    *program = programs[index];
    return 1;
}

void thimble_device_usage(uintptr_t thread, struct thimble_device_usage *usage)
{
    (void)thread;
    (void)usage;
}

void thimble_device_schedule_tick(uint64_t at)
{
    (void)at;
}

void thimble_device_pause(void)
{
}

void thimble_device_close_stream(uintptr_t stream)
{
    (void)stream;
}

void thimble_device_log(uint32_t level, const char *text, size_t length)
{
    (void)level;
    fprintf(stderr, "%.*s\n", (int)length, text);
}

int32_t thimble_device_heap(struct thimble_device_heap *heap)
{
    (void)heap;
    return 0;
}

int32_t thimble_device_flash(struct thimble_device_flash *flash)
{
    (void)flash;
    return THIMBLE_PLATFORM_ERROR(THIMBLE_PLATFORM_NOT_SUPPORTED, 0);
}

/* Not called, since there is no partition. */

int32_t thimble_device_flash_read(uint32_t offset, void *buffer, size_t length)
{
    (void)offset;
    (void)buffer;
    (void)length;
    abort();
}

int32_t thimble_device_flash_write(uint32_t offset, const void *data, size_t length)
{
    (void)offset;
    (void)data;
    (void)length;
    abort();
}

int32_t thimble_device_flash_erase(uint32_t offset, size_t length)
{
    (void)offset;
    (void)length;
    abort();
}
