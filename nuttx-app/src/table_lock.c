/* SPDX-License-Identifier: Apache-2.0 */

/* The lock of the tables of handles. */

#include <nuttx/config.h>

#include "backend.h"
#include "lock.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

uint32_t thimble_table_lock(void)
{
    thimble_lock(&lock);
    return 0;
}

void thimble_table_unlock(uint32_t key)
{
    (void)key;
    thimble_unlock(&lock);
}
