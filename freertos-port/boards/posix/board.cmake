# SPDX-License-Identifier: Apache-2.0

# FreeRTOS's simulator, a process.

set(FREERTOS_PORT GCC_POSIX)
set(board_run "")
set(board_has_entropy TRUE)

function(board_link firmware)
endfunction()
