/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * What the conformance suite skips, as entries of struct conformance_skip: what the firmware, as it
 * is configured, does not have.
 */

#ifndef SKIPS_H
#define SKIPS_H

#include <conformance_check.h>

#define SKIPPED_EVERYWHERE {"console::input_gives_what_was_typed", "nobody types"},

/* Memory cannot be made executable; where the suite has no code, it does not try. */
#if defined(CONFIG_ARM)
#define SKIPPED_MEMORY \
    {"memory::sealed_code_runs", "no code for this processor in the suite"},
#else
#define SKIPPED_MEMORY {"memory::sealed_code_runs", "data memory cannot be executed"},
#endif

/* On the computer, time stands still while a thread computes. */
#if defined(CONFIG_ARCH_POSIX)
#define SKIPPED_TIME {"clock::thread_time_never_goes_back", "no account of processor time"},
#else
#define SKIPPED_TIME
#endif

/* On the computer it is the source of that; else the kernel has one only with a driver. */
#if defined(CONFIG_NATIVE_LIBRARY) || \
    (defined(CONFIG_CSPRNG_ENABLED) && !defined(CONFIG_TEST_CSPRNG_GENERATOR))
#define HAS_RANDOM 1
#define SKIPPED_RANDOM
#else
#define HAS_RANDOM 0
#define SKIPPED_RANDOM                                            \
    {"random::fills_differ", "no cryptographic source"},          \
        {"random::every_byte_is_filled", "no cryptographic source"},
#endif

/* Zephyr has neither links nor times of files. */
#if defined(CONFIG_THIMBLE_FILES)
#define SKIPPED_FILES                                                  \
    {"file_link::a_hard_link_is_a_further_name", "no hard links"},     \
        {"file_link::hard_links_are_for_files", "no hard links"},      \
        {"file_link::", "no symbolic links"},                          \
        {"file_time::", "no times of files"},
#else
#define SKIPPED_FILES {"file_", "no files"},
#endif

#if !defined(CONFIG_THIMBLE_SOCKETS)
#define SKIPPED_SOCKETS {"socket", "no sockets"},
#elif defined(CONFIG_NET_SOCKETS_OFFLOAD)
#define SKIPPED_SOCKETS
#else
/* Zephyr's own stack cannot end one direction. */
#define SKIPPED_SOCKETS                                           \
    {"socket::shutting_down_sending_ends_one_direction",          \
     "no connections that are half open"},
#endif

/** All entries. */
#define SKIPS \
    SKIPPED_EVERYWHERE SKIPPED_MEMORY SKIPPED_TIME SKIPPED_RANDOM SKIPPED_FILES SKIPPED_SOCKETS

#endif
