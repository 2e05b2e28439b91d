/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * What the tasks of the command do for programs, in turns: no thread of the system does it.
 */

#ifndef THIMBLE_DEVICE_TASKS_H
#define THIMBLE_DEVICE_TASKS_H

#include <thimble_device.h>

/** A program of the firmware: an image that its build made. */
struct thimble_firmware_program {
    /** Its name. */
    const char *name;
    /** Its first byte, and the byte after the last one. */
    const uint8_t *content;
    const uint8_t *end;
};

/** The programs of the firmware; the build makes this table. */
extern const struct thimble_firmware_program thimble_programs[];
/** How many they are. */
extern const size_t thimble_program_count;

/** Does what thimble_device_schedule_tick asked for, if it is due, and thimble_device_look every
 *  second. */
void thimble_device_tick(void);

/** Takes leave of programs whose threads somebody has ended. */
void thimble_device_look(void);

/** Waits until all programs that the calling task started have ended: their threads would
 *  end with it, wherever they are. A module, whose variables end with the task, gives back all
 *  that is left of the firmware's heap then. */
void thimble_device_finish(void);

#endif
