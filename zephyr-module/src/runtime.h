/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Between the C and the Rust side of this module.
 */

#ifndef THIMBLE_RUNTIME_H
#define THIMBLE_RUNTIME_H

#include <stddef.h>
#include <stdint.h>

#include <zephyr/toolchain.h>

/** A program that runs or can be run. */
struct thimble_program;

/** What a program is given. */
struct thimble_program_options {
    /** A module; it stays where it is for as long as the program lives. */
    const uint8_t *module;
    /** Its bytes. */
    size_t module_length;
    /** Arguments; the first is the program's name. */
    const char *const *arguments;
    /** How many there are. */
    size_t argument_count;
    /** Standard streams, as numbers of console streams. */
    uintptr_t input;
    uintptr_t output;
    uintptr_t error;
    /** The size that no memory of the program grows beyond, in bytes. */
    uint64_t maximum_memory;
    /** The size that the program's stack does not grow beyond, in cells of 4 bytes. */
    uint32_t stack_cells;
};

/**
 * Makes a program that does not run yet.
 *
 * @param options Needed during the call only, but for the module.
 * @return 0; an error of the platform contract: OUT_OF_MEMORY, TOO_MANY_OPEN, and
 *         INVALID_ARGUMENT for arguments that are not UTF-8.
 */
int32_t thimble_program_create(const struct thimble_program_options *options,
                               struct thimble_program **program);

/**
 * Runs a program on the calling thread, once. Why it failed is written to its
 * standard error.
 *
 * @param status Set to its exit status.
 * @return 0 when it ended by itself; 1 when it failed; 2 when it was stopped.
 */
int32_t thimble_program_run(struct thimble_program *program, int32_t *status);

/** Stops a program that runs, or will run, from another thread. */
void thimble_program_stop(struct thimble_program *program);

/** Takes back all that a program has, when it does not run. */
void thimble_program_destroy(struct thimble_program *program);

/**
 * Runs the conformance suite of the platform contract.
 *
 * @param report Is told the name and, in words, the outcome of each case.
 * @return How many cases failed.
 */
int32_t thimble_conformance_run(void (*report)(const char *name, size_t name_length,
                                               const char *outcome, size_t outcome_length));

#endif
