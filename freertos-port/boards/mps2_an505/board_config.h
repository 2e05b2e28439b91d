/* SPDX-License-Identifier: Apache-2.0 */

/* Arm's MPS2 with the application note 505: a Cortex-M33. */

#define BOARD_UART 0x50200000

#include "mps2_config.h"
