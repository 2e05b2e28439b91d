/* SPDX-License-Identifier: Apache-2.0 */

/* The flash partition for installed programs. */

#include <zephyr/drivers/flash.h>
#include <zephyr/kernel.h>
#include <zephyr/storage/flash_map.h>
#if defined(CONFIG_FLASH_SIMULATOR)
#include <zephyr/drivers/flash/flash_simulator.h>
#endif

#include <thimble_device.h>
#include <thimble_platform.h>

#include "error.h"
#include "store.h"

#define PARTITION THIMBLE_STORE

BUILD_ASSERT(DT_NODE_EXISTS(PARTITION),
             "CONFIG_THIMBLE_STORE_FLASH needs a partition with the label thimble_partition, or "
             "one that is chosen as thimble,store, in the devicetree");

#define CONTROLLER DT_MTD_FROM_FIXED_PARTITION(PARTITION)

static const struct flash_area *area(void)
{
    const struct flash_area *opened;

    if (flash_area_open(DT_FIXED_PARTITION_ID(PARTITION), &opened) != 0 ||
        !flash_area_has_driver(opened)) {
        return NULL;
    }
    return opened;
}

/* Where the partition can be read like memory, or NULL. */
static const uint8_t *mapping(const struct flash_area *area)
{
#if DT_NODE_HAS_COMPAT(CONTROLLER, zephyr_sim_flash) && defined(CONFIG_FLASH_SIMULATOR)
    size_t size;
    const uint8_t *memory = flash_simulator_get_memory(area->fa_dev, &size);

    /* An array of bytes, which may be anywhere: images are executed at multiples of 4. */
    return (uintptr_t)memory % 4 == 0 ? memory + area->fa_off : NULL;
#elif defined(CONFIG_THIMBLE_STORE_MAPPED)
    return (const uint8_t *)(uintptr_t)(DT_REG_ADDR(THIMBLE_STORE_MEMORY) + area->fa_off);
#else
    ARG_UNUSED(area);
    return NULL;
#endif
}

/* The pages of a partition must have one size. */
struct pages {
    const struct flash_area *area;
    size_t size;
    bool is_uniform;
};

static bool look_at_page(const struct flash_pages_info *page, void *context)
{
    struct pages *pages = context;
    off_t end = pages->area->fa_off + pages->area->fa_size;

    if (page->start_offset + (off_t)page->size <= pages->area->fa_off) {
        return true;
    }
    if (page->start_offset >= end) {
        return false;
    }
    if (pages->size == 0) {
        pages->size = page->size;
        pages->is_uniform = page->start_offset == pages->area->fa_off;
    }
    pages->is_uniform &= page->size == pages->size;
    return true;
}

int32_t thimble_device_flash(struct thimble_device_flash *flash)
{
    struct pages pages = {.area = area()};

    if (pages.area == NULL) {
        return THIMBLE_FAILED(NO_DEVICE);
    }
    flash_page_foreach(pages.area->fa_dev, look_at_page, &pages);
    if (!pages.is_uniform || pages.area->fa_size % pages.size != 0) {
        return THIMBLE_FAILED(NOT_SUPPORTED);
    }
    *flash = (struct thimble_device_flash){
        .size = pages.area->fa_size,
        .erase_size = pages.size,
        .write_size = flash_area_align(pages.area),
        .erased = flash_area_erased_val(pages.area),
        .mapping = mapping(pages.area),
    };
    return 0;
}

int32_t thimble_device_flash_read(uint32_t offset, void *buffer, size_t length)
{
    return flash_area_read(area(), offset, buffer, length) == 0 ? 0 : THIMBLE_FAILED(IO);
}

int32_t thimble_device_flash_write(uint32_t offset, const void *data, size_t length)
{
    return flash_area_write(area(), offset, data, length) == 0 ? 0 : THIMBLE_FAILED(IO);
}

int32_t thimble_device_flash_erase(uint32_t offset, size_t length)
{
    return flash_area_erase(area(), offset, length) == 0 ? 0 : THIMBLE_FAILED(IO);
}
