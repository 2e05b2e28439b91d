# SPDX-License-Identifier: Apache-2.0

# mps2-an505 in QEMU: a Cortex-M33, all of it in the secure world.

set(FREERTOS_PORT GCC_ARM_CM33_NTZ_NONSECURE)
include(${CMAKE_CURRENT_LIST_DIR}/../common/mps2.cmake)
mps2_board(mps2-an505 0x10000000 0x38000000)
