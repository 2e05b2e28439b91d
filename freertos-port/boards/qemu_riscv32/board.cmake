# SPDX-License-Identifier: Apache-2.0

# QEMU's machine `virt` without firmware: all is in RAM.

set(FREERTOS_PORT GCC_RISC_V_GENERIC)
set(FREERTOS_RISCV_EXTENSION RISCV_MTIME_CLINT_no_extensions)
set(board_run
  qemu-system-riscv32 -M virt -m 256M -bios none -nographic -monitor none -serial stdio -kernel
)

function(board_link firmware)
  # Constants in the first 16 MB, the rest is RAM.
  target_link_options(${firmware} PRIVATE
    -Wl,--defsym=__flash=0x80000000 -Wl,--defsym=__flash_size=16M
    -Wl,--defsym=__ram=0x81000000 -Wl,--defsym=__ram_size=240M -Wl,--defsym=__stack_size=4K
    -Wl,--gc-sections
  )
endfunction()
