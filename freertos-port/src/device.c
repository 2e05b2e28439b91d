/* SPDX-License-Identifier: Apache-2.0 */

/* What thimble_device.h asks of this firmware. */

#include <thimble_device.h>
#include <thimble_platform.h>

#include <thimble_console.h>
#include "heap.h"
#include "kernel.h"
#include "programs.h"
#include "start.h"
#include "thread.h"

/* Where tasks of one priority do not take turns by themselves, programs see to it. */
#if configUSE_TIME_SLICING == 1
#define SLICE 0
#else
#define SLICE 20000
#endif

const struct thimble_device_settings *thimble_device_settings(void)
{
    static const struct thimble_device_settings settings = {
        .memory = THIMBLE_MAX_MEMORY,
        .slice = SLICE,
        .processes = THIMBLE_MAX_INSTANCES,
        .directories = THIMBLE_MAX_PREOPENS,
        .transfer = THIMBLE_TRANSFER_SIZE,
        .thread_stack = THIMBLE_THREAD_STACK_SIZE,
        .log = THIMBLE_LOG_SIZE,
        .stack_cells = THIMBLE_STACK_CELLS,
        .table_elements = THIMBLE_MAX_TABLE,
        .backtrace_frames = THIMBLE_BACKTRACE_FRAMES,
        .host_depth = THIMBLE_MAX_HOST_DEPTH,
        .descriptors = THIMBLE_MAX_DESCRIPTORS,
        .backlog = THIMBLE_SOCKET_BACKLOG,
        .priority = THIMBLE_THREAD_PRIORITY,
        .least_priority = tskIDLE_PRIORITY,
        .greatest_priority = THIMBLE_THREAD_PRIORITY_HIGHEST,
        .log_level = THIMBLE_LOG_LEVEL,
#if THIMBLE_STORE_FILES
        .store = THIMBLE_STORE_PATH,
#endif
    };

    return &settings;
}

int32_t thimble_device_program(size_t index, struct thimble_device_program *program)
{
    if (index >= thimble_program_count) {
        return 0;
    }

    const struct thimble_linked_program *linked = &thimble_programs[index];

    *program = (struct thimble_device_program){
        .name = linked->name,
        .content = linked->content,
        .length = linked->end - linked->content,
        .is_image = linked->is_image,
    };
    return 1;
}

void thimble_device_usage(uintptr_t thread, struct thimble_device_usage *usage)
{
    thimble_thread_usage(thread, usage);
}

int32_t thimble_device_heap(struct thimble_device_heap *heap)
{
    struct thimble_heap_statistics statistics;

    if (!thimble_heap_statistics(&statistics)) {
        return 0;
    }
    heap->allocated = statistics.allocated;
    heap->peak = statistics.peak;
    heap->free = statistics.free;
    return 1;
}

void thimble_device_pause(void)
{
    taskYIELD();
}

void thimble_device_close_stream(uintptr_t stream)
{
    (void)thimble_stream_close(stream);
}

void thimble_device_log(uint32_t level, const char *text, size_t length)
{
    if (thimble_hooks()->log != NULL) {
        thimble_hooks()->log(level, text, length);
    }
}
