/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * A person at a console, played by a test: commands are given, what they print is kept.
 *
 * The test defines session_heap, session_print and session_fail.
 */

#ifndef SESSION_H
#define SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Does a command: `run hello`. Its words are separated by spaces.
 *
 * @return What thimble_command returns.
 */
int32_t session_do(const char *line);

/** As session_do; what is typed to the program in the foreground is this text, then the end of
 *  the input. */
int32_t session_do_with_input(const char *line, const char *text);

/** As session_do; after so many milliseconds, Ctrl-C is typed. Until then a program that reads
 *  waits. */
int32_t session_do_interrupted(const char *line, uint32_t milliseconds);

/** What was printed since the last command began, and by programs in the background. */
const char *session_output(void);

/** Whether that has this text in it; prints all of it if not. */
bool session_has(const char *text);

/**
 * Starts a program in the background.
 *
 * @param line What follows `run`, without the `&`.
 * @return Its number, or 0 if it was not started.
 */
uint32_t session_start(const char *line);

/** Does a command with a number behind it: `kill 3`. */
int32_t session_do_with_id(const char *command, uint32_t id);

/** Waits until `ps` says this of a program, at most some seconds. */
bool session_wait_for_state(uint32_t id, const char *state);

/** Whether the heap has so many bytes as before: waits for what ends just now. */
bool session_heap_is(size_t bytes);

/** Bytes that are allocated in the heap, or those that are free. */
size_t session_heap(void);

/** Prints where the results of tests go. */
void session_print(const char *text);

/** Ends the test, as failed: something was not so. */
void session_fail(const char *condition);

#endif
