# SPDX-License-Identifier: Apache-2.0

# What Thimble is built with: options and limits, as variables of the cache.

# Features of the Rust library, and the files of the back end for them.
option(THIMBLE_RUNTIME "Run programs; OFF builds only the platform layer, as its tests want it" ON)
option(THIMBLE_TRANSLATE "Run modules, which the device translates; OFF runs only images" ON)
option(THIMBLE_VERIFY "Run images from elsewhere, through the verifier" ON)
option(THIMBLE_FAST_NUMERICS
  "A handler for each operation on 64 bits and floating-point numbers; no matter on Cortex-M3 and better" ON)
option(THIMBLE_WASI
  "What programs import from wasi_snapshot_preview1; OFF runs only those that import native functions or nothing" ON)
option(THIMBLE_WASI_ARGUMENTS "With THIMBLE_WASI: arguments and environment; OFF tells programs that they have none" ON)
option(THIMBLE_WASI_CLOCKS "With THIMBLE_WASI: clocks; their functions return ENOSYS if OFF" ON)
option(THIMBLE_WASI_POLL "With THIMBLE_WASI: waiting for time and descriptors; returns ENOSYS if OFF" ON)
option(THIMBLE_WASI_RANDOM "With THIMBLE_WASI: random numbers; the function returns ENOSYS if OFF" ON)
option(THIMBLE_C_API "The C interface, thimble.h" OFF)
option(THIMBLE_FILES "Programs can be given directories" OFF)
option(THIMBLE_SOCKETS "Programs can be given sockets" OFF)
option(THIMBLE_STORE_FILES "Install programs in a directory, THIMBLE_STORE_PATH; needs THIMBLE_FILES" OFF)
option(THIMBLE_LITTLEFS
  "With THIMBLE_FILES: littlefs, from the target `littlefs`; others by thimble_freertos_files.h" OFF)
option(THIMBLE_LWIP
  "With THIMBLE_SOCKETS: lwIP, from the target `lwip`; others by thimble_freertos_sockets.h" ON)
option(THIMBLE_STORE_FLASH
  "Install programs in flash, by the functions thimble_device_flash... of the application" OFF)
option(THIMBLE_HEAP_STATISTICS
  "Know how much of the heap is free: needs xPortGetFreeHeapSize(), which heap_3 does not have" ON)
option(THIMBLE_CONFORMANCE "The conformance suite, for tests of this back end" OFF)
option(THIMBLE_SPECIFICATION "The specification suite, for tests of the runtime" OFF)
mark_as_advanced(THIMBLE_CONFORMANCE THIMBLE_SPECIFICATION)

set(THIMBLE_MAX_INSTANCES 4 CACHE STRING "Programs that run at once, at most 32")
set(THIMBLE_MAX_MEMORY 1048576 CACHE STRING
  "Bytes that the memories of a program together do not grow beyond")
set(THIMBLE_MAX_TABLE 65536 CACHE STRING "Elements of a program's tables")
set(THIMBLE_STACK_CELLS 16384 CACHE STRING
  "Cells of 4 bytes of a program's own stack, which grows as it is used")
set(THIMBLE_MAX_HOST_DEPTH 4 CACHE STRING
  "Native functions that call back into a program under each other")
set(THIMBLE_BACKTRACE_FRAMES 8 CACHE STRING "Frames that are noted of a trap")
set(THIMBLE_MAX_DESCRIPTORS 16 CACHE STRING
  "Descriptors of a program, standard streams and directories included")
set(THIMBLE_MAX_PREOPENS 4 CACHE STRING "Directories that a program can be given")
set(THIMBLE_TRANSFER_SIZE 256 CACHE STRING
  "Bytes moved at once between a program and the system, 32 to 65536; a buffer for each program")
set(THIMBLE_LOG_SIZE 256 CACHE STRING
  "Bytes of a program's last output that are kept; taken once for each of THIMBLE_MAX_INSTANCES")
set(THIMBLE_LOG_LEVEL 0 CACHE STRING
  "The most detailed messages: 1 errors, 2 warnings, 3 information, 4 debugging; 0 none")
set(THIMBLE_THREAD_STACK_SIZE 6144 CACHE STRING
  "Bytes of native stack of a program's task, whatever the program calls; 4096 if only images of \
the firmware run")
set(THIMBLE_THREAD_PRIORITY 1 CACHE STRING
  "Priority of a program's task; a shell must be more urgent")
set(THIMBLE_THREAD_PRIORITY_HIGHEST 2 CACHE STRING "The highest that `wasm run --prio` takes")
set(THIMBLE_SERVICE_PRIORITY 3 CACHE STRING
  "Priority of the task that ends programs whose time is over")
set(THIMBLE_SERVICE_STACK_SIZE 2048 CACHE STRING "Bytes of that task's stack")
set(THIMBLE_MAX_THREADS ${THIMBLE_MAX_INSTANCES} CACHE STRING
  "Tasks of programs, at most 254; a task control block each")
set(THIMBLE_MAX_MUTEXES 4 CACHE STRING "Mutexes, at most 254")
set(THIMBLE_MAX_CONDITIONS 4 CACHE STRING "Conditions, at most 254")
set(THIMBLE_MAX_WAKES ${THIMBLE_MAX_INSTANCES} CACHE STRING
  "Wake objects, at most 254; a program that runs has one")
set(THIMBLE_MAX_STREAMS 16 CACHE STRING
  "Streams beside the console's, at most 254; a program in the foreground of a shell has two")
set(THIMBLE_MAX_FILES 8 CACHE STRING
  "Open files and directories of all programs together, at most 254")
set(THIMBLE_MAX_PATH 255 CACHE STRING "Bytes of the longest path; what is open keeps its own")
set(THIMBLE_MAX_NAME 255 CACHE STRING "Bytes of the longest name of a file")
set(THIMBLE_MAX_SOCKETS 4 CACHE STRING "Sockets of all programs together, at most 254")
set(THIMBLE_SOCKET_BACKLOG 4 CACHE STRING
  "Connections that wait to be accepted, at most, of each socket that `wasm run --tcplisten` opens")
set(THIMBLE_MAX_PEEK 64 CACHE STRING "Bytes that a program can receive and leave there")
if(THIMBLE_LWIP)
  set(THIMBLE_SOCKET_INTERVAL 0)
else()
  set(THIMBLE_SOCKET_INTERVAL 10 CACHE STRING
    "Milliseconds after which a task that waits for sockets looks at them again; 0 if all that \
happens to them is told by thimble_network_changed()")
endif()
set(THIMBLE_STORE_PATH /wasm CACHE STRING "The directory of installed programs, with THIMBLE_STORE_FILES")
