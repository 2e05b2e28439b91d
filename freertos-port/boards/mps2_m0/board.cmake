# SPDX-License-Identifier: Apache-2.0

# Firmware for a Cortex-M0. QEMU has none with so much memory: a Cortex-M3, which executes the same
# instructions among others.

set(FREERTOS_PORT GCC_ARM_CM0)
include(${CMAKE_CURRENT_LIST_DIR}/../common/mps2.cmake)
mps2_board(mps2-an385 0x00000000 0x20000000)
