# SPDX-License-Identifier: Apache-2.0

# The Rust target of the firmware, by what its C compiler says of its processor.

set(THIMBLE_TARGET "" CACHE STRING
  "The Rust target; empty for the one that fits the C compiler's flags")

# A row: the Rust target, then macros that the C compiler must all have; one after `!` must not be
# there, one with `=` must have that value. The first row that fits is taken.
set(THIMBLE_TARGETS
  "thumbv6m-none-eabi             __ARM_ARCH_6M__"
  "thumbv7m-none-eabi             __ARM_ARCH_7M__"
  "thumbv7em-none-eabihf          __ARM_ARCH_7EM__ __ARM_PCS_VFP"
  "thumbv7em-none-eabi            __ARM_ARCH_7EM__"
  "thumbv8m.base-none-eabi        __ARM_ARCH_8M_BASE__"
  "thumbv8m.main-none-eabihf      __ARM_ARCH_8M_MAIN__ __ARM_PCS_VFP"
  "thumbv8m.main-none-eabi        __ARM_ARCH_8M_MAIN__"
  "thumbv8m.main-none-eabihf      __ARM_ARCH_8_1M_MAIN__ __ARM_PCS_VFP"
  "thumbv8m.main-none-eabi        __ARM_ARCH_8_1M_MAIN__"
  "armv7a-none-eabihf             __ARM_ARCH_7A__ __ARM_PCS_VFP !__linux__"
  "armv7a-none-eabi               __ARM_ARCH_7A__ !__linux__"
  "aarch64-unknown-none           __aarch64__ !__linux__"
  "riscv32imafc-unknown-none-elf  __riscv_xlen=32 __riscv_float_abi_single __riscv_atomic __riscv_compressed"
  "riscv32imac-unknown-none-elf   __riscv_xlen=32 __riscv_float_abi_soft __riscv_atomic __riscv_compressed"
  "riscv32imc-unknown-none-elf    __riscv_xlen=32 __riscv_float_abi_soft __riscv_mul __riscv_compressed"
  "riscv32im-unknown-none-elf     __riscv_xlen=32 __riscv_float_abi_soft __riscv_mul"
  "riscv64gc-unknown-none-elf     __riscv_xlen=64 __riscv_float_abi_double"
  "riscv64imac-unknown-none-elf   __riscv_xlen=64 __riscv_float_abi_soft __riscv_atomic __riscv_compressed"
  "x86_64-unknown-linux-gnu       __linux__ __x86_64__ __LP64__"
  "aarch64-unknown-linux-gnu      __linux__ __aarch64__"
  "i686-unknown-linux-gnu         __linux__ __i386__"
)

# Sets `result` to the macros that the C compiler has, `NAME=VALUE` each, with the flags of the
# project and of the target `freertos_config`.
function(thimble_compiler_macros result)
  separate_arguments(flags UNIX_COMMAND "${CMAKE_C_FLAGS}")
  get_directory_property(directory_flags COMPILE_OPTIONS)
  get_target_property(config_flags freertos_config INTERFACE_COMPILE_OPTIONS)
  foreach(flag IN LISTS directory_flags config_flags)
    # What depends on the language or the configuration says nothing about the processor.
    if(flag MATCHES "^-" AND NOT flag MATCHES "NOTFOUND")
      list(APPEND flags ${flag})
    endif()
  endforeach()
  set(empty ${CMAKE_CURRENT_BINARY_DIR}/thimble_empty.c)
  file(WRITE ${empty} "")
  execute_process(
    COMMAND ${CMAKE_C_COMPILER} ${flags} -dM -E ${empty}
    OUTPUT_VARIABLE text RESULT_VARIABLE status ERROR_VARIABLE error
  )
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "Thimble: ${CMAKE_C_COMPILER} does not tell its macros:\n${error}")
  endif()
  string(REPLACE ";" "" text "${text}")
  string(REPLACE "\n" ";" lines "${text}")
  list(FILTER lines INCLUDE REGEX "^#define [A-Za-z0-9_]+ ")
  list(TRANSFORM lines REPLACE "^#define ([A-Za-z0-9_]+) (.*)$" "\\1=\\2")
  set(${result} "${lines}" PARENT_SCOPE)
endfunction()

# Sets `result` to the Rust target of this build; stops without one.
function(thimble_find_target result)
  if(THIMBLE_TARGET)
    set(${result} ${THIMBLE_TARGET} PARENT_SCOPE)
    return()
  endif()
  thimble_compiler_macros(macros)
  foreach(row IN LISTS THIMBLE_TARGETS)
    separate_arguments(conditions UNIX_COMMAND "${row}")
    list(POP_FRONT conditions target)
    set(fits TRUE)
    foreach(condition IN LISTS conditions)
      set(wanted TRUE)
      if(condition MATCHES "^!(.*)$")
        set(wanted FALSE)
        set(condition ${CMAKE_MATCH_1})
      endif()
      set(found ${macros})
      if(condition MATCHES "=")
        list(FILTER found INCLUDE REGEX "^${condition}$")
      else()
        list(FILTER found INCLUDE REGEX "^${condition}=")
      endif()
      if((found AND NOT wanted) OR (NOT found AND wanted))
        set(fits FALSE)
      endif()
    endforeach()
    if(fits)
      set(${result} ${target} PARENT_SCOPE)
      return()
    endif()
  endforeach()
  message(FATAL_ERROR
    "Thimble does not know the Rust target of the processor that ${CMAKE_C_COMPILER} compiles for "
    "(FREERTOS_PORT ${FREERTOS_PORT}).\nSet THIMBLE_TARGET to it; `rustc --print target-list` has "
    "all. The flags that choose the processor are to be in CMAKE_C_FLAGS, or in the compile options "
    "of the directory or of freertos_config. The list is in ${CMAKE_CURRENT_FUNCTION_LIST_FILE}.")
endfunction()
