/* SPDX-License-Identifier: Apache-2.0 */

/* Arm's MPS2 with the application note 385: a Cortex-M3, as QEMU emulates it. */

#define configCPU_CLOCK_HZ 25000000u
#define configMINIMAL_STACK_SIZE 256
#ifndef configTOTAL_HEAP_SIZE
#define configTOTAL_HEAP_SIZE (1024 * 1024)
#endif

#define configPRIO_BITS 3
#define configKERNEL_INTERRUPT_PRIORITY (7 << (8 - configPRIO_BITS))
#define configMAX_SYSCALL_INTERRUPT_PRIORITY (2 << (8 - configPRIO_BITS))

/* The names in the vector table of picolibc. */
#define vPortSVCHandler arm_svc_isr
#define xPortPendSVHandler arm_pendsv_isr
#define xPortSysTickHandler arm_systick_isr
