# SPDX-License-Identifier: Apache-2.0

# Builds the Rust side for this configuration.

include(${CMAKE_CURRENT_LIST_DIR}/../../device/firmware/cmake/library.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/target.cmake)

thimble_find_target(thimble_target)
if(NOT thimble_target)
  message(FATAL_ERROR
    "Thimble does not know the Rust target of ${BOARD}${BOARD_QUALIFIERS} (architecture ${ARCH}).\n"
    "The list is in ${CMAKE_CURRENT_LIST_DIR}/target.cmake.")
endif()
if(CONFIG_SMP AND thimble_target MATCHES "${THIMBLE_TARGETS_WITHOUT_ATOMICS}")
  message(FATAL_ERROR
    "Thimble: ${BOARD}${BOARD_QUALIFIERS} runs threads on several cores (CONFIG_SMP), between which "
    "a processor like ${thimble_target} has no atomic operations.\n"
    "CONFIG_SMP=n runs them on one, CONFIG_THIMBLE=n builds without Thimble.")
endif()

# The features of the crate, from Kconfig.
set(thimble_features "")
foreach(feature IN ITEMS
    runtime translate verify fast_numerics wasi wasi_arguments wasi_clocks wasi_poll wasi_random
    files sockets store_files c_api conformance specification)
  string(TOUPPER ${feature} option)
  if(CONFIG_THIMBLE_${option})
    list(APPEND thimble_features ${feature})
  endif()
endforeach()
if(CONFIG_THIMBLE_STORE_FLASH)
  list(APPEND thimble_features flash)
endif()
if(CONFIG_THIMBLE_CONSOLE_LOG)
  list(APPEND thimble_features console_lines)
endif()
# Of the messages, those that the log takes.
if(CONFIG_LOG AND CONFIG_THIMBLE_LOG_LEVEL GREATER 0)
  set(thimble_levels none log_error log_warning log_information log_debug)
  list(GET thimble_levels ${CONFIG_THIMBLE_LOG_LEVEL} thimble_level)
  list(APPEND thimble_features ${thimble_level})
endif()

# Firmware that is a process is linked at a fixed address.
set(thimble_flags "")
if(CONFIG_ARCH_POSIX)
  set(thimble_flags -C relocation-model=static)
endif()

thimble_firmware_library(
  BOARD ${BOARD}${BOARD_QUALIFIERS}
  TARGET ${thimble_target}
  FEATURES ${thimble_features}
  FLAGS ${thimble_flags}
)
