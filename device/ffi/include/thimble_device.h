/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Between the firmware's C side and what Thimble does with programs.
 *
 * The first part is what a shim defines beside thimble_platform.h; the second is
 * what it calls: a line of the shell is handed to thimble_command().
 *
 * Text that is given with a length need not end with NUL. Errors are those of
 * thimble_platform.h.
 */

#ifndef THIMBLE_DEVICE_H
#define THIMBLE_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a shim defines ---------------------------------------------------------- */

/** Limits and defaults. Sizes are in bytes, priorities in the system's numbering. */
struct thimble_device_settings {
    /** The size that the memories of a program together do not grow beyond. */
    uint64_t memory;
    /** Fuel after which thimble_device_pause is called; 0 for never. Fuel is counted
     *  in calls and backward branches. */
    uint64_t slice;
    /** Programs that run at once, at most. */
    size_t processes;
    /** Directories that a program can be given, at most. */
    size_t directories;
    /** Bytes that are moved at once between a program and the system. */
    size_t transfer;
    /** The native stack of a program's thread. */
    size_t thread_stack;
    /** Bytes of each program's output that are kept; 0 for none. */
    size_t log;
    /** Bytes of a line, at most, that a program of thimble.h writes to the console, for one that
     *  makes a record of each write; longer ones are cut. 0 for a console that takes what
     *  comes, as it comes. */
    size_t console_line;
    /** The guest's stack of a program, in cells of 4 bytes, at most. */
    uint32_t stack_cells;
    /** Elements of a program's tables, at most. */
    uint32_t table_elements;
    /** Frames that are noted of a trap. */
    uint32_t backtrace_frames;
    /** Host functions of a program under each other, at most. */
    uint32_t host_depth;
    /** Descriptors of a program, at most. */
    uint32_t descriptors;
    /** Connections to a program that wait to be accepted, at most. */
    uint32_t backlog;
    /** The priority of a program's thread. */
    int32_t priority;
    /** The least and the greatest number that may be asked for instead. */
    int32_t least_priority;
    int32_t greatest_priority;
    /** The most detailed messages for thimble_device_log: THIMBLE_DEVICE_LOG_...,
     *  or 0 for none. */
    uint32_t log_level;
    /** The directory of installed programs, which need files; or NULL. */
    const char *store;
    /** What the command of the shell is called, in its messages; NULL for `wasm`. */
    const char *command;
};

/** A program that is part of the firmware. */
struct thimble_device_program {
    /** Its name. */
    const char *name;
    /** A module, or an image; it lies there for ever. */
    const uint8_t *content;
    /** Its bytes. */
    size_t length;
    /** 1 for an image that the build of the firmware made: it is executed without
     *  being verified. 0 for a module. */
    uint8_t is_image;
};

/** What a thread uses; THIMBLE_DEVICE_UNKNOWN where no account is kept. */
struct thimble_device_usage {
    /** Processor time in nanoseconds. */
    uint64_t time;
    /** Bytes that it has allocated and not given back, without its stack. */
    uint64_t heap;
    /** The most of its stack that it has used, in bytes. */
    uint64_t stack_peak;
    /** Its stack in bytes. */
    uint64_t stack_size;
    /** 1 if it waits for something, 0 if it runs or is ready to. */
    uint64_t waits;
};

/** A field of struct thimble_device_usage that is not known. */
#define THIMBLE_DEVICE_UNKNOWN UINT64_MAX

/** The limits; the same at every call. */
const struct thimble_device_settings *thimble_device_settings(void);

/**
 * Finds a program of the firmware by number.
 *
 * @return 1; 0 after the last.
 */
int32_t thimble_device_program(size_t index, struct thimble_device_program *program);

/** Fills in what a thread uses. @param thread From thimble_platform_thread_spawn. */
void thimble_device_usage(uintptr_t thread, struct thimble_device_usage *usage);

/**
 * Asks that thimble_tick is called at this time (thimble_platform_clock_now), or as
 * soon after as can be, on a thread that is no program's. Called again before, the
 * earlier of the times counts. It does not call thimble_tick itself.
 */
void thimble_device_schedule_tick(uint64_t at);

/** Lets other threads run; called on a program's thread. */
void thimble_device_pause(void);

/** A program that was given this stream by a session has ended. */
void thimble_device_close_stream(uintptr_t stream);

#define THIMBLE_DEVICE_LOG_ERROR 1
#define THIMBLE_DEVICE_LOG_WARNING 2
#define THIMBLE_DEVICE_LOG_INFORMATION 3
#define THIMBLE_DEVICE_LOG_DEBUG 4

/** A message for the system's log. @param level THIMBLE_DEVICE_LOG_...
 *  @param text ends with a NUL, which `length` does not count */
void thimble_device_log(uint32_t level, const char *text, size_t length);

/**
 * Allocates for the Rust side.
 *
 * @param size Above 0.
 * @param alignment A power of two.
 * @return NULL without room.
 */
void *thimble_device_allocate(size_t size, size_t alignment);

/**
 * As realloc.
 *
 * @param old_size What the block has.
 * @param alignment What the block was allocated with.
 */
void *thimble_device_reallocate(void *block, size_t old_size, size_t size, size_t alignment);

/** Gives a block back. @param size What it has. */
void thimble_device_release(void *block, size_t size);

/** What the heap has, in bytes. */
struct thimble_device_heap {
    /** Allocated now, and the most that was at once. */
    uint64_t allocated;
    uint64_t peak;
    /** Left. */
    uint64_t free;
};

/** Fills in what the heap has. @return 1; 0 where no account is kept. */
int32_t thimble_device_heap(struct thimble_device_heap *heap);

/** Ends the firmware after an error in the runtime itself. Does not return. */
void thimble_device_fatal(const char *file, size_t file_length, uint32_t line);

/* A flash partition for installed programs, if the library was built with it:
 * written by nobody but Thimble. Offsets and lengths are in bytes, within it. */

/** What the partition is like. */
struct thimble_device_flash {
    /** Its size. */
    uint32_t size;
    /** What is erased at once; a power of two. */
    uint32_t erase_size;
    /** What is written at once, from 1 to 64; a power of two. */
    uint32_t write_size;
    /** What an erased byte reads as. */
    uint8_t erased;
    /** Where it can be read, and executed from by an interpreter, like memory; or NULL. */
    const uint8_t *mapping;
};

/** Describes the partition. @return 0; an error when it cannot be used now. */
int32_t thimble_device_flash(struct thimble_device_flash *flash);

/** Reads. @return 0 or an error. */
int32_t thimble_device_flash_read(uint32_t offset, void *buffer, size_t length);

/** Writes what was erased; multiples of the write size. @return 0 or an error. */
int32_t thimble_device_flash_write(uint32_t offset, const void *data, size_t length);

/** Erases; multiples of the erase size. @return 0 or an error. */
int32_t thimble_device_flash_erase(uint32_t offset, size_t length);

/* What a shim calls --------------------------------------------------------------- */

/** A person at a shell. Functions get the context as it came. */
struct thimble_session {
    void *context;
    /** Writes text of a command. */
    void (*write)(void *context, const char *text, size_t length);
    /**
     * Makes the standard streams of a program, console streams of
     * thimble_platform.h; thimble_device_close_stream is called for each of them at
     * its end.
     *
     * @param foreground 1 if the person waits for the program, whose input it is.
     * @param streams Set to input, output and error. Without foreground there is no
     *        input, and the first is not used.
     * @return 0 or an error.
     */
    int32_t (*open_streams)(void *context, uint8_t foreground, uintptr_t streams[3]);
    /**
     * Called every few milliseconds while a command waits: takes what was typed to
     * the program in the foreground.
     *
     * @return 1 when the person asked to end the command (Ctrl-C).
     */
    uint8_t (*interrupted)(void *context);
};

/**
 * Does a command: `run hello`, `ps`, and so on.
 *
 * @param argv The words after the name of the command; NUL ends each.
 * @return 0, or the exit status of a program or command that failed.
 */
int32_t thimble_command(const struct thimble_session *session, size_t argc,
                        const char *const *argv);

/** Does what has become due; see thimble_device_schedule_tick. */
void thimble_tick(void);

/**
 * Tells that a thread is gone without having returned from its entry: somebody has deleted it,
 * which is a mistake. If it was a program's, that has ended; it is joined meanwhile, by
 * thimble_platform_thread_join, which then must not wait for it. Called on a thread that is no
 * program's; again, as long as nobody has joined the thread, since a thread that was just made
 * is not known yet.
 *
 * @param thread From thimble_platform_thread_spawn.
 */
void thimble_thread_deleted(uintptr_t thread);

/**
 * The name of a program that can be run, by number: of the firmware, then installed.
 *
 * @param name Filled in, with NUL.
 * @param size Bytes of name, at least 32.
 * @return Whether there is one.
 */
bool thimble_program_name(size_t index, char *name, size_t size);

/**
 * The number of a program that was started, by its place among them.
 *
 * @param ended 1 for all whose output is known, 0 for those only that run.
 * @return 0 if there are not so many.
 */
uint32_t thimble_program_number(size_t index, bool ended);

#ifdef __cplusplus
}
#endif

#endif
