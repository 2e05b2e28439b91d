/* SPDX-License-Identifier: Apache-2.0 */

/* The conformance suite, and whether exactly what a back end leaves out was skipped. */

#include "conformance_check.h"

#include <stdint.h>
#include <string.h>

#include <thimble_conformance.h>

#define SKIPPED "skipped: "

/* What conformance_check was given, for the report: one run at a time. */
static const struct conformance_skip *skips;
static size_t count;
static void (*print)(const char *format, ...);

/* A bit for each entry that cases were found for. */
static uint32_t found;
static unsigned passed;
static unsigned skipped;
static unsigned unexpected;

static bool begins_with(const char *text, size_t length, const char *beginning)
{
    size_t wanted = strlen(beginning);

    return length >= wanted && memcmp(text, beginning, wanted) == 0;
}

/* Why a case is to be skipped; NULL if it is not. */
static const char *expected_reason(const char *name, size_t length)
{
    for (size_t index = 0; index < count; index++) {
        if (begins_with(name, length, skips[index].cases)) {
            found |= UINT32_C(1) << index;
            return skips[index].reason;
        }
    }
    return NULL;
}

static void report(const char *name, size_t name_length, const char *outcome,
                   size_t outcome_length)
{
    const char *expected = expected_reason(name, name_length);
    bool is_skipped = begins_with(outcome, outcome_length, SKIPPED);
    const char *reason = outcome + strlen(SKIPPED);
    bool is_right = !is_skipped;

    if (expected != NULL) {
        is_right = is_skipped && outcome_length == strlen(SKIPPED) + strlen(expected) &&
                   memcmp(reason, expected, strlen(expected)) == 0;
    }
    print("%.*s: %.*s\n", (int)name_length, name, (int)outcome_length, outcome);
    if (!is_right) {
        print("  expected: %s%s\n", expected == NULL ? "to be tried" : SKIPPED,
              expected == NULL ? "" : expected);
        unexpected++;
    }
    passed += begins_with(outcome, outcome_length, "passed");
    skipped += is_skipped;
}

bool conformance_check(const char *scratch, const struct conformance_skip *given_skips,
                       size_t given_count, void (*given_print)(const char *format, ...))
{
    skips = given_skips;
    count = given_count;
    print = given_print;
    found = 0;
    passed = 0;
    skipped = 0;
    unexpected = 0;

    int32_t failed = thimble_conformance_run(scratch, report);

    for (size_t index = 0; index < count; index++) {
        if ((found & UINT32_C(1) << index) == 0) {
            print("there is no case %s to be skipped\n", skips[index].cases);
            unexpected++;
        }
    }
    print("%u cases passed, %u were skipped as expected, %d failed, %u not as expected\n", passed,
          skipped, (int)failed, unexpected);
    return failed == 0 && unexpected == 0 && passed > 0;
}
