/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Cases about mounting.
 */

#ifndef MOUNT_H
#define MOUNT_H

/** Tries what thimble_freertos_files.h promises. */
void mount_cases(void);

#endif
