/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * FreeRTOS, and what Thimble asks of its configuration.
 */

#ifndef THIMBLE_KERNEL_H
#define THIMBLE_KERNEL_H

#include <FreeRTOS.h>
#include <semphr.h>
#include <task.h>

#include "thimble_config.h"

/* What is missing is named by the macro that is to be changed in FreeRTOSConfig.h. */

#if configSUPPORT_STATIC_ALLOCATION != 1
#error "Thimble: configSUPPORT_STATIC_ALLOCATION must be 1: tasks lie in its own memory"
#endif
#if configSUPPORT_DYNAMIC_ALLOCATION != 1
#error "Thimble: configSUPPORT_DYNAMIC_ALLOCATION must be 1: it calls pvPortMalloc()"
#endif
#if configUSE_MUTEXES != 1
#error "Thimble: configUSE_MUTEXES must be 1"
#endif
#if configUSE_PREEMPTION != 1
#error "Thimble: configUSE_PREEMPTION must be 1: programs must not keep others from running"
#endif
#if INCLUDE_vTaskDelete != 1
#error "Thimble: INCLUDE_vTaskDelete must be 1"
#endif
#if INCLUDE_vTaskDelay != 1
#error "Thimble: INCLUDE_vTaskDelay must be 1"
#endif
#if INCLUDE_vTaskSuspend != 1
#error "Thimble: INCLUDE_vTaskSuspend must be 1: without it, no wait is without end"
#endif
#if INCLUDE_eTaskGetState != 1
#error "Thimble: INCLUDE_eTaskGetState must be 1"
#endif
#if INCLUDE_uxTaskPriorityGet != 1
#error "Thimble: INCLUDE_uxTaskPriorityGet must be 1"
#endif
#if INCLUDE_xTaskGetCurrentTaskHandle != 1
#error "Thimble: INCLUDE_xTaskGetCurrentTaskHandle must be 1"
#endif
#if configNUMBER_OF_CORES != 1
#error "Thimble: configNUMBER_OF_CORES must be 1: tasks on several cores are not supported"
#endif
#if portUSING_MPU_WRAPPERS != 0
#error "Thimble: ports with memory protection (configENABLE_MPU) are not supported: use one without"
#endif

_Static_assert(configTICK_RATE_HZ >= 1 && configTICK_RATE_HZ <= 1000000,
               "Thimble: configTICK_RATE_HZ must be from 1 to 1000000");
_Static_assert(THIMBLE_THREAD_PRIORITY <= THIMBLE_THREAD_PRIORITY_HIGHEST &&
                   THIMBLE_THREAD_PRIORITY_HIGHEST < THIMBLE_SERVICE_PRIORITY,
               "Thimble: THIMBLE_THREAD_PRIORITY must not be above "
               "THIMBLE_THREAD_PRIORITY_HIGHEST, and that must be below "
               "THIMBLE_SERVICE_PRIORITY");
_Static_assert(THIMBLE_SERVICE_PRIORITY < configMAX_PRIORITIES,
               "Thimble: configMAX_PRIORITIES must be above THIMBLE_SERVICE_PRIORITY");

#endif
