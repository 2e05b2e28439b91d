# SPDX-License-Identifier: Apache-2.0

# mps2-an385 in QEMU: 4 MB of code memory, 4 MB of RAM.

set(FREERTOS_PORT GCC_ARM_CM3)
set(board_run
  qemu-system-arm -M mps2-an385 -cpu cortex-m3 -nographic -monitor none -serial stdio
  -semihosting-config enable=on,target=native -kernel
)

function(board_link firmware)
  target_link_options(${firmware} PRIVATE
    -Wl,--defsym=__flash=0x00000000 -Wl,--defsym=__flash_size=4M
    -Wl,--defsym=__ram=0x20000000 -Wl,--defsym=__ram_size=4M -Wl,--defsym=__stack_size=4K
    -Wl,--gc-sections
  )
endfunction()
