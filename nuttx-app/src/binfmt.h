/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Modules and images as executable files of NuttX.
 */

#ifndef THIMBLE_BINFMT_H
#define THIMBLE_BINFMT_H

#include <nuttx/config.h>

/**
 * Has NuttX execute modules and images by their paths, from now on. Does nothing when that was
 * done before.
 *
 * @param entry What runs as the main function of the new task: the file is its argv[0].
 */
void thimble_binfmt_register(int (*entry)(int argc, char *argv[]));

#endif
