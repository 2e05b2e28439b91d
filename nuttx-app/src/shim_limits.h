/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Limits for what back ends have in common. Of that, this one takes the handles only: files
 * and sockets there are those of all threads, and NuttX's those of a task.
 */

#ifndef THIMBLE_SHIM_LIMITS_H
#define THIMBLE_SHIM_LIMITS_H

#endif
