/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * A backend of the log that keeps what it is told.
 */

#ifndef RECORD_H
#define RECORD_H

#include <stddef.h>
#include <stdint.h>

#define RECORDS 8

/** A message. */
struct record {
    /** LOG_LEVEL_... */
    uint8_t level;
    const char *module;
    char text[200];
};

/** Forgets what was kept. */
void records_clear(void);

/** Waits until the log has told everything. @return How many messages there are. */
size_t records_wait(void);

/** A message, from 0. */
const struct record *record_at(size_t index);

#endif
