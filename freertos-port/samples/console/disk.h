/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * A disk in RAM, for files of programs and for installed ones: what it has is lost at the end.
 */

#ifndef DISK_H
#define DISK_H

#include <stdbool.h>

/** Makes it, empty, as /disk. @return Whether that went well. */
bool disk_start(void);

#endif
