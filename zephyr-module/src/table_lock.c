/* SPDX-License-Identifier: Apache-2.0 */

/* The lock of the tables of handles. */

#include <zephyr/kernel.h>

#include "backend.h"

static struct k_spinlock lock;

uint32_t thimble_table_lock(void)
{
    return (uint32_t)k_spin_lock(&lock).key;
}

void thimble_table_unlock(uint32_t key)
{
    k_spin_unlock(&lock, (k_spinlock_key_t){.key = (int)key});
}
