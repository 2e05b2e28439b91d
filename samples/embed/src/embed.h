/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * The sample, the same on every system: each has its way to print.
 */

#ifndef EMBED_H
#define EMBED_H

/** Prints with the formats of printf. */
typedef void (*print_function)(const char *format, ...);

/** Has a guest sort numbers, and says what became of it. @return 0 if it has. */
int embed(print_function print);

#endif
