/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * A flash partition in RAM, as thimble_device.h wants it.
 */

#ifndef FLASH_H
#define FLASH_H

#include <stdint.h>

/** Erases all of it. */
void flash_clear(void);

/** Lets every operation after so many fail; UINT32_MAX lets none fail. */
void flash_fail_after(uint32_t operations);

#endif
