# SPDX-License-Identifier: Apache-2.0

# The Rust target of a configuration, by architecture and floating-point ABI.
#
# A row: the target, then the options that must all be set; one after `!` must not be.
# The first row that fits is taken. `riscv32gc` is described in targets/: Rust has no
# target of its own for 32 bits with doubles in registers (ilp32d).
set(THIMBLE_TARGETS
  "thumbv6m-none-eabi             ARCH_CORTEXM0"
  "thumbv7m-none-eabi             ARCH_CORTEXM3"
  "thumbv7em-none-eabihf          ARCH_CORTEXM4 ARCH_FPU !ARM_FPU_ABI_SOFT"
  "thumbv7em-none-eabi            ARCH_CORTEXM4"
  "thumbv7em-none-eabihf          ARCH_CORTEXM7 ARCH_FPU !ARM_FPU_ABI_SOFT"
  "thumbv7em-none-eabi            ARCH_CORTEXM7"
  "thumbv8m.base-none-eabi        ARCH_CORTEXM23"
  "thumbv8m.main-none-eabihf      ARCH_CORTEXM33 ARCH_FPU !ARM_FPU_ABI_SOFT"
  "thumbv8m.main-none-eabi        ARCH_CORTEXM33"
  "thumbv8m.main-none-eabihf      ARCH_CORTEXM55 ARCH_FPU !ARM_FPU_ABI_SOFT"
  "thumbv8m.main-none-eabi        ARCH_CORTEXM55"
  "thumbv8m.main-none-eabihf      ARCH_CORTEXM85 ARCH_FPU !ARM_FPU_ABI_SOFT"
  "thumbv8m.main-none-eabi        ARCH_CORTEXM85"
  "armv7a-none-eabihf             ARCH_ARMV7A ARCH_FPU !ARM_FPU_ABI_SOFT"
  "armv7a-none-eabi               ARCH_ARMV7A"
  "armv7r-none-eabihf             ARCH_ARMV7R ARCH_FPU !ARM_FPU_ABI_SOFT"
  "armv7r-none-eabi               ARCH_ARMV7R"
  "armv8r-none-eabihf             ARCH_ARMV8R ARCH_FPU !ARM_FPU_ABI_SOFT"
  "aarch64-unknown-none           ARCH_ARM64 ARCH_FPU"
  "aarch64-unknown-none-softfloat ARCH_ARM64"
  "riscv64gc-unknown-none-elf     ARCH_RV64 ARCH_DPFPU"
  "riscv64imac-unknown-none-elf   ARCH_RV64 !ARCH_FPU"
  "riscv32gc                      ARCH_RV32 ARCH_DPFPU"
  "riscv32imafc-unknown-none-elf  ARCH_RV32 ARCH_RV_ISA_A ARCH_RV_ISA_C ARCH_FPU !ARCH_DPFPU"
  "riscv32imac-unknown-none-elf   ARCH_RV32 ARCH_RV_ISA_A ARCH_RV_ISA_C !ARCH_FPU"
  "riscv32imc-unknown-none-elf    ARCH_RV32 ARCH_RV_ISA_C !ARCH_FPU"
  "riscv32im-unknown-none-elf     ARCH_RV32 ARCH_RV_ISA_M !ARCH_FPU"
  "aarch64-unknown-linux-gnu      ARCH_SIM HOST_ARM64"
  "i686-unknown-linux-gnu         ARCH_SIM SIM_M32"
  "x86_64-unknown-linux-gnu       ARCH_SIM HOST_X86_64"
)

# Sets `result` to the Rust target of this configuration, or to nothing if none is known.
function(thimble_find_target result)
  set(${result} "" PARENT_SCOPE)
  foreach(row IN LISTS THIMBLE_TARGETS)
    separate_arguments(options UNIX_COMMAND "${row}")
    list(POP_FRONT options target)
    set(fits TRUE)
    foreach(option IN LISTS options)
      if(option MATCHES "^!(.*)$")
        if(CONFIG_${CMAKE_MATCH_1})
          set(fits FALSE)
        endif()
      elseif(NOT CONFIG_${option})
        set(fits FALSE)
      endif()
    endforeach()
    if(fits)
      set(${result} ${target} PARENT_SCOPE)
      return()
    endif()
  endforeach()
endfunction()
