/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Error numbers of NuttX, as errors of the platform contract.
 */

#ifndef THIMBLE_ERROR_NUMBER_H
#define THIMBLE_ERROR_NUMBER_H

#include <stdint.h>

#include "error.h"

/** The error for an error number of NuttX, such as errno. */
int32_t thimble_error(int number);

#endif
