# SPDX-License-Identifier: Apache-2.0

# A board of Arm's MPS2 in QEMU, with 4 MB for constants and 4 MB of RAM.

set(board_source ${CMAKE_CURRENT_LIST_DIR}/mps2.c)

# Says how firmware is run on `machine`, whose memories begin at `flash` and at `ram`. Called by a board.cmake.
macro(mps2_board machine flash ram)
  set(board_run
    qemu-system-arm -M ${machine} -nographic -monitor none -serial stdio
    -semihosting-config enable=on,target=native -kernel
  )
  set(mps2_link
    -Wl,--defsym=__flash=${flash} -Wl,--defsym=__flash_size=4M
    -Wl,--defsym=__ram=${ram} -Wl,--defsym=__ram_size=4M -Wl,--defsym=__stack_size=4K
    -Wl,--gc-sections
  )
endmacro()

function(board_link firmware)
  target_link_options(${firmware} PRIVATE ${mps2_link})
endfunction()
