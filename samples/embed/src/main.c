/* SPDX-License-Identifier: Apache-2.0 */

/* The sample on Zephyr. */

#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

#include "embed.h"

int main(void)
{
    (void)embed(printk);
    return 0;
}
