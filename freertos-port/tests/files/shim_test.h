/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * What the cases of platform/shim/tests need here: a littlefs in RAM, and checks that end the
 * firmware.
 */

#ifndef THIMBLE_SHIM_TEST_H
#define THIMBLE_SHIM_TEST_H

#include <stdbool.h>

#include <board.h>

/** Ends the firmware with status 1 unless a condition holds. */
#define check_true(condition) \
    do { \
        if (!(condition)) { \
            board_print("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            board_exit(1); \
        } \
    } while (false)

/** Likewise unless a status is 0. */
#define check_ok(status) check_true((status) == 0)

/** Where the file system is mounted. */
#define THIMBLE_TEST_PATH "/lfs"

/** Mounts the file system. */
void thimble_test_mount(void);

/** Not called: a littlefs cannot be protected. */
void thimble_test_mount_to_read(void);

/** Unmounts it. */
void thimble_test_unmount(void);

#endif
