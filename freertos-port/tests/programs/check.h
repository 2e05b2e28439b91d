/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * What the cases of this test are made of.
 */

#ifndef CHECK_H
#define CHECK_H

#include <board.h>

/** Ends the test, as failed, unless a condition holds. */
#define check(condition) \
    do { \
        if (!(condition)) { \
            board_print("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            board_exit(1); \
        } \
    } while (0)

/** Programs run, and say how they ended. */
void test_start(void);
/** Programs are stopped, whatever they do. */
void test_stop(void);
/** Everything comes back, also when memory is short. */
void test_memory(void);
/** Tasks that somebody else deletes. */
void test_deleted(void);

#endif
