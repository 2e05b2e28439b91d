/* SPDX-License-Identifier: Apache-2.0 */

/* Numbers that name objects in tables. */

#include "backend.h"
#include "error.h"
#include "handle.h"

/* The index plus one takes 8 bits, the count of uses the next 24. */
#define INDEX_BITS 8
#define INDEX_MASK 0xffu
#define USES_MASK 0xffffffu

static struct thimble_slot *slot_at(const struct thimble_table *table, size_t index)
{
    return (struct thimble_slot *)((uint8_t *)table->first + index * table->size);
}

static struct thimble_slot *find(const struct thimble_table *table, uintptr_t handle)
{
    size_t index = (handle & INDEX_MASK) - 1;

    if ((handle & INDEX_MASK) == 0 || index >= table->count) {
        return NULL;
    }

    struct thimble_slot *slot = slot_at(table, index);

    if (slot->state != THIMBLE_SLOT_OPEN || slot->uses != handle >> INDEX_BITS) {
        return NULL;
    }
    return slot;
}

struct thimble_slot *thimble_slot_take(const struct thimble_table *table)
{
    uint32_t key = thimble_table_lock();
    struct thimble_slot *free_slot = NULL;

    for (size_t index = 0; index < table->count && free_slot == NULL; index++) {
        struct thimble_slot *slot = slot_at(table, index);

        if (slot->state == THIMBLE_SLOT_FREE) {
            slot->state = THIMBLE_SLOT_CLOSED;
            slot->users = 0;
            free_slot = slot;
        }
    }
    thimble_table_unlock(key);
    return free_slot;
}

uintptr_t thimble_slot_open(const struct thimble_table *table, struct thimble_slot *slot)
{
    size_t index = ((uint8_t *)slot - (uint8_t *)table->first) / table->size;
    uint32_t key = thimble_table_lock();

    slot->state = THIMBLE_SLOT_OPEN;
    thimble_table_unlock(key);
    return ((uintptr_t)slot->uses << INDEX_BITS) | (index + 1);
}

void thimble_slot_free(struct thimble_slot *slot)
{
    uint32_t key = thimble_table_lock();

    slot->uses = (slot->uses + 1) & USES_MASK;
    slot->state = THIMBLE_SLOT_FREE;
    thimble_table_unlock(key);
}

size_t thimble_slots_taken(const struct thimble_table *table)
{
    uint32_t key = thimble_table_lock();
    size_t taken = 0;

    for (size_t index = 0; index < table->count; index++) {
        taken += slot_at(table, index)->state != THIMBLE_SLOT_FREE;
    }
    thimble_table_unlock(key);
    return taken;
}

struct thimble_slot *thimble_slot_find(const struct thimble_table *table, uintptr_t handle)
{
    uint32_t key = thimble_table_lock();
    struct thimble_slot *slot = find(table, handle);

    thimble_table_unlock(key);
    return slot;
}

struct thimble_slot *thimble_slot_acquire(const struct thimble_table *table, uintptr_t handle)
{
    uint32_t key = thimble_table_lock();
    struct thimble_slot *slot = find(table, handle);

    if (slot != NULL) {
        slot->users++;
    }
    thimble_table_unlock(key);
    return slot;
}

void thimble_slot_release(struct thimble_slot *slot)
{
    uint32_t key = thimble_table_lock();

    slot->users--;
    thimble_table_unlock(key);
}

int32_t thimble_slot_close(const struct thimble_table *table, uintptr_t handle,
                           bool (*is_busy)(const struct thimble_slot *slot),
                           struct thimble_slot **slot)
{
    uint32_t key = thimble_table_lock();
    struct thimble_slot *found = find(table, handle);
    int32_t status = 0;

    if (found == NULL) {
        status = THIMBLE_FAILED(BAD_DESCRIPTOR);
    } else if (found->users > 0 || (is_busy != NULL && is_busy(found))) {
        status = THIMBLE_FAILED(BUSY);
    } else {
        found->state = THIMBLE_SLOT_CLOSED;
        *slot = found;
    }
    thimble_table_unlock(key);
    return status;
}
