# SPDX-License-Identifier: Apache-2.0

# Debian's compiler knows its libraries for RISC-V by the names of the 2.2 specification only,
# in which the instructions of Zicsr and Zifencei are part of the base.

set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR riscv32)
set(CMAKE_C_COMPILER riscv64-unknown-elf-gcc)
set(CMAKE_ASM_COMPILER riscv64-unknown-elf-gcc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(machine "-march=rv32imac -mabi=ilp32 -mcmodel=medany -misa-spec=2.2")
set(CMAKE_C_FLAGS_INIT "${machine} --specs=picolibc.specs -ffunction-sections -fdata-sections")
set(CMAKE_ASM_FLAGS_INIT "${machine}")
