/* SPDX-License-Identifier: Apache-2.0 */

/* The command `thimble_test_files`: mounts the file system of guest programs that is part of
 * the firmware, at /guests. */

#include <nuttx/config.h>

#include <stdint.h>
#include <stdio.h>
#include <sys/boardctl.h>
#include <sys/mount.h>

/* A disk that nothing else has. */
#define DISK 7
#define DISK_PATH "/dev/ram7"
#define SECTOR 64

__asm__(".section .rodata.thimble_disk,\"a\"\n"
        ".balign 64\n"
        "thimble_disk:\n"
        ".incbin \"" THIMBLE_EMBEDDED "\"\n"
        ".balign 64\n"
        "thimble_disk_end:\n"
        ".byte 0\n"
        ".previous\n");
extern const uint8_t thimble_disk[];
extern const uint8_t thimble_disk_end[];

int main(int argc, char *argv[])
{
    struct boardioc_romdisk_s disk = {
        .minor = DISK,
        .nsectors = (uint32_t)(thimble_disk_end - thimble_disk) / SECTOR,
        .sectsize = SECTOR,
        .image = (uint8_t *)thimble_disk,
    };

    (void)argc;
    (void)argv;
    if (boardctl(BOARDIOC_ROMDISK, (uintptr_t)&disk) < 0 ||
        mount(DISK_PATH, "/guests", "romfs", MS_RDONLY, NULL) < 0) {
        perror("thimble_test_files");
        return 1;
    }
    return 0;
}
