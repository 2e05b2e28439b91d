/* SPDX-License-Identifier: Apache-2.0 */

/* A littlefs in RAM. */

#include <string.h>

#include "ram_disk.h"

#define BLOCK 512
#define BLOCKS 512
#define CACHE 128

static uint8_t content[BLOCKS][BLOCK];
static bool is_broken;

void ram_disk_break(bool breaks)
{
    is_broken = breaks;
}

static int read_block(const struct lfs_config *config, lfs_block_t block, lfs_off_t offset,
                      void *buffer, lfs_size_t size)
{
    (void)config;
    memcpy(buffer, content[block] + offset, size);
    return 0;
}

static int write_block(const struct lfs_config *config, lfs_block_t block, lfs_off_t offset,
                       const void *buffer, lfs_size_t size)
{
    (void)config;
    if (is_broken) {
        return LFS_ERR_IO;
    }
    memcpy(content[block] + offset, buffer, size);
    return 0;
}

static int erase_block(const struct lfs_config *config, lfs_block_t block)
{
    (void)config;
    memset(content[block], 0xff, BLOCK);
    return 0;
}

static int sync_blocks(const struct lfs_config *config)
{
    (void)config;
    return 0;
}

static uint8_t read_cache[CACHE];
static uint8_t write_cache[CACHE];
static uint8_t lookahead[BLOCKS / 8];

static const struct lfs_config config = {
    .read = read_block,
    .prog = write_block,
    .erase = erase_block,
    .sync = sync_blocks,
    .read_size = 16,
    .prog_size = 16,
    .block_size = BLOCK,
    .block_count = BLOCKS,
    .block_cycles = -1,
    .cache_size = CACHE,
    .lookahead_size = sizeof(lookahead),
    .read_buffer = read_cache,
    .prog_buffer = write_cache,
    .lookahead_buffer = lookahead,
};

int ram_disk_format(void)
{
    lfs_t littlefs;

    return lfs_format(&littlefs, &config);
}

int ram_disk_mount(lfs_t *littlefs)
{
    return lfs_mount(littlefs, &config);
}
