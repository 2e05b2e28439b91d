/* SPDX-License-Identifier: Apache-2.0 */

/* What thimble_device.h asks of this firmware. */

#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>
#include <zephyr/sys/printk.h>

#include <thimble/app.h>
#include <thimble_device.h>
#include <thimble_platform.h>

#include <thimble_console.h>
#include "deadline.h"
#include "heap.h"
#include "thread.h"

LOG_MODULE_REGISTER(thimble, CONFIG_THIMBLE_LOG_LEVEL);

/* Where a thread that computes keeps time itself from going on, it must be interrupted. */
#if defined(CONFIG_ARCH_POSIX)
#define SLICE 20000
#define PAUSE_US 100
#else
#define SLICE 0
#define PAUSE_US 0
#endif

static const struct thimble_device_settings settings = {
    .memory = CONFIG_THIMBLE_MAX_MEMORY,
    .slice = SLICE,
    .processes = CONFIG_THIMBLE_MAX_INSTANCES,
#if defined(CONFIG_THIMBLE_WASI)
    .directories = CONFIG_THIMBLE_MAX_PREOPENS,
    .descriptors = CONFIG_THIMBLE_MAX_DESCRIPTORS,
#endif
#if defined(CONFIG_THIMBLE_SOCKETS)
    .backlog = CONFIG_THIMBLE_SOCKET_BACKLOG,
#endif
    .transfer = CONFIG_THIMBLE_TRANSFER_SIZE,
    .thread_stack = CONFIG_THIMBLE_THREAD_STACK_SIZE,
    .log = CONFIG_THIMBLE_LOG_SIZE,
#if defined(CONFIG_THIMBLE_CONSOLE_LOG)
    .console_line = CONFIG_THIMBLE_CONSOLE_LINE_SIZE,
#endif
    .stack_cells = CONFIG_THIMBLE_STACK_CELLS,
    .table_elements = CONFIG_THIMBLE_MAX_TABLE,
    .backtrace_frames = CONFIG_THIMBLE_BACKTRACE_FRAMES,
    .host_depth = CONFIG_THIMBLE_MAX_HOST_DEPTH,
    .priority = CONFIG_THIMBLE_THREAD_PRIORITY,
    .least_priority = CONFIG_THIMBLE_THREAD_PRIORITY_HIGHEST,
    .greatest_priority = K_LOWEST_APPLICATION_THREAD_PRIO,
#if defined(CONFIG_LOG)
    .log_level = CONFIG_THIMBLE_LOG_LEVEL,
#endif
#if defined(CONFIG_THIMBLE_STORE_FILES)
    .store = CONFIG_THIMBLE_STORE_PATH,
#endif
};

const struct thimble_device_settings *thimble_device_settings(void)
{
    return &settings;
}

int32_t thimble_device_program(size_t index, struct thimble_device_program *program)
{
    size_t count;

    STRUCT_SECTION_COUNT(thimble_app, &count);
    if (index >= count) {
        return 0;
    }

    const struct thimble_app *app;

    STRUCT_SECTION_GET(thimble_app, index, &app);
    *program = (struct thimble_device_program){
        .name = app->name,
        .content = app->content,
        .length = app->length,
        .is_image = app->is_image,
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

/* The system work queue is the thread that no program has. On 64-bit RISC-V, giving back what a program had takes
 * 760 bytes there and an interrupt 200 more. */
BUILD_ASSERT(CONFIG_SYSTEM_WORKQUEUE_STACK_SIZE >= (IS_ENABLED(CONFIG_64BIT) ? 2048 : 1024),
             "Thimble needs a larger CONFIG_SYSTEM_WORKQUEUE_STACK_SIZE: 1024, or 2048 on 64 bit");
static void tick(struct k_work *work);
static K_WORK_DELAYABLE_DEFINE(tick_work, tick);
static struct k_spinlock tick_lock;
/* When the next tick is due. */
static uint64_t next_tick = THIMBLE_NEVER;

static void tick(struct k_work *work)
{
    ARG_UNUSED(work);

    k_spinlock_key_t key = k_spin_lock(&tick_lock);
    uint64_t due = next_tick;
    bool is_due = thimble_deadline_is_over(due);

    if (is_due) {
        next_tick = THIMBLE_NEVER;
    }
    k_spin_unlock(&tick_lock, key);
    if (is_due) {
        thimble_tick();
    } else if (due != THIMBLE_NEVER) {
        /* Further away than ticks can count. */
        (void)k_work_reschedule(&tick_work, thimble_deadline_timeout(due));
    }
}

void thimble_device_schedule_tick(uint64_t at)
{
    k_spinlock_key_t key = k_spin_lock(&tick_lock);
    bool is_earlier = at < next_tick;

    if (is_earlier) {
        next_tick = at;
    }
    k_spin_unlock(&tick_lock, key);
    if (is_earlier) {
        (void)k_work_reschedule(&tick_work, thimble_deadline_timeout(at));
    }
}

void thimble_device_pause(void)
{
    k_busy_wait(PAUSE_US);
}

void thimble_device_close_stream(uintptr_t stream)
{
    (void)thimble_stream_close(stream);
}

void thimble_device_log(uint32_t level, const char *text, size_t length)
{
    ARG_UNUSED(length);

    switch (level) {
    case THIMBLE_DEVICE_LOG_ERROR:
        LOG_ERR("%s", text);
        break;
    case THIMBLE_DEVICE_LOG_WARNING:
        LOG_WRN("%s", text);
        break;
    case THIMBLE_DEVICE_LOG_INFORMATION:
        LOG_INF("%s", text);
        break;
    default:
        LOG_DBG("%s", text);
        break;
    }
}
