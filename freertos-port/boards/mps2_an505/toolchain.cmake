# SPDX-License-Identifier: Apache-2.0

set(processor "-mcpu=cortex-m33+nodsp+nofp -mthumb")
include(${CMAKE_CURRENT_LIST_DIR}/../common/arm.cmake)
