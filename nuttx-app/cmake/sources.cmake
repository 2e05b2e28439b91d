# SPDX-License-Identifier: Apache-2.0

# The files of the shim, which sources.mk lists for NuttX's Makefiles.

set(THIMBLE_SOURCES
  block.c
  clock.c
  console.c
  error_number.c
  heap.c
  memory.c
  platform.c
  poll_descriptors.c
  queue.c
  random.c
  table_lock.c
  thread.c
  thread_deleted.c
  thread_usage.c
)
if(CONFIG_THIMBLE_RUNTIME)
  list(APPEND THIMBLE_SOURCES device.c)
endif()
if(CONFIG_THIMBLE_BINFMT)
  list(APPEND THIMBLE_SOURCES binfmt.c)
endif()
if(CONFIG_THIMBLE_FILES)
  list(APPEND THIMBLE_SOURCES
    file_data.c
    file_list.c
    file_metadata.c
    file_names.c
    file_open.c
    file_path.c
    file_table.c
  )
endif()
if(CONFIG_THIMBLE_SOCKETS)
  list(APPEND THIMBLE_SOURCES socket.c socket_address.c socket_data.c)
endif()
list(TRANSFORM THIMBLE_SOURCES PREPEND ${CMAKE_CURRENT_LIST_DIR}/../src/)

# What back ends have in common.
set(thimble_common condition.c handle.c mutex.c poll.c)
if(CONFIG_THIMBLE_FILES)
  list(APPEND thimble_common file_batch.c)
endif()
list(TRANSFORM thimble_common PREPEND ${CMAKE_CURRENT_LIST_DIR}/../../platform/shim/)
list(APPEND THIMBLE_SOURCES ${thimble_common})

# The test suites run on the stack of their command.
set(THIMBLE_TEST_STACK 16384)
