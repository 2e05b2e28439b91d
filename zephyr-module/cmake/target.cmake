# SPDX-License-Identifier: Apache-2.0

# The Rust target of a board, by architecture and floating-point ABI.
#
# A row: the target, then the Kconfig symbols that must all be set; a symbol after
# `!` must not be. The first row that fits is taken.
set(THIMBLE_TARGETS
  "thumbv6m-none-eabi             CPU_CORTEX_M0"
  "thumbv6m-none-eabi             CPU_CORTEX_M0PLUS"
  "thumbv6m-none-eabi             CPU_CORTEX_M1"
  "thumbv7m-none-eabi             CPU_CORTEX_M3"
  "thumbv7em-none-eabihf          CPU_CORTEX_M4 FP_HARDABI"
  "thumbv7em-none-eabi            CPU_CORTEX_M4"
  "thumbv7em-none-eabihf          CPU_CORTEX_M7 FP_HARDABI"
  "thumbv7em-none-eabi            CPU_CORTEX_M7"
  "thumbv8m.base-none-eabi        CPU_CORTEX_M23"
  "thumbv8m.main-none-eabihf      CPU_CORTEX_M33 FP_HARDABI"
  "thumbv8m.main-none-eabi        CPU_CORTEX_M33"
  "thumbv8m.main-none-eabihf      CPU_CORTEX_M55 FP_HARDABI"
  "thumbv8m.main-none-eabi        CPU_CORTEX_M55"
  "thumbv8m.main-none-eabihf      CPU_CORTEX_M85 FP_HARDABI"
  "thumbv8m.main-none-eabi        CPU_CORTEX_M85"
  "aarch64-unknown-none           ARM64 FPU"
  "aarch64-unknown-none-softfloat ARM64"
  "riscv64gc-unknown-none-elf     RISCV 64BIT FLOAT_HARD CPU_HAS_FPU_DOUBLE_PRECISION"
  "riscv64imac-unknown-none-elf   RISCV 64BIT !FLOAT_HARD"
  "riscv32imafc-unknown-none-elf  RISCV !64BIT RISCV_ISA_EXT_A RISCV_ISA_EXT_C FLOAT_HARD !CPU_HAS_FPU_DOUBLE_PRECISION"
  "riscv32imac-unknown-none-elf   RISCV !64BIT RISCV_ISA_EXT_A RISCV_ISA_EXT_C !FLOAT_HARD"
  "riscv32imc-unknown-none-elf    RISCV !64BIT RISCV_ISA_EXT_C !FLOAT_HARD"
  "riscv32im-unknown-none-elf     RISCV !64BIT RISCV_ISA_EXT_M !FLOAT_HARD"
)

set(THIMBLE_TARGET "" CACHE STRING
  "The Rust target; empty for that of the board's processor. For processors that are not in \
the list, and to test the code of one target on a processor that executes it too")

# Firmware that is a process of the computer that builds it.
if(CMAKE_HOST_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
  list(APPEND THIMBLE_TARGETS "aarch64-unknown-linux-gnu ARCH_POSIX 64BIT")
else()
  list(APPEND THIMBLE_TARGETS
    "x86_64-unknown-linux-gnu ARCH_POSIX 64BIT"
    "i686-unknown-linux-gnu   ARCH_POSIX !64BIT"
  )
endif()

# Sets `result` to the Rust target of this configuration, or to nothing if none is known.
function(thimble_find_target result)
  set(${result} "${THIMBLE_TARGET}" PARENT_SCOPE)
  if(THIMBLE_TARGET)
    return()
  endif()
  foreach(row IN LISTS THIMBLE_TARGETS)
    separate_arguments(symbols UNIX_COMMAND "${row}")
    list(POP_FRONT symbols target)
    set(fits TRUE)
    foreach(symbol IN LISTS symbols)
      if(symbol MATCHES "^!(.*)$")
        if(CONFIG_${CMAKE_MATCH_1})
          set(fits FALSE)
        endif()
      elseif(NOT CONFIG_${symbol})
        set(fits FALSE)
      endif()
    endforeach()
    if(fits)
      set(${result} ${target} PARENT_SCOPE)
      return()
    endif()
  endforeach()
endfunction()
