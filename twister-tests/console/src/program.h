/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * A program that the firmware starts, and that writes to the console what it is given.
 */

#ifndef PROGRAM_H
#define PROGRAM_H

#include <stddef.h>

#include <thimble.h>

/** Gives a program something to write; NULL at the end. */
typedef const char *(*next_text)(void *context);

/** What a program writes. */
struct text_source {
    next_text next;
    void *context;
};

/** Makes the program. Its source stays until it is destroyed. */
struct thimble_instance *program_make(const struct text_source *source);

/** Runs it to its end. */
void program_run(struct thimble_instance *program);

/** Ends it. */
void program_destroy(struct thimble_instance *program);

#endif
