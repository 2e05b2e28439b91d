/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * The conformance suite of the platform contract, thimble_platform.h, for tests of a back end.
 */

#ifndef THIMBLE_CONFORMANCE_H
#define THIMBLE_CONFORMANCE_H

#include <stddef.h>
#include <stdint.h>

/**
 * Runs the conformance suite of the platform contract.
 *
 * @param scratch The path of a directory that the suite may fill and leaves as it
 *        was, valid for ever; or NULL to leave out the cases about files.
 * @param report Is told the name and, in words, the outcome of each case.
 * @return How many cases failed.
 */
int32_t thimble_conformance_run(const char *scratch,
                                void (*report)(const char *name, size_t name_length,
                                               const char *outcome, size_t outcome_length));

#endif
