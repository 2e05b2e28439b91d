/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * The cases of this test.
 */

#ifndef GUESTS_H
#define GUESTS_H

/** Programs and files: what they are given, and nothing else. */
void test_files(void);
/** A server in a program, and clients in the firmware. */
void test_sockets(void);

#endif
