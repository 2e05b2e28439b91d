# SPDX-License-Identifier: Apache-2.0

# mps2-an386 in QEMU: a Cortex-M4 with floating point, which calls pass in its registers.

set(FREERTOS_PORT GCC_ARM_CM4F)
include(${CMAKE_CURRENT_LIST_DIR}/../common/mps2.cmake)
mps2_board(mps2-an386 0x00000000 0x20000000)
