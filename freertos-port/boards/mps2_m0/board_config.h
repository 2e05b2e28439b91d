/* SPDX-License-Identifier: Apache-2.0 */

/* Arm's MPS2 with the application note 385, as if it had a Cortex-M0. */

#define BOARD_UART 0x40004000

#include "mps2_config.h"
