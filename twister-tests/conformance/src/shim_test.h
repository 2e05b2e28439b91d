/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * What the cases of platform/shim/tests need here.
 */

#ifndef THIMBLE_SHIM_TEST_H
#define THIMBLE_SHIM_TEST_H

#include <zephyr/ztest.h>

#include "medium.h"

#define check_true(condition) zassert_true(condition)
#define check_ok(status) zassert_ok(status)

#define THIMBLE_TEST_PATH MEDIUM_PATH
#define thimble_test_mount medium_mount
#define thimble_test_mount_to_read medium_mount_to_read
#define thimble_test_unmount medium_unmount

#endif
