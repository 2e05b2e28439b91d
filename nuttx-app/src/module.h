/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Whether this is a part of the firmware or a loadable module.
 */

#ifndef THIMBLE_MODULE_H
#define THIMBLE_MODULE_H

#include <nuttx/config.h>

/** Each command is a module that NuttX loads for it, with variables of its own. (The options'
 *  values: y is 1, m is 2.) */
#define THIMBLE_IS_MODULE (CONFIG_THIMBLE == 2)

/** The functions of the kernel itself are called. A module does without: it asks the firmware for
 *  fewer symbols so, and only the list of programs, in which it has none, would show more. */
#if defined(CONFIG_BUILD_FLAT) && !THIMBLE_IS_MODULE
#define THIMBLE_IS_IN_KERNEL 1
#else
#define THIMBLE_IS_IN_KERNEL 0
#endif

#endif
