/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * What an application says to Thimble: how it starts, and what FreeRTOS does not have.
 *
 * Programs are run, listed and stopped with thimble_command() of thimble_device.h, or with the C
 * interface of thimble.h.
 */

#ifndef THIMBLE_FREERTOS_H
#define THIMBLE_FREERTOS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What FreeRTOS leaves to the application. Any of them may be NULL; each says what is missing
 * then. They are called on any task, several at a time, and never by an interrupt.
 */
struct thimble_freertos_hooks {
    /**
     * Writes to the console. Without it, output of programs on the console is lost.
     *
     * @param length Above 0.
     * @return How many bytes were taken, at least one.
     */
    size_t (*console_write)(const void *data, size_t length);
    /**
     * Takes what was typed at the console, without waiting. Without it, the input of the console
     * is at its end.
     *
     * @param length Above 0.
     * @return How many bytes; 0 without any.
     */
    size_t (*console_read)(void *buffer, size_t length);
    /** Whether console_read has a byte to give. Needed with console_read. */
    bool (*console_is_readable)(void);
    /**
     * Fills a buffer with bytes that nobody can predict, from hardware or a generator that
     * hardware has seeded. Without it, random_get of programs gives ENOSYS, and programs that need
     * random numbers do not run; a counter or rand() in its place would be a security hole.
     *
     * @return 0, or a positive number of the application's for a failure.
     */
    int (*entropy)(void *buffer, size_t length);
    /**
     * Reads a clock that knows the date. Without it, the date is not known until it is set, and
     * FreeRTOS's ticks go on from there.
     *
     * @param time Set to nanoseconds since 1970-01-01 00:00:00 UTC.
     * @return 0, or a positive number while the clock is not set.
     */
    int (*wall_clock_get)(uint64_t *time);
    /** Sets that clock; without it, nobody can. @return 0, or a positive number. */
    int (*wall_clock_set)(uint64_t time);
    /**
     * Writes the data cache of this range back, and forgets what the instruction cache has of it;
     * for processors with such caches.
     */
    void (*synchronize_code)(void *start, size_t length);
    /**
     * Takes a message for the log. Without it, it is lost.
     *
     * @param level THIMBLE_DEVICE_LOG_... of thimble_device.h.
     * @param text Not ended by NUL, and without the end of the line.
     */
    void (*log)(uint32_t level, const char *text, size_t length);
    /**
     * Ends the firmware, which FreeRTOS has no call for, by a restart for example, or a simulator with
     * a status; does not return. Called after an error in the runtime itself and for nothing else: a
     * program that exits or traps ends alone, and its status is what thimble_command() returns. Without
     * it, interrupts are disabled and nothing goes on.
     *
     * @param file Where the error was noticed; not ended by NUL.
     */
    void (*fatal)(const char *file, size_t file_length, uint32_t line);
};

/**
 * Starts Thimble: once, before anything else of it is called. The scheduler may be running or not.
 *
 * @param hooks Lives for ever, or NULL for none of them.
 */
void thimble_start(const struct thimble_freertos_hooks *hooks);

/** Tells those who wait that console_is_readable has become true. Not for interrupts. */
void thimble_console_ready(void);

/**
 * The same for interrupts.
 *
 * @return Whether a task that is more urgent than the interrupted one is ready now: what
 *         portYIELD_FROM_ISR() takes.
 */
bool thimble_console_ready_from_isr(void);

#ifdef __cplusplus
}
#endif

#endif
