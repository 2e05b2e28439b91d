/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Programs that are linked into the firmware: thimble_add_app() makes the list.
 */

#ifndef THIMBLE_PROGRAMS_H
#define THIMBLE_PROGRAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A program of the firmware. */
struct thimble_linked_program {
    /** Its name. */
    const char *name;
    /** Its first byte, and what follows its last. */
    const uint8_t *content;
    const uint8_t *end;
    /** Whether it is an image, which the build made. */
    bool is_image;
};

extern const struct thimble_linked_program thimble_programs[];
extern const size_t thimble_program_count;

#endif
