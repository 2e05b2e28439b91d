/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Thimble's contract with the system below it, as C symbols.
 *
 * A shim defines these symbols for one system; Thimble calls them. All of them
 * may be called from any thread, several at a time.
 *
 * Mandatory: version and capabilities, threads, mutexes, conditions, clock,
 * random, console, memory, wake objects, poll. Optional, announced by
 * thimble_platform_capabilities(): wall clock, files, sockets. A shim without
 * an optional capability defines none of its symbols, and the Rust crate
 * thimble-platform-ffi is built without the feature of that name.
 *
 * RESULTS. Calls that return int32_t give 0 or a positive number for success,
 * as documented, and a negative number for an error: minus (kind + 256 * code),
 * as THIMBLE_PLATFORM_ERROR() makes it. The kind is one of enum
 * thimble_platform_error; the code is the system's own number for people to
 * read, or 0. Callers decide by the kind alone, so each call lists the kinds
 * that it must tell apart; any call may give others as well, in particular
 * THIMBLE_PLATFORM_OUT_OF_MEMORY, THIMBLE_PLATFORM_IO and
 * THIMBLE_PLATFORM_NOT_SUPPORTED, where they are true.
 *
 * HANDLES. Objects are named by uintptr_t numbers of the shim's choice, except
 * that a wake object is never 0. The caller destroys, joins or closes each one
 * once. Every call checks the handles that it is given, and gives
 * THIMBLE_PLATFORM_BAD_DESCRIPTOR for one that the shim has not handed out or
 * that was given back: a number that is used as an address unchecked would let
 * a mistaken caller reach any memory. An index into a table, with a count of
 * the slot's uses above it, does well.
 *
 * POINTERS. Every pointer is valid during the call only, and never null. A
 * pointer to 0 bytes must not be used. Text of type char is UTF-8 and ends with
 * NUL. Names of files are one component: the caller has refused empty names,
 * "." and "..", and names with '/' or NUL.
 *
 * TIME is in nanoseconds. A timeout of THIMBLE_PLATFORM_FOREVER has no end; 0
 * does not wait. A timeout is never over early: where the system counts in
 * ticks, round up and look at the clock again.
 *
 * BLOCKING. Only thread_join, mutex_lock, condition_wait, poll, and the two
 * console calls may wait; the last ones not when poll said that they are
 * ready. Calls about files may take as long as the medium takes.
 */

#ifndef THIMBLE_PLATFORM_H
#define THIMBLE_PLATFORM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The version of this header. */
#define THIMBLE_PLATFORM_VERSION 1u

/** A timeout without end. */
#define THIMBLE_PLATFORM_FOREVER UINT64_MAX

/** The error of a kind, with the system's own number (positive, or 0). */
#define THIMBLE_PLATFORM_ERROR(kind, code) \
    (-(int32_t)((uint32_t)(kind) + 256u * ((uint32_t)(code) & 0x7fffffu)))

/** Kinds of errors. Numbers never change. */
enum thimble_platform_error {
    /** An error that fits no other kind. */
    THIMBLE_PLATFORM_OTHER = 1,
    /** No object of that name. */
    THIMBLE_PLATFORM_NOT_FOUND = 2,
    /** An object of that name is there already. */
    THIMBLE_PLATFORM_ALREADY_EXISTS = 3,
    /** A directory was expected. */
    THIMBLE_PLATFORM_NOT_DIRECTORY = 4,
    /** Something other than a directory was expected. */
    THIMBLE_PLATFORM_IS_DIRECTORY = 5,
    /** The directory still has entries. */
    THIMBLE_PLATFORM_NOT_EMPTY = 6,
    /** The object's permissions do not allow this access. */
    THIMBLE_PLATFORM_PERMISSION_DENIED = 7,
    /** The operation is not allowed to this caller, or not on this object. */
    THIMBLE_PLATFORM_NOT_PERMITTED = 8,
    /** An argument is outside what the call's documentation allows. */
    THIMBLE_PLATFORM_INVALID_ARGUMENT = 9,
    /** The medium is full. */
    THIMBLE_PLATFORM_NO_SPACE = 10,
    /** The medium or device failed. */
    THIMBLE_PLATFORM_IO = 11,
    /** The object cannot have more links. */
    THIMBLE_PLATFORM_TOO_MANY_LINKS = 12,
    /** The name is a symbolic link, which this call never follows. */
    THIMBLE_PLATFORM_LOOP = 13,
    /** The name is longer than the file system can hold. */
    THIMBLE_PLATFORM_NAME_TOO_LONG = 14,
    /** The back end or the medium cannot do this. */
    THIMBLE_PLATFORM_NOT_SUPPORTED = 15,
    /** The call would have to wait; poll, then try again. */
    THIMBLE_PLATFORM_WOULD_BLOCK = 16,
    /** The call was ended by a wake or a signal before it did anything. */
    THIMBLE_PLATFORM_INTERRUPTED = 17,
    /** The time allowed is over. */
    THIMBLE_PLATFORM_TIMED_OUT = 18,
    /** Nobody is left to read what is written. */
    THIMBLE_PLATFORM_BROKEN_PIPE = 19,
    /** The other side reset the connection. */
    THIMBLE_PLATFORM_CONNECTION_RESET = 20,
    /** The connection was given up by the system below. */
    THIMBLE_PLATFORM_CONNECTION_ABORTED = 21,
    /** Nobody listens at the address. */
    THIMBLE_PLATFORM_CONNECTION_REFUSED = 22,
    /** The socket has no connection. */
    THIMBLE_PLATFORM_NOT_CONNECTED = 23,
    /** Another socket has the address. */
    THIMBLE_PLATFORM_ADDRESS_IN_USE = 24,
    /** The address is not one of this system. */
    THIMBLE_PLATFORM_ADDRESS_NOT_AVAILABLE = 25,
    /** No memory for what the call needs. */
    THIMBLE_PLATFORM_OUT_OF_MEMORY = 26,
    /** No free handle. */
    THIMBLE_PLATFORM_TOO_MANY_OPEN = 27,
    /** Source and target are on different file systems. */
    THIMBLE_PLATFORM_CROSSES_DEVICES = 28,
    /** The file system cannot be written to. */
    THIMBLE_PLATFORM_READ_ONLY = 29,
    /** The file would become larger than it can be. */
    THIMBLE_PLATFORM_FILE_TOO_LARGE = 30,
    /** The object is in use. */
    THIMBLE_PLATFORM_BUSY = 31,
    /** The handle is unknown, closed, or not open for this access. */
    THIMBLE_PLATFORM_BAD_DESCRIPTOR = 32,
    /** The object has no positions. */
    THIMBLE_PLATFORM_NOT_SEEKABLE = 33,
    /** The caller already holds what it asks for. */
    THIMBLE_PLATFORM_DEADLOCK = 34,
    /** The wall clock has not been set since the system started. */
    THIMBLE_PLATFORM_NOT_SET = 35,
    /** A name is not valid UTF-8 where it must be. */
    THIMBLE_PLATFORM_ILLEGAL_SEQUENCE = 36,
    /** A number does not fit the type that must carry it. */
    THIMBLE_PLATFORM_OVERFLOW = 37,
    /** No route to the network or host. */
    THIMBLE_PLATFORM_UNREACHABLE = 38,
    /** The device is gone. */
    THIMBLE_PLATFORM_NO_DEVICE = 39,
    /** The caller has used up its quota. */
    THIMBLE_PLATFORM_QUOTA_EXCEEDED = 40,
    /** The connection is being made. */
    THIMBLE_PLATFORM_IN_PROGRESS = 41,
    /** The object is not a socket. */
    THIMBLE_PLATFORM_NOT_SOCKET = 42,
};

/* Version and capabilities ------------------------------------------------ */

/** The system has a wall clock. */
#define THIMBLE_PLATFORM_HAS_WALL_CLOCK 1u
/** The system has files. */
#define THIMBLE_PLATFORM_HAS_FILES 2u
/** The system has stream sockets. */
#define THIMBLE_PLATFORM_HAS_SOCKETS 4u

/**
 * The header that the shim was compiled with.
 *
 * @return THIMBLE_PLATFORM_VERSION.
 */
uint32_t thimble_platform_version(void);

/**
 * Which optional capabilities the system has. Does not change while the system
 * runs. A capability is there or it is not: a shim never announces one and then
 * answers THIMBLE_PLATFORM_NOT_SUPPORTED to everything.
 *
 * @return The sum of THIMBLE_PLATFORM_HAS_... bits.
 */
uint32_t thimble_platform_capabilities(void);

/* Threads ------------------------------------------------------------------ */

/** What a new thread gets. */
struct thimble_platform_thread_options {
    /** Bytes of stack, without what the system adds. Round up, never down. */
    size_t stack_size;
    /** A name for people; cut it where the system allows less. */
    const char *name;
    /** The priority in the system's own numbering, if has_priority. */
    int32_t priority;
    /** 1 to take priority, 0 to take that of the calling thread. */
    uint8_t has_priority;
};

/**
 * Starts a thread that calls entry(argument) once and then ends.
 *
 * When the call fails, entry has not been called and never will be.
 *
 * @param thread Set to the handle, to be given to thimble_platform_thread_join.
 * @return 0; INVALID_ARGUMENT for a priority that does not exist;
 *         PERMISSION_DENIED for one that is not allowed; OUT_OF_MEMORY without
 *         room for the stack; TOO_MANY_OPEN without a thread left.
 */
int32_t thimble_platform_thread_spawn(
    const struct thimble_platform_thread_options *options,
    void (*entry)(void *argument), void *argument, uintptr_t *thread);

/**
 * Waits until a thread has ended, and takes back all it had, its stack included.
 *
 * @return 0; BAD_DESCRIPTOR; DEADLOCK for the calling thread itself.
 */
int32_t thimble_platform_thread_join(uintptr_t thread);

/** Lets other threads that are ready run. */
void thimble_platform_thread_yield(void);

/* Mutexes ------------------------------------------------------------------ */

/**
 * Makes an unlocked mutex. It is not recursive and belongs to the thread that
 * locks it. Where the system has priority inheritance, it has it.
 *
 * @return 0; OUT_OF_MEMORY; TOO_MANY_OPEN.
 */
int32_t thimble_platform_mutex_create(uintptr_t *mutex);

/**
 * Waits until a mutex is free and takes it.
 *
 * @return 0; DEADLOCK when the calling thread has it already; BAD_DESCRIPTOR.
 */
int32_t thimble_platform_mutex_lock(uintptr_t mutex);

/**
 * Takes a mutex if it is free.
 *
 * @return 1 if it was taken; 0 if any thread has it, also the calling one;
 *         BAD_DESCRIPTOR.
 */
int32_t thimble_platform_mutex_try_lock(uintptr_t mutex);

/**
 * Gives a mutex back.
 *
 * @return 0; NOT_PERMITTED when the calling thread does not have it;
 *         BAD_DESCRIPTOR.
 */
int32_t thimble_platform_mutex_unlock(uintptr_t mutex);

/**
 * Ends a mutex and its handle.
 *
 * @return 0; BUSY while a thread has it or waits for it, which changes nothing;
 *         BAD_DESCRIPTOR.
 */
int32_t thimble_platform_mutex_destroy(uintptr_t mutex);

/* Conditions --------------------------------------------------------------- */

/** thimble_platform_condition_wait: notified, or for no reason at all. */
#define THIMBLE_PLATFORM_WAIT_NOTIFIED 0
/** thimble_platform_condition_wait: the timeout is over. */
#define THIMBLE_PLATFORM_WAIT_TIMED_OUT 1

/**
 * Makes a condition that nobody waits on.
 *
 * @return 0; OUT_OF_MEMORY; TOO_MANY_OPEN.
 */
int32_t thimble_platform_condition_create(uintptr_t *condition);

/**
 * Gives a mutex back, waits to be notified, and takes the mutex again. Giving
 * back and starting to wait are one step: a notification by a thread that takes
 * the mutex afterwards is not lost. All that wait on a condition at one time
 * use one mutex.
 *
 * @param timeout Nanoseconds of monotonic time, or THIMBLE_PLATFORM_FOREVER.
 * @return THIMBLE_PLATFORM_WAIT_NOTIFIED; THIMBLE_PLATFORM_WAIT_TIMED_OUT;
 *         NOT_PERMITTED when the calling thread does not have the mutex;
 *         BAD_DESCRIPTOR. After an error the mutex is as it was.
 */
int32_t thimble_platform_condition_wait(uintptr_t condition, uintptr_t mutex,
                                        uint64_t timeout);

/**
 * Wakes at least one of the threads that wait, if any does. A notification that
 * nobody waits for is forgotten.
 *
 * @return 0; BAD_DESCRIPTOR.
 */
int32_t thimble_platform_condition_notify_one(uintptr_t condition);

/**
 * Wakes all threads that wait.
 *
 * @return 0; BAD_DESCRIPTOR.
 */
int32_t thimble_platform_condition_notify_all(uintptr_t condition);

/**
 * Ends a condition and its handle.
 *
 * @return 0; BUSY while a thread waits, which changes nothing; BAD_DESCRIPTOR.
 */
int32_t thimble_platform_condition_destroy(uintptr_t condition);

/* Monotonic time ------------------------------------------------------------ */

/**
 * Nanoseconds since a fixed point in the past. Never goes back on any thread,
 * and never wraps: extend a narrower counter.
 */
uint64_t thimble_platform_clock_now(void);

/** The smallest step of the clock in nanoseconds, at least 1. */
uint64_t thimble_platform_clock_resolution(void);

/**
 * Processor time that the calling thread has used, in nanoseconds.
 *
 * @return 0; NOT_SUPPORTED where the system keeps no account.
 */
int32_t thimble_platform_clock_thread_time(uint64_t *time);

/* Wall clock (optional: HAS_WALL_CLOCK) ------------------------------------- */

/**
 * Nanoseconds since 1970-01-01 00:00:00 UTC, without leap seconds.
 *
 * @return 0; NOT_SET while nobody has set the clock since the system started and
 *         no battery kept it.
 */
int32_t thimble_platform_wall_clock_now(uint64_t *time);

/**
 * Sets the clock.
 *
 * @return 0; NOT_PERMITTED where this program may not; NOT_SUPPORTED where
 *         nobody can; INVALID_ARGUMENT for a time the system cannot hold.
 */
int32_t thimble_platform_wall_clock_set(uint64_t time);

/** The smallest step of the clock in nanoseconds, at least 1. */
uint64_t thimble_platform_wall_clock_resolution(void);

/* Random --------------------------------------------------------------------- */

/**
 * Fills a buffer with bytes that nobody can predict.
 *
 * @param length At most 2^30.
 * @return 0; NOT_SUPPORTED where the system has no cryptographic source: never
 *         fall back to a weaker one; IO when the source failed.
 */
int32_t thimble_platform_random_fill(void *buffer, size_t length);

/* Console -------------------------------------------------------------------- */

/** Standard input of the system's console. */
#define THIMBLE_PLATFORM_STREAM_INPUT ((uintptr_t)0)
/** Standard output. */
#define THIMBLE_PLATFORM_STREAM_OUTPUT ((uintptr_t)1)
/** Standard error. */
#define THIMBLE_PLATFORM_STREAM_ERROR ((uintptr_t)2)

/**
 * Reads at least one byte, waiting for it.
 *
 * @param stream THIMBLE_PLATFORM_STREAM_INPUT, or a further stream of the shim.
 * @param length At most 2^30.
 * @return How many bytes; 0 at the end of the stream, or for a length of 0;
 *         BAD_DESCRIPTOR for a stream that is unknown or not for reading;
 *         INTERRUPTED when a signal came before any byte.
 */
int32_t thimble_platform_console_read(uintptr_t stream, void *buffer, size_t length);

/**
 * Writes some bytes, at least one.
 *
 * @param length At most 2^30.
 * @return How many bytes, 0 for a length of 0; BAD_DESCRIPTOR for a stream that
 *         is unknown or not for writing; BROKEN_PIPE when nobody reads any more;
 *         WOULD_BLOCK when a stream that does not wait takes nothing now.
 */
int32_t thimble_platform_console_write(uintptr_t stream, const void *data, size_t length);

/**
 * Whether a person sits at the other end.
 *
 * @return 1 or 0; 0 also for an unknown stream.
 */
int32_t thimble_platform_console_is_terminal(uintptr_t stream);

/* Memory mapping ---------------------------------------------------------------
 *
 * A region is named by its first address. The caller has checked that ranges
 * stay within the region and are whole granules; the shim checks that the
 * region is one of its own. Without memory management, reserving allocates and
 * committing fills with zeroes. */

/** The granule in bytes, a power of two; 1 where there are no pages. */
size_t thimble_platform_memory_granule(void);

/**
 * Reserves addresses, aligned to the granule and to at least 16. Nobody touches
 * them before they are committed.
 *
 * @param length Above 0, whole granules.
 * @param address Set to the first address.
 * @return 0; OUT_OF_MEMORY.
 */
int32_t thimble_platform_memory_reserve(size_t length, void **address);

/**
 * Makes a part of a region readable and writable, and fills it with zeroes.
 *
 * @return 0; OUT_OF_MEMORY, which changes nothing; BAD_DESCRIPTOR.
 */
int32_t thimble_platform_memory_commit(uintptr_t region, size_t offset, size_t length);

/**
 * Makes a committed part readable and executable and, where the system can,
 * no longer writable; with caches synchronised.
 *
 * @return 0; NOT_SUPPORTED where data memory cannot be executed; BAD_DESCRIPTOR.
 */
int32_t thimble_platform_memory_seal(uintptr_t region, size_t offset, size_t length);

/**
 * Makes what was written to a committed part visible to instruction fetches of
 * every processor.
 *
 * @return 0; BAD_DESCRIPTOR.
 */
int32_t thimble_platform_memory_sync_code(uintptr_t region, size_t offset, size_t length);

/**
 * Gives a whole region back.
 *
 * @return 0; BAD_DESCRIPTOR.
 */
int32_t thimble_platform_memory_release(uintptr_t region);

/* Wake objects ------------------------------------------------------------------ */

/**
 * Makes a wake object that is not set.
 *
 * @param wake Set to the handle, which is never 0.
 * @return 0; OUT_OF_MEMORY; TOO_MANY_OPEN.
 */
int32_t thimble_platform_wake_create(uintptr_t *wake);

/**
 * Sets a wake object: every poll that names it returns at once, now and until
 * it is cleared. Setting it twice is as once.
 *
 * @return 0; BAD_DESCRIPTOR.
 */
int32_t thimble_platform_wake_set(uintptr_t wake);

/**
 * Takes a wake object back to not set.
 *
 * @return 0; BAD_DESCRIPTOR.
 */
int32_t thimble_platform_wake_clear(uintptr_t wake);

/**
 * Ends a wake object and its handle.
 *
 * @return 0; BUSY while a thread polls with it, which changes nothing;
 *         BAD_DESCRIPTOR.
 */
int32_t thimble_platform_wake_destroy(uintptr_t wake);

/* Waiting ------------------------------------------------------------------------- */

/** thimble_platform_poll: an entry is ready or has failed. */
#define THIMBLE_PLATFORM_POLL_READY 0
/** thimble_platform_poll: the timeout is over. */
#define THIMBLE_PLATFORM_POLL_TIMED_OUT 1
/** thimble_platform_poll: the wake object is set. */
#define THIMBLE_PLATFORM_POLL_WOKEN 2

/** The handle is a console stream. */
#define THIMBLE_PLATFORM_TARGET_STREAM 0
/** The handle is a file. Regular files and directories are always ready. */
#define THIMBLE_PLATFORM_TARGET_FILE 1
/** The handle is a socket. */
#define THIMBLE_PLATFORM_TARGET_SOCKET 2

/** To read; of a listener, to accept. */
#define THIMBLE_PLATFORM_INTEREST_READ 0
/** To write; of a connecting socket, to be connected or to have failed. */
#define THIMBLE_PLATFORM_INTEREST_WRITE 1

/** The call would block. */
#define THIMBLE_PLATFORM_STATE_NOT_READY 0
/** The call would not block. */
#define THIMBLE_PLATFORM_STATE_READY 1
/** The call would not block, and the other side is gone. */
#define THIMBLE_PLATFORM_STATE_HANGUP 2
/** The target is in error. */
#define THIMBLE_PLATFORM_STATE_FAILED 3

/** One target to wait for. */
struct thimble_platform_poll_entry {
    /** Answer: bytes that can be read or written without blocking; 0 if the
     *  system does not tell, and for regular files. */
    uint64_t bytes;
    /** The stream, file or socket. */
    uintptr_t handle;
    /** Answer, if state is FAILED: the error, for an unknown handle
     *  BAD_DESCRIPTOR. */
    int32_t error;
    /** One of THIMBLE_PLATFORM_TARGET_... */
    uint8_t target;
    /** One of THIMBLE_PLATFORM_INTEREST_... */
    uint8_t interest;
    /** Answer: one of THIMBLE_PLATFORM_STATE_..., set in every entry. */
    uint8_t state;
};

/**
 * Waits until an entry is ready or has failed, the wake object is set, or the
 * timeout is over. Without entries it sleeps. Signals do not end it. An entry
 * that has failed, be it for its handle, ends the wait at once.
 *
 * @param count May be 0; entries is then not used.
 * @param timeout Nanoseconds of monotonic time, or THIMBLE_PLATFORM_FOREVER.
 * @param wake A wake object, or 0 for none. It stays set.
 * @return THIMBLE_PLATFORM_POLL_WOKEN, before all others, and entries are then
 *         unspecified; THIMBLE_PLATFORM_POLL_READY;
 *         THIMBLE_PLATFORM_POLL_TIMED_OUT; BAD_DESCRIPTOR for the wake object;
 *         INVALID_ARGUMENT for more entries than the system can wait for.
 */
int32_t thimble_platform_poll(struct thimble_platform_poll_entry *entries, size_t count,
                              uint64_t timeout, uintptr_t wake);

/* Files (optional: HAS_FILES) -----------------------------------------------------
 *
 * Directories are handles too. No call except file_open_root follows a symbolic
 * link. A system with whole-path functions only keeps the path behind the
 * handle of a directory. Every call gives BAD_DESCRIPTOR for an unknown handle
 * or one that is not open for this access, and NOT_DIRECTORY where the handle
 * must be of a directory and is not. Media lacking what is asked give
 * NOT_SUPPORTED. READ_ONLY, NO_SPACE, PERMISSION_DENIED and NAME_TOO_LONG are
 * told apart where they apply. */

/** Not known, or none of the others. */
#define THIMBLE_PLATFORM_FILE_UNKNOWN 0
/** A file with bytes at offsets. */
#define THIMBLE_PLATFORM_FILE_REGULAR 1
/** A directory. */
#define THIMBLE_PLATFORM_FILE_DIRECTORY 2
/** A symbolic link. */
#define THIMBLE_PLATFORM_FILE_SYMBOLIC_LINK 3
/** A device of bytes. */
#define THIMBLE_PLATFORM_FILE_CHARACTER_DEVICE 4
/** A device of blocks. */
#define THIMBLE_PLATFORM_FILE_BLOCK_DEVICE 5
/** A pipe. */
#define THIMBLE_PLATFORM_FILE_PIPE 6
/** A stream socket. */
#define THIMBLE_PLATFORM_FILE_STREAM_SOCKET 7
/** A datagram socket. */
#define THIMBLE_PLATFORM_FILE_DATAGRAM_SOCKET 8

/** Open to read bytes, or to list. A directory opened without serves only to
 *  reach what is in it. */
#define THIMBLE_PLATFORM_OPEN_READ 1u
/** Open to write bytes. */
#define THIMBLE_PLATFORM_OPEN_WRITE 2u
/** Make an empty regular file if there is nothing of that name. */
#define THIMBLE_PLATFORM_OPEN_CREATE 4u
/** With CREATE: whatever has that name, also a link, is ALREADY_EXISTS. */
#define THIMBLE_PLATFORM_OPEN_EXCLUSIVE 8u
/** With WRITE: cut a regular file to length 0. */
#define THIMBLE_PLATFORM_OPEN_TRUNCATE 16u
/** Only a directory will do. Never with WRITE, CREATE or TRUNCATE. */
#define THIMBLE_PLATFORM_OPEN_DIRECTORY 32u

/** Leave a time as it is. */
#define THIMBLE_PLATFORM_TIME_KEEP 0
/** Set it to the time of the call. */
#define THIMBLE_PLATFORM_TIME_NOW 1
/** Set it to the time given. */
#define THIMBLE_PLATFORM_TIME_AT 2

/** What is known about an object. */
struct thimble_platform_metadata {
    /** Length in bytes; of a symbolic link, of its target's name. What was
     *  written through a handle counts before the handle is closed. */
    uint64_t size;
    /** How many names it has; 1 where the medium has no hard links. */
    uint64_t links;
    /** Its number within device; 0 where the medium has none. */
    uint64_t inode;
    /** The file system it is on. */
    uint64_t device;
    /** Last read, nanoseconds since 1970-01-01 UTC; 0 if not known. */
    uint64_t accessed;
    /** Last written, likewise. */
    uint64_t modified;
    /** Last change of this record, likewise. */
    uint64_t changed;
    /** One of THIMBLE_PLATFORM_FILE_... */
    uint8_t kind;
};

/** What to make of a time. */
struct thimble_platform_time_change {
    /** Nanoseconds since 1970-01-01 UTC, if how is TIME_AT. */
    uint64_t time;
    /** One of THIMBLE_PLATFORM_TIME_... */
    uint8_t how;
};

/** One name in a directory. */
struct thimble_platform_directory_entry {
    /** The number of the object; 0 if finding out would cost more. */
    uint64_t inode;
    /** Where a later listing goes on after this entry: above 0, below 2^63. */
    uint64_t next;
    /** The name, without NUL; not null. */
    const uint8_t *name;
    /** Bytes of the name. */
    size_t name_length;
    /** One of THIMBLE_PLATFORM_FILE_...; UNKNOWN if finding out would cost
     *  more. */
    uint8_t kind;
};

/**
 * Opens a directory by a path of the system. The only call that follows links.
 *
 * @return 0; NOT_FOUND; NOT_DIRECTORY; TOO_MANY_OPEN.
 */
int32_t thimble_platform_file_open_root(const char *path, uintptr_t *file);

/**
 * Opens a name in a directory. Waits for nothing, also not for the other end of
 * a pipe.
 *
 * @param options The sum of THIMBLE_PLATFORM_OPEN_... bits, which the caller
 *        has checked not to contradict each other.
 * @return What it is, THIMBLE_PLATFORM_FILE_...; LOOP for a symbolic link,
 *         whatever the options, but ALREADY_EXISTS if they are exclusive;
 *         NOT_FOUND; NOT_DIRECTORY; IS_DIRECTORY to write or create;
 *         TOO_MANY_OPEN.
 */
int32_t thimble_platform_file_open_at(uintptr_t directory, const char *name,
                                      uint32_t options, uintptr_t *file);

/**
 * Makes a further handle of the same object with the same access.
 *
 * @return 0; TOO_MANY_OPEN.
 */
int32_t thimble_platform_file_duplicate(uintptr_t file, uintptr_t *duplicate);

/**
 * Ends a handle, which is gone after an error too.
 *
 * @return 0; IO when what was written did not reach the medium.
 */
int32_t thimble_platform_file_close(uintptr_t file);

/**
 * Reads at an offset. Objects without positions ignore it.
 *
 * @param offset Below 2^63.
 * @param length At most 2^30.
 * @return How many bytes; 0 at or after the end; IS_DIRECTORY; WOULD_BLOCK for a
 *         pipe or device with nothing to read.
 */
int32_t thimble_platform_file_read_at(uintptr_t file, uint64_t offset, void *buffer,
                                      size_t length);

/**
 * Writes some bytes at an offset, at least one unless length is 0. What lies
 * between the old end and the offset reads as zeroes: many systems leave what
 * the medium held, so fill it. Writing 0 bytes changes nothing.
 *
 * @param offset Below 2^63.
 * @param length At most 2^30.
 * @return How many bytes; FILE_TOO_LARGE; NO_SPACE; BROKEN_PIPE; WOULD_BLOCK.
 */
int32_t thimble_platform_file_write_at(uintptr_t file, uint64_t offset, const void *data,
                                       size_t length);

/**
 * Cuts or extends a regular file that is open to write; what is added reads as
 * zeroes.
 *
 * @param size Below 2^63.
 * @return 0; INVALID_ARGUMENT for something other than a regular file;
 *         FILE_TOO_LARGE; NO_SPACE.
 */
int32_t thimble_platform_file_set_size(uintptr_t file, uint64_t size);

/**
 * Waits until what was written is on the medium.
 *
 * @param data_only 1 if the times need not be.
 * @return 0; IO.
 */
int32_t thimble_platform_file_sync(uintptr_t file, uint8_t data_only);

/** Fills in what is known about an open object. @return 0. */
int32_t thimble_platform_file_metadata(uintptr_t file,
                                       struct thimble_platform_metadata *metadata);

/**
 * Fills in what is known about a name; of a symbolic link, about the link.
 *
 * @return 0; NOT_FOUND.
 */
int32_t thimble_platform_file_metadata_at(uintptr_t directory, const char *name,
                                          struct thimble_platform_metadata *metadata);

/**
 * Sets the times of an open object.
 *
 * @return 0; NOT_SUPPORTED where the medium has none.
 */
int32_t thimble_platform_file_set_times(uintptr_t file,
                                        const struct thimble_platform_time_change *accessed,
                                        const struct thimble_platform_time_change *modified);

/**
 * Sets the times of a name; of a symbolic link, those of the link.
 *
 * @return 0; NOT_FOUND; NOT_SUPPORTED where the medium has none.
 */
int32_t thimble_platform_file_set_times_at(uintptr_t directory, const char *name,
                                           const struct thimble_platform_time_change *accessed,
                                           const struct thimble_platform_time_change *modified);

/**
 * Calls visit(context, entry) for each entry from a cookie on, until it returns
 * 0 or there are no more. "." and ".." are not shown. An entry that is there
 * throughout is shown once as long as nothing else is added or removed. visit
 * is called on the calling thread, during the call only, with context as it
 * came; it calls no symbol of this header, so a lock may be held.
 *
 * @param cookie 0 for the start, else the next of an entry that the same handle
 *        has shown; any of them, any number of times.
 * @return 1 if the end was reached; 0 if visit stopped the listing.
 */
int32_t thimble_platform_file_list(
    uintptr_t directory, uint64_t cookie,
    int32_t (*visit)(void *context, const struct thimble_platform_directory_entry *entry),
    void *context);

/**
 * Makes an empty directory.
 *
 * @return 0; ALREADY_EXISTS.
 */
int32_t thimble_platform_file_create_directory_at(uintptr_t directory, const char *name);

/**
 * Removes a name that is not of a directory; of a symbolic link, the link.
 *
 * @return 0; NOT_FOUND; IS_DIRECTORY; BUSY while somebody has the object open,
 *         where the medium cannot do that.
 */
int32_t thimble_platform_file_remove_file_at(uintptr_t directory, const char *name);

/**
 * Removes an empty directory.
 *
 * @return 0; NOT_FOUND; NOT_DIRECTORY, also for a symbolic link; NOT_EMPTY; BUSY.
 */
int32_t thimble_platform_file_remove_directory_at(uintptr_t directory, const char *name);

/**
 * Gives a name another name. A file there is replaced, as is an empty directory
 * by a directory; a name renamed to itself stays.
 *
 * @return 0; NOT_FOUND; IS_DIRECTORY when a file would replace a directory;
 *         NOT_DIRECTORY the other way round; NOT_EMPTY; INVALID_ARGUMENT when a
 *         directory would move into itself; CROSSES_DEVICES; BUSY.
 */
int32_t thimble_platform_file_rename_at(uintptr_t directory, const char *name,
                                        uintptr_t to_directory, const char *to_name);

/**
 * Gives an object a further name; to_name is the new one.
 *
 * @return 0; NOT_FOUND; ALREADY_EXISTS; NOT_PERMITTED for a directory;
 *         TOO_MANY_LINKS; CROSSES_DEVICES; NOT_SUPPORTED without hard links.
 */
int32_t thimble_platform_file_link_at(uintptr_t directory, const char *name,
                                      uintptr_t to_directory, const char *to_name);

/**
 * Makes a symbolic link that says target, which is not empty and need not lead
 * anywhere.
 *
 * @return 0; ALREADY_EXISTS; NOT_SUPPORTED without symbolic links.
 */
int32_t thimble_platform_file_symlink_at(const char *target, uintptr_t directory,
                                         const char *name);

/**
 * Reads what a symbolic link says, as much as fits and without NUL.
 *
 * @return Its whole length, which may be more than fits; NOT_FOUND;
 *         INVALID_ARGUMENT for something other than a symbolic link.
 */
int32_t thimble_platform_file_read_link_at(uintptr_t directory, const char *name,
                                           void *buffer, size_t length);

/* Stream sockets (optional: HAS_SOCKETS) ------------------------------------------
 *
 * No call waits: where it would, it gives WOULD_BLOCK. Every call gives
 * BAD_DESCRIPTOR for an unknown handle. */

/** An address of the Internet. */
struct thimble_platform_address {
    /** IPv6 only: flow information. */
    uint32_t flow;
    /** IPv6 only: scope. */
    uint32_t scope;
    /** The port, in the machine's byte order; 0 lets the system choose. */
    uint16_t port;
    /** 4 or 6. */
    uint8_t family;
    /** The address, first byte first; IPv4 takes the first four. */
    uint8_t bytes[16];
};

/** No more is received. */
#define THIMBLE_PLATFORM_SHUTDOWN_READ 0
/** No more is sent; the other side reads the end. */
#define THIMBLE_PLATFORM_SHUTDOWN_WRITE 1
/** Both. */
#define THIMBLE_PLATFORM_SHUTDOWN_BOTH 2

/**
 * Makes a socket that listens.
 *
 * @param backlog How many connections may wait, at least 1; may be lowered.
 * @return 0; ADDRESS_IN_USE; ADDRESS_NOT_AVAILABLE; PERMISSION_DENIED;
 *         NOT_SUPPORTED for a family the system does not have; TOO_MANY_OPEN.
 */
int32_t thimble_platform_socket_listen(const struct thimble_platform_address *address,
                                       uint32_t backlog, uintptr_t *socket);

/**
 * Starts to connect. The socket is ready to write when the connection is there;
 * when it failed, poll or the first use says so.
 *
 * @return 0; as socket_listen; and at once or later CONNECTION_REFUSED,
 *         UNREACHABLE, TIMED_OUT.
 */
int32_t thimble_platform_socket_connect(const struct thimble_platform_address *address,
                                        uintptr_t *socket);

/**
 * Takes a waiting connection.
 *
 * @param address Set to the address at the other end.
 * @return 0; WOULD_BLOCK when none waits; INVALID_ARGUMENT when the socket does
 *         not listen; CONNECTION_ABORTED; TOO_MANY_OPEN.
 */
int32_t thimble_platform_socket_accept(uintptr_t listener, uintptr_t *socket,
                                       struct thimble_platform_address *address);

/**
 * Receives at least one byte.
 *
 * @param length At most 2^30.
 * @param peek 1 to leave the bytes to be received again.
 * @return How many bytes; 0 at the end of the stream, or for a length of 0;
 *         WOULD_BLOCK; CONNECTION_RESET; NOT_CONNECTED.
 */
int32_t thimble_platform_socket_receive(uintptr_t socket, void *buffer, size_t length,
                                        uint8_t peek);

/**
 * Sends some bytes, at least one unless length is 0.
 *
 * @param length At most 2^30.
 * @return How many bytes; WOULD_BLOCK; BROKEN_PIPE; CONNECTION_RESET;
 *         NOT_CONNECTED.
 */
int32_t thimble_platform_socket_send(uintptr_t socket, const void *data, size_t length);

/**
 * Ends one or both directions of a connection.
 *
 * @param how One of THIMBLE_PLATFORM_SHUTDOWN_...
 * @return 0; NOT_CONNECTED; NOT_SUPPORTED to end sending alone where the system has
 *         no connections that are half open, which changes nothing.
 */
int32_t thimble_platform_socket_shutdown(uintptr_t socket, uint8_t how);

/** Fills in a socket's own address, with the port the system chose. @return 0. */
int32_t thimble_platform_socket_local_address(uintptr_t socket,
                                              struct thimble_platform_address *address);

/**
 * Fills in the address at the other end.
 *
 * @return 0; NOT_CONNECTED.
 */
int32_t thimble_platform_socket_peer_address(uintptr_t socket,
                                             struct thimble_platform_address *address);

/**
 * Whether a socket listens, rather than being connected or connecting.
 *
 * @return 1 or 0.
 */
int32_t thimble_platform_socket_is_listener(uintptr_t socket);

/** Ends a socket and its handle, which is gone after an error too. @return 0. */
int32_t thimble_platform_socket_close(uintptr_t socket);

#ifdef __cplusplus
}
#endif

#endif
