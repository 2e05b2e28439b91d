/* SPDX-License-Identifier: Apache-2.0 */

/* What thimble_device.h asks of this firmware. */

#include <nuttx/config.h>

#include <syslog.h>
#include <unistd.h>

#include <thimble_device.h>
#include <thimble_platform.h>

#include "deadline.h"
#include "device.h"
#include "lock.h"
#include "macros.h"
#include "queue.h"
#include "thread.h"
#include "thread_table.h"

/* Where a thread that computes keeps time itself from going on, it must be interrupted. */
#if defined(CONFIG_SIM_WALLTIME_SLEEP)
#define SLICE 20000
#else
#define SLICE 0
#endif

/* How often to look whether somebody has ended a thread. */
#define LOOK_INTERVAL THIMBLE_SECOND

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
    .stack_cells = CONFIG_THIMBLE_STACK_CELLS,
    .table_elements = CONFIG_THIMBLE_MAX_TABLE,
    .backtrace_frames = CONFIG_THIMBLE_BACKTRACE_FRAMES,
    .host_depth = CONFIG_THIMBLE_MAX_HOST_DEPTH,
    .priority = CONFIG_THIMBLE_THREAD_PRIORITY,
    .least_priority = 1,
    .greatest_priority = CONFIG_THIMBLE_THREAD_PRIORITY_HIGHEST,
    .log_level = CONFIG_THIMBLE_LOG_LEVEL,
#if defined(CONFIG_THIMBLE_STORE)
    .store = CONFIG_THIMBLE_STORE_PATH,
#endif
    .command = CONFIG_THIMBLE_PROGNAME,
};

const struct thimble_device_settings *thimble_device_settings(void)
{
    return &settings;
}

int32_t thimble_device_program(size_t index, struct thimble_device_program *program)
{
    if (index >= thimble_program_count) {
        return 0;
    }

    const struct thimble_firmware_program *found = &thimble_programs[index];

    *program = (struct thimble_device_program){
        .name = found->name,
        .content = found->content,
        .length = (size_t)(found->end - found->content),
        .is_image = 1,
    };
    return 1;
}

static pthread_mutex_t tick_lock = PTHREAD_MUTEX_INITIALIZER;
/* When the next tick is due. */
static uint64_t next_tick = THIMBLE_NEVER;

void thimble_device_schedule_tick(uint64_t at)
{
    thimble_lock(&tick_lock);
    if (at < next_tick) {
        next_tick = at;
    }
    thimble_unlock(&tick_lock);
    thimble_thread_notify();
}

void thimble_device_look(void)
{
    size_t index = 0;
    uintptr_t thread;

    while (thimble_thread_find_deleted(&index, &thread)) {
        thimble_thread_deleted(thread);
    }
    thimble_thread_forget_left();
    thimble_queue_forget_gone();
}

void thimble_device_tick(void)
{
    /* When to look after threads again. */
    static uint64_t next_look;

    thimble_lock(&tick_lock);

    bool is_due = thimble_deadline_is_over(next_tick);
    bool is_time = thimble_deadline_is_over(next_look);

    if (is_due) {
        next_tick = THIMBLE_NEVER;
    }
    if (is_time) {
        next_look = thimble_deadline(LOOK_INTERVAL);
    }
    thimble_unlock(&tick_lock);
    if (is_due) {
        thimble_tick();
    }
    if (is_time) {
        thimble_device_look();
    }
}

void thimble_device_finish(void)
{
    uint64_t until;

    do {
        thimble_device_tick();
        thimble_lock(&tick_lock);
        until = THIMBLE_MIN(next_tick, thimble_deadline(LOOK_INTERVAL));
        thimble_unlock(&tick_lock);
    } while (thimble_thread_collect(until));
#if THIMBLE_IS_MODULE
    thimble_blocks_release(thimble_thread_heir());
#endif
}

void thimble_device_pause(void)
{
    (void)usleep(CONFIG_USEC_PER_TICK);
}

void thimble_device_close_stream(uintptr_t stream)
{
    /* Descriptors 0 to 2 stay the task's. */
    (void)stream;
}

void thimble_device_log(uint32_t level, const char *text, size_t length)
{
    static const int priorities[] = {
        [THIMBLE_DEVICE_LOG_ERROR] = LOG_ERR,
        [THIMBLE_DEVICE_LOG_WARNING] = LOG_WARNING,
        [THIMBLE_DEVICE_LOG_INFORMATION] = LOG_INFO,
        [THIMBLE_DEVICE_LOG_DEBUG] = LOG_DEBUG,
    };

    syslog(level <= THIMBLE_DEVICE_LOG_DEBUG ? priorities[level] : LOG_DEBUG, "%.*s\n",
           (int)length, text);
}
