/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * A network of the application's own: connections within the firmware, without a stack.
 */

#ifndef LOOPBACK_H
#define LOOPBACK_H

#include <thimble_network.h>

/** What can be done with it. */
extern const struct thimble_network_calls loopback;

#endif
