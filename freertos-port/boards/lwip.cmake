# SPDX-License-Identifier: Apache-2.0

# lwIP for the tests, with nothing but its loopback interface, as the target `lwip`, and with
# THIMBLE_SOCKETS on. LWIP_PATH is where its directories src and contrib lie. Include it before
# board.cmake.

set(LWIP_PATH "" CACHE PATH "The sources of lwIP 2")
if(NOT EXISTS ${LWIP_PATH}/src/api/sockets.c)
  message(FATAL_ERROR "LWIP_PATH is to be where lwIP's src/api/sockets.c lies: '${LWIP_PATH}'")
endif()

set(LWIP_DIR ${LWIP_PATH})
include(${LWIP_PATH}/src/Filelists.cmake)
add_library(lwip STATIC
  ${lwipcore_SRCS}
  ${lwipcore4_SRCS}
  ${lwipcore6_SRCS}
  ${lwipapi_SRCS}
  ${LWIP_PATH}/contrib/ports/freertos/sys_arch.c
)
target_include_directories(lwip SYSTEM PUBLIC
  ${CMAKE_CURRENT_LIST_DIR}/lwip
  ${LWIP_PATH}/src/include
  ${LWIP_PATH}/contrib/ports/freertos/include
)
target_link_libraries(lwip PUBLIC freertos_kernel)
# An errno for each task, where the C library needs FreeRTOS for that.
if(NOT BOARD STREQUAL "posix")
  add_compile_definitions(configUSE_PICOLIBC_TLS=1)
endif()
set(THIMBLE_SOCKETS ON CACHE BOOL "" FORCE)
