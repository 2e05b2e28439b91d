/* SPDX-License-Identifier: Apache-2.0 */

/* Numbers that name objects in tables. */

#include <pthread.h>

#include "error.h"
#include "handle.h"
#include "lock.h"

/* The index plus one takes 8 bits, the count of uses the next 24. */
#define INDEX_BITS 8
#define INDEX_MASK ((1u << INDEX_BITS) - 1)
#define USES_MASK ((1u << 24) - 1)

/* One lock for all tables: it is held for a few instructions. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

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
    thimble_lock(&lock);
    struct thimble_slot *free_slot = NULL;

    for (size_t index = 0; index < table->count && free_slot == NULL; index++) {
        struct thimble_slot *slot = slot_at(table, index);

        if (slot->state == THIMBLE_SLOT_FREE) {
            slot->state = THIMBLE_SLOT_CLOSED;
            slot->users = 0;
            free_slot = slot;
        }
    }
    thimble_unlock(&lock);
    return free_slot;
}

uintptr_t thimble_slot_open(const struct thimble_table *table, struct thimble_slot *slot)
{
    size_t index = ((uint8_t *)slot - (uint8_t *)table->first) / table->size;
    thimble_lock(&lock);

    slot->state = THIMBLE_SLOT_OPEN;
    thimble_unlock(&lock);
    return ((uintptr_t)slot->uses << INDEX_BITS) | (index + 1);
}

void thimble_slot_free(struct thimble_slot *slot)
{
    thimble_lock(&lock);

    slot->uses = (slot->uses + 1) & USES_MASK;
    slot->state = THIMBLE_SLOT_FREE;
    thimble_unlock(&lock);
}

struct thimble_slot *thimble_slot_acquire(const struct thimble_table *table, uintptr_t handle)
{
    thimble_lock(&lock);
    struct thimble_slot *slot = find(table, handle);

    if (slot != NULL) {
        slot->users++;
    }
    thimble_unlock(&lock);
    return slot;
}

void thimble_slot_release(struct thimble_slot *slot)
{
    thimble_lock(&lock);

    slot->users--;
    thimble_unlock(&lock);
}

int32_t thimble_slot_close(const struct thimble_table *table, uintptr_t handle,
                           bool (*is_busy)(const struct thimble_slot *slot),
                           struct thimble_slot **slot)
{
    thimble_lock(&lock);
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
    thimble_unlock(&lock);
    return status;
}
