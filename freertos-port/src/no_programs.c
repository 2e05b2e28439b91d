/* SPDX-License-Identifier: Apache-2.0 */

/* The programs of firmware that has none; linked where thimble_add_app() was not called. */

#include "programs.h"

const struct thimble_linked_program thimble_programs[1];
const size_t thimble_program_count = 0;
