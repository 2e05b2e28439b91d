/* SPDX-License-Identifier: Apache-2.0 */

/* A flash partition in RAM, which can be read like memory and is as strict as flash is. */

#include <string.h>

#include <thimble_device.h>
#include <thimble_platform.h>

#include "check.h"
#include "flash.h"

#define SIZE (256 * 1024)
#define PAGE 4096
#define GRANULE 8
#define ERASED 0xff

static uint8_t content[SIZE] __attribute__((aligned(8)));
static uint32_t operations_left = UINT32_MAX;

void flash_clear(void)
{
    memset(content, ERASED, sizeof(content));
}

void flash_fail_after(uint32_t operations)
{
    operations_left = operations;
}

/* Whether the power is gone. */
static bool is_cut(void)
{
    if (operations_left == UINT32_MAX) {
        return false;
    }
    if (operations_left == 0) {
        return true;
    }
    operations_left--;
    return false;
}

int32_t thimble_device_flash(struct thimble_device_flash *flash)
{
    *flash = (struct thimble_device_flash){
        .size = SIZE,
        .erase_size = PAGE,
        .write_size = GRANULE,
        .erased = ERASED,
        .mapping = content,
    };
    return 0;
}

int32_t thimble_device_flash_read(uint32_t offset, void *buffer, size_t length)
{
    check(offset <= SIZE && length <= SIZE - offset);
    memcpy(buffer, content + offset, length);
    return 0;
}

int32_t thimble_device_flash_write(uint32_t offset, const void *data, size_t length)
{
    check(offset <= SIZE && length <= SIZE - offset);
    check(offset % GRANULE == 0 && length % GRANULE == 0);
    if (is_cut()) {
        return THIMBLE_PLATFORM_ERROR(THIMBLE_PLATFORM_IO, 0);
    }
    for (size_t index = 0; index < length; index++) {
        check(content[offset + index] == ERASED);
    }
    memcpy(content + offset, data, length);
    return 0;
}

int32_t thimble_device_flash_erase(uint32_t offset, size_t length)
{
    check(offset <= SIZE && length <= SIZE - offset);
    check(offset % PAGE == 0 && length % PAGE == 0);
    if (is_cut()) {
        return THIMBLE_PLATFORM_ERROR(THIMBLE_PLATFORM_IO, 0);
    }
    memset(content + offset, ERASED, length);
    return 0;
}
