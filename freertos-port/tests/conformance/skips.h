/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * What the suite skips on every board of these tests, as entries of struct conformance_skip.
 */

#ifndef SKIPS_H
#define SKIPS_H

#include <FreeRTOS.h>

#include <conformance_check.h>

/* The suite's machine code is for processors that it can tell. */
#if defined(__arm__)
#define SEALED_REASON "no code for this processor in the suite"
#else
#define SEALED_REASON "data memory cannot be executed"
#endif

/* One board has a counter for processor time. */
#if configGENERATE_RUN_TIME_STATS == 1
#define SKIPPED_WITHOUT_COUNTER
#else
#define SKIPPED_WITHOUT_COUNTER {"clock::thread_time_never_goes_back", "no account of processor time"},
#endif

/** What no firmware here has: somebody who types, memory for machine code, on most boards a counter. */
#define SKIPPED_EVERYWHERE \
    SKIPPED_WITHOUT_COUNTER {"console::input_gives_what_was_typed", "nobody types"}, \
        {"memory::sealed_code_runs", SEALED_REASON}

/** For firmware without THIMBLE_FILES. */
#define SKIPPED_WITHOUT_FILES {"file_", "no files"}

/** For firmware without THIMBLE_SOCKETS. */
#define SKIPPED_WITHOUT_SOCKETS {"socket", "no sockets"}

#endif
