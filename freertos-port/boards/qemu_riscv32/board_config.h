/* SPDX-License-Identifier: Apache-2.0 */

/* QEMU's machine `virt`, with one 32-bit processor. */

#define configCPU_CLOCK_HZ 10000000u
#define configMTIME_BASE_ADDRESS 0x0200bff8u
#define configMTIMECMP_BASE_ADDRESS 0x02004000u
#define configISR_STACK_SIZE_WORDS 1024
#define configMINIMAL_STACK_SIZE 512
#ifndef configTOTAL_HEAP_SIZE
#define configTOTAL_HEAP_SIZE (1024 * 1024)
#endif

/* Processor time of tasks, by a sixteenth of the machine's timer: 32 bits, as the crate of
 * samples/rust takes for granted, last for almost two hours. */
#include <stdint.h>
uint32_t board_run_time(void);
#define configGENERATE_RUN_TIME_STATS 1
#define portCONFIGURE_TIMER_FOR_RUN_TIME_STATS()
#define portGET_RUN_TIME_COUNTER_VALUE() board_run_time()
#define THIMBLE_RUN_TIME_COUNTER_HZ (configCPU_CLOCK_HZ / 16)
