/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Numbers that name objects in tables.
 *
 * A handle is the index of a slot plus one, with a count of the slot's uses
 * above it: it is never 0, and one that was given back names nothing until the
 * count comes round after 2^24 uses. A mistaken caller is refused, and never
 * reaches memory.
 */

#ifndef THIMBLE_HANDLE_H
#define THIMBLE_HANDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "macros.h"

/** What every object in a table begins with. */
struct thimble_slot {
    /** How often the slot was used before. */
    uint32_t uses;
    /** Calls that use the object now. */
    uint16_t users;
    /** One of THIMBLE_SLOT_... */
    uint8_t state;
};

/** Nothing is in the slot. */
#define THIMBLE_SLOT_FREE 0
/** An object is being made or ended: no handle names it. */
#define THIMBLE_SLOT_CLOSED 1
/** A handle names the object. */
#define THIMBLE_SLOT_OPEN 2

/** A table of objects of one kind. */
struct thimble_table {
    /** The first object. */
    void *first;
    /** Bytes of an object. */
    size_t size;
    /** How many there are, at most 254. */
    size_t count;
};

/** Makes a table of an array of structures that begin with a slot. */
#define THIMBLE_TABLE(array) {(array), sizeof((array)[0]), THIMBLE_COUNT(array)}

/** Takes a free slot, which is closed. @return The slot, or NULL without one. */
struct thimble_slot *thimble_slot_take(const struct thimble_table *table);

/** Opens a closed slot. @return Its handle. */
uintptr_t thimble_slot_open(const struct thimble_table *table, struct thimble_slot *slot);

/** Makes a closed slot free. */
void thimble_slot_free(struct thimble_slot *slot);

/** How many slots are not free. */
size_t thimble_slots_taken(const struct thimble_table *table);

/**
 * Finds an object that something else keeps from being ended, a lock say.
 *
 * @return The slot; NULL for a handle that names nothing.
 */
struct thimble_slot *thimble_slot_find(const struct thimble_table *table, uintptr_t handle);

/**
 * Finds an object and keeps it from being ended.
 *
 * @return The slot, to be given to thimble_slot_release; NULL for a handle that
 *         names nothing.
 */
struct thimble_slot *thimble_slot_acquire(const struct thimble_table *table, uintptr_t handle);

/** Ends the use that thimble_slot_acquire began. */
void thimble_slot_release(struct thimble_slot *slot);

/**
 * Closes the slot of a handle, unless somebody uses it.
 *
 * @param is_busy Whether the object is in use although no call is; or NULL. It
 *        is called with a lock held, and must not wait.
 * @param slot Set to the slot, which is closed, to be given to thimble_slot_free.
 * @return 0 or an error of the platform contract: BUSY, BAD_DESCRIPTOR.
 */
int32_t thimble_slot_close(const struct thimble_table *table, uintptr_t handle,
                           bool (*is_busy)(const struct thimble_slot *slot),
                           struct thimble_slot **slot);

#endif
