# SPDX-License-Identifier: Apache-2.0

set(processor "-mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16")
include(${CMAKE_CURRENT_LIST_DIR}/../common/arm.cmake)
