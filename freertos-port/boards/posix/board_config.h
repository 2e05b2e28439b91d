/* SPDX-License-Identifier: Apache-2.0 */

/* FreeRTOS as a process of the computer: the port for its simulator. */

#define configMINIMAL_STACK_SIZE 4096
#ifndef configTOTAL_HEAP_SIZE
#define configTOTAL_HEAP_SIZE (4 * 1024 * 1024)
#endif
