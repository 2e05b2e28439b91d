# SPDX-License-Identifier: Apache-2.0

# littlefs for the tests, as the target `littlefs`, and with THIMBLE_FILES and THIMBLE_LITTLEFS on.
# LITTLEFS_PATH is where its lfs.c lies. Include it before board.cmake.

set(LITTLEFS_PATH "" CACHE PATH "The sources of littlefs 2")
if(NOT EXISTS ${LITTLEFS_PATH}/lfs.c)
  message(FATAL_ERROR "LITTLEFS_PATH is to be where lfs.c lies: '${LITTLEFS_PATH}'")
endif()

add_library(littlefs STATIC ${LITTLEFS_PATH}/lfs.c ${LITTLEFS_PATH}/lfs_util.c)
target_include_directories(littlefs SYSTEM PUBLIC ${LITTLEFS_PATH})
# What it reports is an error of a call too; all its buffers are given to it; and functions of
# libgcc beside those of Rust crash the linker of binutils 2.40 for RISC-V.
target_compile_definitions(littlefs PUBLIC
  LFS_NO_DEBUG LFS_NO_WARN LFS_NO_ERROR LFS_NO_ASSERT LFS_NO_MALLOC LFS_NO_INTRINSICS
)
set(THIMBLE_FILES ON CACHE BOOL "" FORCE)
set(THIMBLE_LITTLEFS ON CACHE BOOL "" FORCE)
