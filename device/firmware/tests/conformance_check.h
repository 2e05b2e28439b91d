/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * The conformance suite of the platform contract, for tests that know what a back end leaves out: a
 * case that is skipped and should not be is a failure, and so is one that is tried unexpectedly.
 */

#ifndef CONFORMANCE_CHECK_H
#define CONFORMANCE_CHECK_H

#include <stdbool.h>
#include <stddef.h>

/** Cases that a back end skips. */
struct conformance_skip {
    /** How their names begin: "clock::thread_time_never_goes_back", or "file_" for many. */
    const char *cases;
    /** Why, as the suite says it. */
    const char *reason;
};

/**
 * Runs the suite and prints what becomes of each case.
 *
 * @param scratch As for thimble_conformance_run().
 * @param skips All that are to be skipped, at most 32 entries, each of which there must be cases for.
 * @param count Entries of `skips`.
 * @param print Prints as printf does.
 * @return Whether no case failed, and exactly those were skipped.
 */
bool conformance_check(const char *scratch, const struct conformance_skip *skips, size_t count,
                       void (*print)(const char *format, ...));

#endif
