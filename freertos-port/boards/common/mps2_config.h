/* SPDX-License-Identifier: Apache-2.0 */

/* What Arm's MPS2 boards have in common, as QEMU emulates them. */

#define configCPU_CLOCK_HZ 25000000u
#define configMINIMAL_STACK_SIZE 256
#ifndef configTOTAL_HEAP_SIZE
#define configTOTAL_HEAP_SIZE (1024 * 1024)
#endif

#define configPRIO_BITS 3
#define configKERNEL_INTERRUPT_PRIORITY (7 << (8 - configPRIO_BITS))
#define configMAX_SYSCALL_INTERRUPT_PRIORITY (2 << (8 - configPRIO_BITS))

/* What the ports for processors without and with TrustZone ask besides: all is in one world. */
#define configENABLE_MPU 0
#define configENABLE_TRUSTZONE 0
#define configRUN_FREERTOS_SECURE_ONLY 1
#ifdef __ARM_FP
#define configENABLE_FPU 1
#else
#define configENABLE_FPU 0
#endif

/* The names in the vector table of picolibc; ports differ in theirs. */
#define vPortSVCHandler arm_svc_isr
#define xPortPendSVHandler arm_pendsv_isr
#define xPortSysTickHandler arm_systick_isr
#define SVC_Handler arm_svc_isr
#define PendSV_Handler arm_pendsv_isr
#define SysTick_Handler arm_systick_isr
