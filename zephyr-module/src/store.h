/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * The flash partition for installed programs, in the devicetree. Also for linker scripts.
 */

#ifndef THIMBLE_STORE_H
#define THIMBLE_STORE_H

#include <zephyr/devicetree.h>

#if DT_HAS_CHOSEN(thimble_store)
#define THIMBLE_STORE DT_CHOSEN(thimble_store)
#else
#define THIMBLE_STORE DT_NODELABEL(thimble_partition)
#endif

/** The memory that the partition is a part of. */
#define THIMBLE_STORE_MEMORY DT_MEM_FROM_FIXED_PARTITION(THIMBLE_STORE)

#endif
