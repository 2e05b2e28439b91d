/* SPDX-License-Identifier: Apache-2.0 */

/* Arm's MPS2 with the application note 385: a Cortex-M3. */

#define BOARD_UART 0x40004000

#include "mps2_config.h"
