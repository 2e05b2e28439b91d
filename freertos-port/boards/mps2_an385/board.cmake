# SPDX-License-Identifier: Apache-2.0

# mps2-an385 in QEMU: a Cortex-M3.

set(FREERTOS_PORT GCC_ARM_CM3)
include(${CMAKE_CURRENT_LIST_DIR}/../common/mps2.cmake)
mps2_board(mps2-an385 0x00000000 0x20000000)
