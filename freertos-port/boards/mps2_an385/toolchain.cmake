# SPDX-License-Identifier: Apache-2.0

set(processor "-mcpu=cortex-m3 -mthumb")
include(${CMAKE_CURRENT_LIST_DIR}/../common/arm.cmake)
