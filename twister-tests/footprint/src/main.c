/* SPDX-License-Identifier: Apache-2.0 */

/* Nothing but the shell: what is added to it is what it costs. */

#include <zephyr/kernel.h>

#if defined(CONFIG_THIMBLE_HEAP_APPLICATION)
/* As large as the pool that boards/option_costs.py compares it with. */
K_HEAP_DEFINE(thimble_heap, 4096);
#endif

int main(void)
{
    return 0;
}
