/* SPDX-License-Identifier: Apache-2.0 */

/* Modules and images as executable files of NuttX. */

#include <nuttx/config.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <nuttx/binfmt/binfmt.h>

#include "binfmt.h"
#include "lock.h"

/* What files begin with. */
static const char module_start[4] = {'\0', 'a', 's', 'm'};
static const char image_start[4] = {'\0', 't', 'h', 'm'};

static int (*program_entry)(int argc, char *argv[]);

static bool is_program(const char *path)
{
    char start[4];
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);

    if (descriptor < 0) {
        return false;
    }

    bool is_whole = read(descriptor, start, sizeof(start)) == (ssize_t)sizeof(start);

    (void)close(descriptor);
    return is_whole && (memcmp(start, module_start, sizeof(start)) == 0 ||
                        memcmp(start, image_start, sizeof(start)) == 0);
}

/* The program itself is loaded by the task that it becomes, as all are. */
static int load(struct binary_s *binary, const char *path, const struct symtab_s *exports,
                int count)
{
    (void)exports;
    (void)count;
    if (!is_program(path)) {
        return -ENOEXEC;
    }
    binary->entrypt = program_entry;
    binary->stacksize = CONFIG_THIMBLE_STACKSIZE;
    binary->priority = CONFIG_THIMBLE_PRIORITY;
    return 0;
}

void thimble_binfmt_register(int (*entry)(int argc, char *argv[]))
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static struct binfmt_s format = {.load = load};

    thimble_lock(&lock);
    if (program_entry == NULL) {
        program_entry = entry;
        (void)register_binfmt(&format);
    }
    thimble_unlock(&lock);
}
