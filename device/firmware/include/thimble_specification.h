/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * The WebAssembly specification's test suite, as packed by
 * `cargo xtask pack-specification`.
 */

#ifndef THIMBLE_SPECIFICATION_H
#define THIMBLE_SPECIFICATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** How a pack is run. */
struct thimble_specification_options {
    /** What all memories of a module together may take, in bytes. */
    uint64_t maximum_memory;
    /** The largest stack, in cells of 4 bytes. */
    uint32_t stack_cells;
    /** Whether each module is made an image, which is then loaded through the verifier. */
    bool images;
};

/** How it went. */
struct thimble_specification_summary {
    /** Assertions that the pack says it has; UINT32_MAX if it is damaged. */
    uint32_t stated;
    /** Files of the suite that were begun. */
    uint32_t files;
    /** Assertions that were tried. */
    uint32_t assertions;
    /** Assertions that hold. */
    uint32_t passed;
    /** Commands that failed, assertions and others. */
    uint32_t failed;
    /** Places of the suite that were left out of the pack for want of memory. */
    uint32_t left_out;
    /** Whether one operation jumped to the next, as the build for devices has it. */
    bool tail_dispatch;
};

/**
 * Runs a pack.
 *
 * @param pack Bytes, at any address.
 * @param length How many.
 * @param report Is told of each failure, with file and line, and of what was left out. The
 *               text does not end with NUL and is there during the call only.
 * @param summary Is set.
 */
void thimble_specification_run(const uint8_t *pack, size_t length,
                               const struct thimble_specification_options *options,
                               void (*report)(const char *text, size_t length),
                               struct thimble_specification_summary *summary);

#endif
