/* SPDX-License-Identifier: Apache-2.0 */

#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <string.h>

/** Ends the test, with the number of the line, unless the condition holds. */
#define CHECK(condition)                                                          \
    do {                                                                          \
        if (!(condition)) {                                                       \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);       \
            return __LINE__;                                                      \
        }                                                                         \
    } while (0)

/** Whether an error has this kind. */
#define IS(error, kind) (THIMBLE_KIND(error) == (kind) && (error) < 0)

/** Whether an error is this one in words. */
#define SAYS(error, words) says(error, words)

#endif
