/* SPDX-License-Identifier: Apache-2.0 */

/* FreeRTOS on the boards of Thimble's tests and samples. Each option can be given another value
 * by the command line; what differs between boards is in their board_config.h. */

#ifndef FREERTOS_CONFIG_H
#define FREERTOS_CONFIG_H

#include "board_config.h"

/* What Thimble asks for. */
#ifndef configSUPPORT_STATIC_ALLOCATION
#define configSUPPORT_STATIC_ALLOCATION 1
#endif
#ifndef configSUPPORT_DYNAMIC_ALLOCATION
#define configSUPPORT_DYNAMIC_ALLOCATION 1
#endif
#ifndef configUSE_MUTEXES
#define configUSE_MUTEXES 1
#endif
#ifndef configUSE_PREEMPTION
#define configUSE_PREEMPTION 1
#endif
#ifndef INCLUDE_vTaskDelete
#define INCLUDE_vTaskDelete 1
#endif
#ifndef INCLUDE_vTaskDelay
#define INCLUDE_vTaskDelay 1
#endif
#ifndef INCLUDE_vTaskSuspend
#define INCLUDE_vTaskSuspend 1
#endif
#ifndef INCLUDE_eTaskGetState
#define INCLUDE_eTaskGetState 1
#endif
#ifndef INCLUDE_uxTaskPriorityGet
#define INCLUDE_uxTaskPriorityGet 1
#endif
#ifndef INCLUDE_xTaskGetCurrentTaskHandle
#define INCLUDE_xTaskGetCurrentTaskHandle 1
#endif
#ifndef configTICK_RATE_HZ
#define configTICK_RATE_HZ 1000
#endif
#ifndef configMAX_PRIORITIES
#define configMAX_PRIORITIES 6
#endif

/* So that stacks are measured. */
#define INCLUDE_uxTaskGetStackHighWaterMark2 1
/* So that tests find tasks. */
#define INCLUDE_xTaskGetHandle 1

/* What lwIP asks for besides. */
#define configUSE_RECURSIVE_MUTEXES 1
#define configUSE_COUNTING_SEMAPHORES 1
#define configNUM_THREAD_LOCAL_STORAGE_POINTERS 1
#define INCLUDE_xSemaphoreGetMutexHolder 1

#define configTICK_TYPE_WIDTH_IN_BITS TICK_TYPE_WIDTH_32_BITS
#define configMAX_TASK_NAME_LEN 16
#define configUSE_TIMERS 0
#define configUSE_IDLE_HOOK 0
#define configUSE_TICK_HOOK 0
#define configUSE_MALLOC_FAILED_HOOK 0
#define configKERNEL_PROVIDED_STATIC_MEMORY 1

void board_assert_failed(const char *file, int line);
#define configASSERT(condition) \
    do { \
        if (!(condition)) { \
            board_assert_failed(__FILE__, __LINE__); \
        } \
    } while (0)

#endif
