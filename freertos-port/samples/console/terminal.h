/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * A terminal in front of a program: what is typed while it runs becomes its standard input, line
 * by line; Ctrl-D ends the input, Ctrl-C the program.
 */

#ifndef TERMINAL_H
#define TERMINAL_H

#include <thimble_device.h>

/** A person at the console. There is one: streams of earlier programs end before the next. */
extern const struct thimble_session terminal_session;

#endif
