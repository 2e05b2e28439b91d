/* SPDX-License-Identifier: Apache-2.0 */

/* The way from the kernel's source of random numbers, which is a driver of the test's here. */

#define DT_DRV_COMPAT vnd_thimble_test_entropy

#include <errno.h>

#include <zephyr/drivers/entropy.h>
#include <zephyr/ztest.h>

#include <thimble_platform.h>

#include "error.h"

/* More than a driver can give at once. */
#define LENGTH (UINT16_MAX + 100)

static uint32_t state = 0x2545f491;
static size_t given;
static bool is_broken;

/* Numbers with every bit in them, which can be predicted. */
static int get_entropy(const struct device *device, uint8_t *buffer, uint16_t length)
{
    ARG_UNUSED(device);
    if (is_broken) {
        return -ENODEV;
    }
    for (size_t index = 0; index < length; index++) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        buffer[index] = state >> 24;
    }
    given += length;
    return 0;
}

static const struct entropy_driver_api driver = {.get_entropy = get_entropy};

DEVICE_DT_INST_DEFINE(0, NULL, NULL, NULL, NULL, PRE_KERNEL_1, CONFIG_ENTROPY_INIT_PRIORITY,
                      &driver);

ZTEST(thimble_random, test_all_is_of_the_driver)
{
    static uint8_t bytes[LENGTH];

    given = 0;
    zassert_ok(thimble_platform_random_fill(bytes, sizeof(bytes)));
    zassert_equal(given, sizeof(bytes));
    given = 0;
    zassert_ok(thimble_platform_random_fill(bytes, 0));
    zassert_equal(given, 0);
}

/* There is no other source that could take its place. */
ZTEST(thimble_random, test_driver_fails)
{
    uint8_t bytes[8];

    is_broken = true;

    int32_t status = thimble_platform_random_fill(bytes, sizeof(bytes));

    is_broken = false;
    zassert_true(thimble_error_is(status, THIMBLE_PLATFORM_IO), "%d", (int)status);
}

ZTEST_SUITE(thimble_random, NULL, NULL, NULL, NULL, NULL);
