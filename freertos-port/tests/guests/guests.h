/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * The cases of this test.
 */

#ifndef GUESTS_H
#define GUESTS_H

/** Programs and files: what they are given, and nothing else. */
void test_files(void);
/** The JSON tool: a text that is typed, and one that lies in a file. */
void test_json(void);
/** Programs that come as files: run by their path, installed, and damaged. */
void test_installed(void);
/** A server in a program, and clients in the firmware. */
void test_sockets(void);

#endif
