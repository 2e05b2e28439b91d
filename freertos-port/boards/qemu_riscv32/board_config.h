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
