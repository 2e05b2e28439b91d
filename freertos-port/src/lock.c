/* SPDX-License-Identifier: Apache-2.0 */

/* Locks over mutexes, and lists of tasks that wait, each with a semaphore of its own: FreeRTOS has
 * no conditions. */

#include "backend.h"
#include "deadline.h"
#include "shim_lock.h"
#include "thread.h"

uint32_t thimble_table_lock(void)
{
    taskENTER_CRITICAL();
    return 0;
}

void thimble_table_unlock(uint32_t key)
{
    (void)key;
    taskEXIT_CRITICAL();
}

static struct thimble_lock *locks;

void thimble_lock_initialize(struct thimble_lock *lock)
{
    lock->semaphore = xSemaphoreCreateMutexStatic(&lock->memory);
    lock->owner = NULL;
    taskENTER_CRITICAL();
    lock->next = locks;
    locks = lock;
    taskEXIT_CRITICAL();
}

void thimble_lock_end(struct thimble_lock *lock)
{
    struct thimble_lock **link = &locks;

    taskENTER_CRITICAL();
    while (*link != lock) {
        link = &(*link)->next;
    }
    *link = lock->next;
    taskEXIT_CRITICAL();
    vSemaphoreDelete(lock->semaphore);
}

void thimble_lock_take(struct thimble_lock *lock)
{
    (void)xSemaphoreTake(lock->semaphore, portMAX_DELAY);
    lock->owner = xTaskGetCurrentTaskHandle();
}

bool thimble_lock_try(struct thimble_lock *lock)
{
    if (xSemaphoreTake(lock->semaphore, 0) != pdTRUE) {
        return false;
    }
    lock->owner = xTaskGetCurrentTaskHandle();
    return true;
}

void thimble_lock_give(struct thimble_lock *lock)
{
    lock->owner = NULL;
    (void)xSemaphoreGive(lock->semaphore);
}

bool thimble_lock_is_mine(const struct thimble_lock *lock)
{
    return lock->owner == xTaskGetCurrentTaskHandle();
}

bool thimble_lock_is_lost(TaskHandle_t task)
{
    bool is_lost = false;

    taskENTER_CRITICAL();
    for (const struct thimble_lock *lock = locks; lock != NULL; lock = lock->next) {
        is_lost |= lock->owner == task;
    }
    taskEXIT_CRITICAL();
    return is_lost;
}

static void append(struct thimble_waiters *waiters, struct thimble_waiter *waiter)
{
    struct thimble_waiter **link = &waiters->first;

    waiter->next = NULL;
    waiter->list = waiters;
    taskENTER_CRITICAL();
    while (*link != NULL) {
        link = &(*link)->next;
    }
    *link = waiter;
    taskEXIT_CRITICAL();
}

/* Takes a waiter off the list; whether it was there, and so has not been notified. */
static bool take_back(struct thimble_waiters *waiters, const struct thimble_waiter *waiter)
{
    struct thimble_waiter **link = &waiters->first;

    taskENTER_CRITICAL();
    while (*link != NULL && *link != waiter) {
        link = &(*link)->next;
    }

    bool was_there = *link != NULL;

    if (was_there) {
        *link = waiter->next;
    }
    taskEXIT_CRITICAL();
    return was_there;
}

bool thimble_waiters_wait(struct thimble_waiters *waiters, struct thimble_lock *lock,
                          uint64_t deadline)
{
    struct thimble_waiter on_stack;
    /* Who deletes a task takes its stack, but not this. */
    struct thimble_waiter *self = thimble_thread_waiter();
    bool is_notified;

    if (self == NULL) {
        self = &on_stack;
    }
    self->semaphore = xSemaphoreCreateBinaryStatic(&self->memory);
    append(waiters, self);
    thimble_lock_give(lock);
    do {
        is_notified = xSemaphoreTake(self->semaphore, thimble_deadline_ticks(deadline)) == pdTRUE;
    } while (!is_notified && !thimble_deadline_is_over(deadline));
    if (!is_notified && !take_back(waiters, self)) {
        /* Who notifies has taken it off the list, and is about to give the semaphore. */
        (void)xSemaphoreTake(self->semaphore, portMAX_DELAY);
        is_notified = true;
    }
    self->list = NULL;
    vSemaphoreDelete(self->semaphore);
    thimble_lock_take(lock);
    return is_notified;
}

void thimble_waiters_notify_one(struct thimble_waiters *waiters)
{
    taskENTER_CRITICAL();

    struct thimble_waiter *waiter = waiters->first;

    if (waiter != NULL) {
        waiters->first = waiter->next;
    }
    taskEXIT_CRITICAL();
    if (waiter != NULL) {
        /* It stays until it has taken the semaphore. */
        (void)xSemaphoreGive(waiter->semaphore);
    }
}

void thimble_waiters_notify_all(struct thimble_waiters *waiters)
{
    taskENTER_CRITICAL();

    struct thimble_waiter *waiter = waiters->first;

    /* All at once: one that is woken may come again before the others are. */
    waiters->first = NULL;
    taskEXIT_CRITICAL();
    while (waiter != NULL) {
        struct thimble_waiter *next = waiter->next;

        (void)xSemaphoreGive(waiter->semaphore);
        waiter = next;
    }
}

void thimble_waiter_forget(struct thimble_waiter *waiter)
{
    if (waiter->list != NULL) {
        (void)take_back(waiter->list, waiter);
        waiter->list = NULL;
    }
    if (waiter->uses != NULL) {
        thimble_slot_release(waiter->uses);
        waiter->uses = NULL;
    }
}

void thimble_poll_uses(struct thimble_slot *slot)
{
    struct thimble_waiter *self = thimble_thread_waiter();

    if (self != NULL) {
        self->uses = slot;
    }
}
