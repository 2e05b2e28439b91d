/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * What the parts of this back end have of the application, and make at the start.
 */

#ifndef THIMBLE_START_H
#define THIMBLE_START_H

#include <stdbool.h>
#include <stdint.h>

#include <thimble_freertos.h>

#include "kernel.h"

/** The hooks of the application; never NULL. */
const struct thimble_freertos_hooks *thimble_hooks(void);

/** Makes the task that thimble_tick is called on. */
void thimble_service_start(void);

/** Tells the service that there is a thread more, whose task it looks after. */
void thimble_service_watch(void);

/** Has thimble_poll_notify called soon, by that task: for those that must not wait for its lock. */
void thimble_service_notify(void);

/** Processor time of a task in nanoseconds. @return Whether it is known. */
bool thimble_task_time(TaskHandle_t task, uint64_t *time);

#endif
