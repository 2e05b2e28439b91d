/* SPDX-License-Identifier: Apache-2.0 */

/* What Zephyr's ext2 (of 3.7) must not be asked for, and what it leaves wrong. */

#include <errno.h>
#include <string.h>

#include <zephyr/fs/fs.h>
#include <zephyr/kernel.h>

#include <ext2_diskops.h>
#include <ext2_struct.h>

#include "error.h"
#include "file_error.h"
#include "file_ext2.h"

/* One block with data and three that lead to it. */
#define MOST_BLOCKS_OF_A_CALL 4

/* Blocks that a directory names itself. ext2 confuses the others when it gives one back. */
#define DIRECT_BLOCKS 12

/* Calls a function with the directory that a path is in. */
static int32_t use_directory(const char *path, int (*use)(struct ext2_inode *inode))
{
    /* The text is the caller's, and not constant. */
    char *end = strrchr(path, '/');
    struct fs_dir_t directory;

    fs_dir_t_init(&directory);
    *end = '\0';

    int error = fs_opendir(&directory, path);

    *end = '/';
    if (error == 0) {
        error = use(((struct ext2_file *)directory.dirp)->f_inode);
        (void)fs_closedir(&directory);
    }
    return thimble_file_error(error);
}

static uint32_t count_blocks(const struct ext2_inode *inode)
{
    return inode->i_size / inode->i_fs->block_size;
}

static int check_new(struct ext2_inode *directory)
{
    return count_blocks(directory) < DIRECT_BLOCKS ? 0 : -ENOSPC;
}

static int check_removal(struct ext2_inode *directory)
{
    return count_blocks(directory) <= DIRECT_BLOCKS ? 0 : -ENOTSUP;
}

static int repair(struct ext2_inode *directory)
{
    uint32_t blocks = count_blocks(directory);
    uint32_t there = blocks;

    while (there > 1 && there <= DIRECT_BLOCKS && directory->i_block[there - 1] == 0) {
        there--;
    }
    if (there == blocks) {
        return 0;
    }
    directory->i_size = there * directory->i_fs->block_size;
    return ext2_commit_inode(directory);
}

int32_t thimble_ext2_check_room(const char *path)
{
    struct fs_statvfs medium;
    int error = fs_statvfs(path, &medium);

    if (error == 0 && medium.f_bfree < MOST_BLOCKS_OF_A_CALL) {
        error = -ENOSPC;
    }
    return thimble_file_error(error);
}

int32_t thimble_ext2_check_new(const char *path)
{
    int32_t status = thimble_ext2_check_room(path);

    return status == 0 ? use_directory(path, check_new) : status;
}

int32_t thimble_ext2_check_removal(const char *path)
{
    return use_directory(path, check_removal);
}

int32_t thimble_ext2_repair(const char *path)
{
    return use_directory(path, repair);
}

uint32_t thimble_ext2_size(const struct fs_file_t *file)
{
    return ((const struct ext2_file *)file->filep)->f_inode->i_size;
}
