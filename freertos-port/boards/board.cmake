# SPDX-License-Identifier: Apache-2.0

# A board of the tests and samples: FreeRTOS's kernel for it, Thimble, and firmware over both.
#
# BOARD names a directory here; a board with a toolchain.cmake wants it as CMAKE_TOOLCHAIN_FILE.
# FREERTOS_KERNEL_PATH is where FreeRTOS-Kernel lies.

set(BOARD posix CACHE STRING "A directory of freertos-port/boards")
set(FREERTOS_KERNEL_PATH "" CACHE PATH "The sources of FreeRTOS-Kernel, V11")
set(THIMBLE_BOARDS ${CMAKE_CURRENT_LIST_DIR})

if(NOT EXISTS ${THIMBLE_BOARDS}/${BOARD}/board.cmake)
  message(FATAL_ERROR "There is no ${THIMBLE_BOARDS}/${BOARD}: BOARD names one of its directories")
endif()
if(NOT EXISTS ${FREERTOS_KERNEL_PATH}/tasks.c)
  message(FATAL_ERROR "FREERTOS_KERNEL_PATH is to be where FreeRTOS-Kernel lies: '${FREERTOS_KERNEL_PATH}'")
endif()
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE MinSizeRel)
endif()
set(CMAKE_C_STANDARD 11)
set(board_source ${THIMBLE_BOARDS}/${BOARD}/board.c)
include(${THIMBLE_BOARDS}/${BOARD}/board.cmake)
set(FREERTOS_HEAP 4)
set(BOARD_HEAP_SIZE "" CACHE STRING "Bytes of FreeRTOS's heap; empty for what the board has")

add_library(freertos_config INTERFACE)
target_include_directories(freertos_config SYSTEM INTERFACE
  ${THIMBLE_BOARDS}/common ${THIMBLE_BOARDS}/${BOARD}
)
if(BOARD_HEAP_SIZE)
  target_compile_definitions(freertos_config INTERFACE configTOTAL_HEAP_SIZE=${BOARD_HEAP_SIZE})
endif()
add_subdirectory(${FREERTOS_KERNEL_PATH} freertos)

add_library(board STATIC ${THIMBLE_BOARDS}/common/board.c ${board_source})
target_include_directories(board PUBLIC ${THIMBLE_BOARDS}/common ${THIMBLE_BOARDS}/../include)
target_compile_options(board PRIVATE -Wall -Wextra)
# Boards in QEMU have no entropy, and programs there are told so.
option(BOARD_TEST_ENTROPY "For tests: numbers of a generator with a fixed seed where there is no entropy" OFF)
if(board_has_entropy)
  target_compile_definitions(board PRIVATE BOARD_HAS_ENTROPY=1)
elseif(BOARD_TEST_ENTROPY)
  target_compile_definitions(board PRIVATE BOARD_HAS_ENTROPY=1)
  target_sources(board PRIVATE ${THIMBLE_BOARDS}/common/test_entropy.c)
endif()
target_link_libraries(board PUBLIC freertos_kernel)
# An application in Rust has the runtime as a crate, and none of this.
option(BOARD_WITH_THIMBLE "Firmware over Thimble's library" ON)
if(BOARD_WITH_THIMBLE)
  add_subdirectory(${THIMBLE_BOARDS}/.. thimble)
  target_compile_options(thimble PRIVATE -Wall -Wextra)
  target_sources(board PRIVATE ${THIMBLE_BOARDS}/common/start.c)
  target_compile_definitions(board PRIVATE THIMBLE_SERVICE_PRIORITY=${THIMBLE_SERVICE_PRIORITY})
  target_link_libraries(board PUBLIC thimble)
endif()

# Defines the firmware `name`, and the target `run`, which starts it.
function(board_add_firmware name)
  add_executable(${name} ${ARGN})
  target_compile_options(${name} PRIVATE -Wall -Wextra)
  target_link_libraries(${name} PRIVATE board)
  board_link(${name})
  add_custom_target(run COMMAND ${board_run} $<TARGET_FILE:${name}> USES_TERMINAL VERBATIM)
  add_dependencies(run ${name})
  # For programs that run it.
  set(words ${board_run} ${CMAKE_BINARY_DIR}/${name})
  list(JOIN words "\n" words)
  file(WRITE ${CMAKE_BINARY_DIR}/run.txt "${words}\n")
endfunction()
