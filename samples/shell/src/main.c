/* SPDX-License-Identifier: Apache-2.0 */

/* A shell that runs WebAssembly programs: all of it is in the module. What is left to
 * do is to put some files where programs can be shown them. */

#include <stdio.h>
#include <string.h>

#include <zephyr/fs/fs.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/iterable_sections.h>
#include <zephyr/sys/printk.h>

#include <thimble/app.h>

/* Where the file system is, which the devicetree has mounted at start. */
#define DIRECTORY "/lfs"

#if defined(CONFIG_FILE_SYSTEM)

static const char greeting[] = "Hello from a file.\n"
                               "Programs see it when they are given its directory.\n";

static int write_file(const char *path, const void *content, size_t length)
{
    struct fs_file_t file;

    fs_file_t_init(&file);

    int status = fs_open(&file, path, FS_O_CREATE | FS_O_WRITE | FS_O_TRUNC);

    if (status != 0) {
        return status;
    }

    ssize_t written = fs_write(&file, content, length);

    status = fs_close(&file);
    if (written < 0) {
        return written;
    }
    return (size_t)written == length ? status : -ENOSPC;
}

/* Writes a file unless it is there, whole, from an earlier start. */
static void provide(const char *path, const void *content, size_t length)
{
    struct fs_dirent entry;

    if (fs_stat(path, &entry) == 0 && entry.size == length) {
        return;
    }

    int status = write_file(path, content, length);

    if (status != 0) {
        printk("%s cannot be written: error %d\n", path, status);
    }
}

static void provide_files(void)
{
    provide(DIRECTORY "/greeting.txt", greeting, strlen(greeting));

    /* Modules, to be run and installed as if they had been brought here. */
    STRUCT_SECTION_FOREACH(thimble_app, app) {
        char path[sizeof(DIRECTORY) + 32];

        if (!app->is_image) {
            snprintf(path, sizeof(path), DIRECTORY "/%s.wasm", app->name);
            provide(path, app->content, app->length);
        }
    }
}
#endif

int main(void)
{
#if defined(CONFIG_FILE_SYSTEM)
    provide_files();
#endif
    return 0;
}
