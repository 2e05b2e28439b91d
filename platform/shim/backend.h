/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * What a back end defines for the sources in this directory.
 *
 * Handles (handle.c) need the lock of tables. Mutexes, conditions and wake objects (mutex.c,
 * condition.c, poll.c) need the header shim_lock.h of the back end, deadlines, and from
 * shim_limits.h how many there are of each, at most 254: THIMBLE_SHIM_MUTEXES, _CONDITIONS,
 * _WAKES. Streams (stream.c) and waiting for what they and others become (poll_look.c) need the
 * console and THIMBLE_SHIM_STREAMS; who leaves out poll_look.c defines what it has of
 * thimble_poll_wait_for_entries. Files (file_*.c) need the heap, the
 * lock of files and the mount points, and from the back end's header
 * shim_limits.h:
 *
 * - THIMBLE_SHIM_FILES, how many handles of files there are, at most 254;
 * - THIMBLE_SHIM_PATH, bytes of the longest path;
 * - THIMBLE_SHIM_NAME, bytes of the longest name.
 *
 * Sockets (socket*.c) need the heap, the lock of sockets, deadlines, a network
 * (network.h, or shim_bsd.h and network_*.c), thimble_poll_notify, and from
 * shim_limits.h:
 *
 * - THIMBLE_SHIM_SOCKETS, how many there are, at most 254;
 * - THIMBLE_SHIM_PEEK, how many bytes can be received and left to be received again.
 *
 * Who leaves out files or sockets needs nothing of theirs.
 */

#ifndef THIMBLE_BACKEND_H
#define THIMBLE_BACKEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <shim_limits.h>
#include <thimble_file_system.h>

/* Handles ------------------------------------------------------------------------- */

/**
 * Keeps every other thread and every interrupt from the tables. Held for a few
 * instructions.
 *
 * @return What thimble_table_unlock is to be given.
 */
uint32_t thimble_table_lock(void);

/** Ends what thimble_table_lock began. */
void thimble_table_unlock(uint32_t key);

/* The heap ------------------------------------------------------------------------- */

/**
 * Allocates.
 *
 * @param size Above 0.
 * @param alignment A power of two.
 * @return The block, not initialised; NULL without room.
 */
void *thimble_heap_allocate(size_t size, size_t alignment);

/** Gives a block back. */
void thimble_heap_release(void *block);

/* Files ------------------------------------------------------------------------------ */

/** Begins a call about files: waits for the lock of all files. */
void thimble_file_lock(void);

/** Ends a call about files. */
void thimble_file_unlock(void);

/**
 * Finds the mount point that a path is, or is below: the longest one.
 *
 * @param device Set to a number above 0 that no other mount point has.
 * @return Its length in bytes; 0 if there is none.
 */
size_t thimble_mount_find(const char *path, uint32_t *device);

/**
 * Finds the file system of a mount point.
 *
 * @param system Set to the file system, which stays there as long as something on it
 *        is open.
 * @return 0 or an error of the platform contract: NO_DEVICE.
 */
int32_t thimble_mount_system(const char *mount_point, const struct thimble_file_system **system);

/* Waiting ---------------------------------------------------------------------------- */

/* The back end's header shim_lock.h defines, as functions or inline:
 *
 *     struct thimble_lock                  a mutex with an owner
 *     thimble_lock_initialize(lock)        makes one that nobody has
 *     thimble_lock_end(lock)               ends one that nobody has
 *     thimble_lock_take(lock)              waits for it; the caller does not have it
 *     bool thimble_lock_try(lock)          takes it if it is free, and says whether
 *     thimble_lock_give(lock)              gives back what the caller has
 *     bool thimble_lock_is_mine(lock)      whether the caller has it
 *     bool thimble_lock_is_taken(lock)     whether anybody has it
 *
 *     struct thimble_waiters               threads that wait to be notified
 *     thimble_waiters_initialize(waiters)  nobody
 *     bool thimble_waiters_wait(waiters, lock, deadline)
 *                                          gives the lock back, waits, takes it again; whether
 *                                          the caller was notified before the deadline
 *     thimble_waiters_notify_one(waiters), thimble_waiters_notify_all(waiters)
 *
 *     thimble_poll_notified()              thimble_poll_notify was called; with the lock of poll.c
 *     thimble_poll_uses(slot)              what the caller uses while it polls, and NULL when it
 *                                          does no more: for who looks after deleted threads
 */

/** A deadline that never comes. */
#define THIMBLE_NEVER UINT64_MAX

/**
 * The point in time when a timeout that begins now is over.
 *
 * @param timeout Nanoseconds, or THIMBLE_PLATFORM_FOREVER.
 * @return Nanoseconds of thimble_platform_clock_now, or THIMBLE_NEVER, which also
 *         stands for what lies beyond the end of the clock.
 */
uint64_t thimble_deadline(uint64_t timeout);

/** Whether a deadline is over. */
bool thimble_deadline_is_over(uint64_t deadline);

/** Makes every thread in thimble_platform_poll look again at what it waits for. */
void thimble_poll_notify(void);

struct thimble_poll;

/**
 * Waits for the entries of a struct thimble_poll, and for its wake object (poll_wait.h).
 *
 * @param over Set to whether something came, which is the outcome of the struct then, rather than
 *        the deadline.
 * @return 0, or an error of the platform contract when these cannot be waited for.
 */
int32_t thimble_poll_wait_for_entries(struct thimble_poll *poll, uint64_t deadline, bool *over);

/** The streams of the system's console: one to read, and one to write for both others. */
struct thimble_stream_functions;
extern const struct thimble_stream_functions thimble_console_input;
extern const struct thimble_stream_functions thimble_console_output;

/* Sockets ---------------------------------------------------------------------------- */

/**
 * Waits as thimble_poll_wait does with thimble_poll_is_over, for entries that have sockets among
 * them (poll_wait.h).
 *
 * @param over Set to whether it is over, rather than the deadline.
 * @return 0, or an error of the platform contract when these cannot be waited for.
 */
int32_t thimble_poll_wait_for_sockets(struct thimble_poll *poll, uint64_t deadline, bool *over);

/** Waits for the lock of all sockets. Nobody waits for anything else while having it. */
void thimble_socket_lock(void);

/** Gives the lock of all sockets back. */
void thimble_socket_unlock(void);

#endif
