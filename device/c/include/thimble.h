/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Thimble for firmware in C: WebAssembly programs with native functions.
 *
 *     thimble_module_open("blink", &module, NULL)           or thimble_module_load
 *     thimble_instance_create(module, &options, &instance, NULL)
 *     thimble_instance_function(instance, "add", "(ii)i", &add)
 *     thimble_instance_call(instance, &add, arguments, results)
 *     thimble_instance_destroy(instance)
 *     thimble_module_unload(module)
 *
 * RESULTS. Calls that return int32_t give 0 for success, or what is documented, and
 * a negative number for an error: minus (kind + 256 * detail), which THIMBLE_KIND()
 * and THIMBLE_DETAIL() take apart. Any call may give THIMBLE_INVALID_ARGUMENT, for
 * NULL where it is not allowed and text that is not UTF-8, and calls that allocate
 * THIMBLE_OUT_OF_MEMORY. A call that fails leaves nothing behind, and leaves the
 * places for its results as they were.
 *
 * OWNERSHIP. Modules and instances belong to whoever made them, and are given back
 * once. What a caller passes is needed during the call only, unless the description
 * says otherwise. Handles are not checked beyond NULL: the firmware is trusted.
 *
 * THREADS. A guest runs on the thread of its caller. Functions of modules may be
 * called from any thread. One instance is used by one thread at a time, but for
 * thimble_instance_stop, thimble_instance_is_stopped and
 * thimble_instance_statistics, which any thread may call until the instance is
 * destroyed. None may be called from an interrupt.
 *
 * NATIVE STACK. Calls of a guest's functions by each other take none. A guest's run
 * takes a fixed amount of its thread's stack, and so does each native function that
 * calls back into a guest. Translating a module takes the most.
 *
 * TEXT of type char is UTF-8 and ends with NUL, unless it comes with a length.
 */

#ifndef THIMBLE_H
#define THIMBLE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Errors ----------------------------------------------------------------------- */

/** Kinds of errors. Numbers never change. */
enum thimble_kind {
    /** An argument is not what the call's description allows. */
    THIMBLE_INVALID_ARGUMENT = 1,
    /** No memory for what the call needs, or for the guest's stack to grow. */
    THIMBLE_OUT_OF_MEMORY = 2,
    /** No program, file or export of that name. */
    THIMBLE_NOT_FOUND = 3,
    /** Not a valid module. The detail is the offset of what is wrong. */
    THIMBLE_INVALID_MODULE = 4,
    /** An image is damaged, or was refused by the verifier. */
    THIMBLE_INVALID_IMAGE = 5,
    /** An image was made by another version of Thimble, or for one with more features. */
    THIMBLE_WRONG_VERSION = 6,
    /** This firmware cannot do that. */
    THIMBLE_NOT_SUPPORTED = 7,
    /** An import is not there. The detail is its number in the module, from 0. */
    THIMBLE_MISSING_IMPORT = 8,
    /** An import has another type. The detail is its number in the module, from 0. */
    THIMBLE_INCOMPATIBLE_IMPORT = 9,
    /** An export has another type. */
    THIMBLE_WRONG_TYPE = 10,
    /** The guest failed. The detail is one of enum thimble_trap. */
    THIMBLE_TRAP = 11,
    /** The guest was stopped by thimble_instance_stop. */
    THIMBLE_STOPPED = 12,
    /** The guest has used up its fuel. */
    THIMBLE_OUT_OF_FUEL = 13,
    /** The guest ended itself. The detail is its exit status. */
    THIMBLE_EXIT = 14,
    /** A native function failed. The detail is the number that it returned. */
    THIMBLE_NATIVE = 15,
    /** A limit of the firmware was reached. */
    THIMBLE_LIMIT = 16,
    /** A range is not within the guest's memory. */
    THIMBLE_OUT_OF_BOUNDS = 17,
    /** The instance is in use: by a call of another thread, or it would be destroyed
     *  by a native function that it called. */
    THIMBLE_BUSY = 18,
    /** The system below failed. The detail is one of enum thimble_platform_error. */
    THIMBLE_SYSTEM = 19,
};

/** Why a guest failed. Numbers never change. */
enum thimble_trap {
    THIMBLE_TRAP_UNREACHABLE = 1,
    THIMBLE_TRAP_MEMORY_OUT_OF_BOUNDS = 2,
    THIMBLE_TRAP_TABLE_OUT_OF_BOUNDS = 3,
    THIMBLE_TRAP_UNDEFINED_ELEMENT = 4,
    THIMBLE_TRAP_UNINITIALIZED_ELEMENT = 5,
    THIMBLE_TRAP_INDIRECT_CALL_TYPE_MISMATCH = 6,
    THIMBLE_TRAP_INTEGER_DIVIDE_BY_ZERO = 7,
    THIMBLE_TRAP_INTEGER_OVERFLOW = 8,
    THIMBLE_TRAP_INVALID_CONVERSION_TO_INTEGER = 9,
    THIMBLE_TRAP_STACK_OVERFLOW = 10,
};

/** The error of a kind, with a detail from 0 to 0x7fffff. */
#define THIMBLE_ERROR(kind, detail) \
    (-(int32_t)((uint32_t)(kind) + 256u * ((uint32_t)(detail) & 0x7fffffu)))

/** The kind of an error. */
#define THIMBLE_KIND(error) ((int32_t)((0u - (uint32_t)(error)) & 0xffu))

/** The detail of an error; 0x7fffff if it is that or more. */
#define THIMBLE_DETAIL(error) ((int32_t)((0u - (uint32_t)(error)) >> 8))

/** What there is to say about an error. */
struct thimble_error {
    /** As the call returned it. */
    int32_t status;
    /** Bytes of message. */
    uint32_t message_length;
    /** What is wrong: a constant text, which does not end with NUL. */
    const char *message;
    /** What it is about, such as "env.led" or the name of a file; "" if that is clear.
     *  It is cut if it is longer. */
    char subject[40];
};

/**
 * Puts an error into words, in one line: "env.led: unknown import".
 *
 * @param text Filled in and ended with NUL, cut to size. May be NULL if size is 0.
 * @return The length of the whole text, without NUL.
 */
size_t thimble_error_text(const struct thimble_error *error, char *text, size_t size);

/* Modules ------------------------------------------------------------------------ */

/** A program: validated, translated to an image, and ready to be instantiated. */
struct thimble_module;

/** The bytes stay as they are until the module is unloaded and its instances are
 *  destroyed: an image is executed where it lies, and not copied. */
#define THIMBLE_MODULE_STAYS 1u

/** The bytes are an image that this version of Thimble made and nobody changed, such as
 *  one that the build put into the firmware, and stay for ever: it is executed where it
 *  lies without being verified. Any other image could do with the firmware as it likes. */
#define THIMBLE_MODULE_TRUSTED 2u

/**
 * Loads a module, which is translated, or an image, which is verified, from memory.
 *
 * @param bytes Aligned to 4 bytes, if one of the flags is set.
 * @param flags 0, THIMBLE_MODULE_STAYS or THIMBLE_MODULE_TRUSTED.
 * @param module Set to the module; to be given to thimble_module_unload.
 * @param error Filled in on failure. May be NULL.
 * @return 0, THIMBLE_INVALID_MODULE, THIMBLE_INVALID_IMAGE, THIMBLE_WRONG_VERSION,
 *         or THIMBLE_LIMIT where the firmware was built without the translator, or
 *         without the verifier, that the bytes need.
 */
int32_t thimble_module_load(const void *bytes, size_t length, uint32_t flags,
                            struct thimble_module **module, struct thimble_error *error);

/**
 * Loads a program by its name, as `wasm run` does: with a '/' in it, it is the path of a
 * file, which is read in pieces; else a program of the firmware (thimble_add_app), or an
 * installed one.
 *
 * @param module Set to the module; to be given to thimble_module_unload.
 * @param error Filled in on failure. May be NULL.
 * @return 0, THIMBLE_NOT_FOUND, THIMBLE_SYSTEM, or as thimble_module_load.
 */
int32_t thimble_module_open(const char *name, struct thimble_module **module,
                            struct thimble_error *error);

/**
 * Gives a module back. Its memory is free when its instances are destroyed, too.
 *
 * @param module May be NULL.
 */
void thimble_module_unload(struct thimble_module *module);

/** The bytes of a module's image. 0 for NULL. */
size_t thimble_module_size(const struct thimble_module *module);

/* Native functions --------------------------------------------------------------- */

/** A running program: an instance of a module, with its memory and stack. */
struct thimble_instance;

/** A value. Which member counts is said by a signature. */
union thimble_value {
    int32_t i32;
    int64_t i64;
    float f32;
    double f64;
};

/** The most parameters, and the most results, of a function here. */
#define THIMBLE_MAX_VALUES 16

/**
 * A function of the firmware that guests call, on the guest's thread.
 *
 * It may use the instance: its memory, its exports, its fuel. What a guest passes is
 * not to be trusted: addresses go through thimble_memory_... of this header.
 * thimble_instance_stop does not end it: one that waits for long asks
 * thimble_instance_is_stopped now and then.
 *
 * @param arguments As many as the signature has.
 * @param results As many as the signature has, to be set; 0 at first.
 * @return 0; a number above 0, with which the guest's run ends as THIMBLE_NATIVE; or
 *         an error of this header, such as one of a call it made itself, or
 *         THIMBLE_ERROR(THIMBLE_TRAP, THIMBLE_TRAP_UNREACHABLE), or
 *         THIMBLE_ERROR(THIMBLE_EXIT, 0). The run ends with that error if it is a trap,
 *         an exit, a stop, or want of memory or fuel, and otherwise as THIMBLE_NATIVE
 *         with the kind as the detail.
 */
typedef int32_t (*thimble_native_function)(struct thimble_instance *instance, void *context,
                                           const union thimble_value *arguments,
                                           union thimble_value *results);

/** A native function, as guests import it. */
struct thimble_native {
    /** The module that guests import it from, such as "env". */
    const char *module;
    /** Its name there. */
    const char *name;
    /** Parameters in parentheses, then results: i is an i32, I an i64, f an f32, F an
     *  f64. "(iI)f" takes an i32 and an i64 and returns an f32; "()" does neither. */
    const char *signature;
    /** What is called. */
    thimble_native_function function;
    /** Handed to the function as it is. May be NULL. */
    void *context;
};

/* Instances ---------------------------------------------------------------------- */

/** No bound of fuel. */
#define THIMBLE_UNBOUNDED UINT64_MAX

/** What an instance has and may use. All zeros is what a firmware usually wants. */
struct thimble_instance_options {
    /** Native functions that the guest may import; they come before WASI's of the same
     *  name. The table and its texts stay until the instance is destroyed. */
    const struct thimble_native *natives;
    size_t native_count;
    /** The size that the guest's memories together do not grow beyond, in bytes;
     *  0 for what the firmware is configured with. */
    uint64_t memory;
    /** Back edges and calls after which it ends with THIMBLE_OUT_OF_FUEL; 0 for no
     *  bound. */
    uint64_t fuel;
    /** The guest's stack in cells of 4 bytes, at most; 0 for what the firmware is
     *  configured with. */
    uint32_t stack_cells;
};

/**
 * Makes an instance, which has no functions to import but the native ones.
 *
 * No code of the guest runs before the first thimble_instance_run,
 * thimble_instance_function or thimble_memory_...: the first of them resolves the
 * imports, makes the memory, and runs the start function, and the function
 * `_initialize` if the guest exports it, so it may give the errors of these as well:
 * THIMBLE_MISSING_IMPORT, THIMBLE_INCOMPATIBLE_IMPORT, and those of
 * thimble_instance_call. If that fails, all later ones fail in the same way.
 *
 * @param options May be NULL, for all zeros.
 * @param instance Set to the instance; to be given to thimble_instance_destroy.
 * @param error Filled in on failure. May be NULL.
 * @return 0, or THIMBLE_INVALID_ARGUMENT for a signature that is none.
 */
int32_t thimble_instance_create(struct thimble_module *module,
                                const struct thimble_instance_options *options,
                                struct thimble_instance **instance,
                                struct thimble_error *error);

/** A directory that a program is given. */
struct thimble_directory {
    /** Its path in the system. */
    const char *path;
    /** What the program calls it, such as "/". */
    const char *name;
    /** Not 0 if the program may only read. */
    uint8_t read_only;
};

/** Where a program reads its standard input. */
struct thimble_input {
    /**
     * Fills the buffer from its front. It may wait; see thimble_instance_is_stopped.
     *
     * @param length At least 1.
     * @return How many bytes, 0 at the end; or a negative number, which the program
     *         is told as an input error.
     */
    int32_t (*read)(void *context, void *buffer, size_t length);
    /** Handed to the function as it is. May be NULL. */
    void *context;
};

/** Where a program writes its standard output or errors. */
struct thimble_output {
    /**
     * Takes bytes from the front.
     *
     * @param length At least 1.
     * @return How many bytes, at least 1; or a negative number, which the program is
     *         told as an output error.
     */
    int32_t (*write)(void *context, const void *bytes, size_t length);
    /** Handed to the function as it is. May be NULL. */
    void *context;
};

/** What a program sees of the system through WASI. All zeros is a program without
 *  arguments and files, which writes to the console. */
struct thimble_wasi_options {
    /** Arguments; the first is by custom the program's name. */
    const char *const *arguments;
    size_t argument_count;
    /** The environment: "NAME=value" each. */
    const char *const *variables;
    size_t variable_count;
    /** Directories; the first is descriptor 3. */
    const struct thimble_directory *directories;
    size_t directory_count;
    /** Standard input; NULL for one that is at its end. */
    const struct thimble_input *input;
    /** Standard output; NULL for the system's console. */
    const struct thimble_output *output;
    /** Standard error; NULL for the system's console. */
    const struct thimble_output *error;
};

/**
 * As thimble_instance_create, for a program that uses WASI. A firmware that does not
 * call this function does not carry WASI.
 *
 * @param wasi May be NULL, for all zeros. The contexts of the streams stay until the
 *        instance is destroyed.
 * @return As thimble_instance_create; THIMBLE_NOT_FOUND and THIMBLE_SYSTEM for a
 *         directory that cannot be opened, THIMBLE_NOT_SUPPORTED where the firmware
 *         has no files, no arguments, or no WASI at all, THIMBLE_LIMIT for more
 *         directories than a program may have descriptors.
 */
int32_t thimble_program_create(struct thimble_module *module,
                               const struct thimble_instance_options *options,
                               const struct thimble_wasi_options *wasi,
                               struct thimble_instance **instance, struct thimble_error *error);

/**
 * Ends an instance: gives back its memory, closes its files.
 *
 * @param instance May be NULL. It does not run, and no other thread uses it.
 * @return 0, or THIMBLE_BUSY from a native function that the instance called: it stays.
 */
int32_t thimble_instance_destroy(struct thimble_instance *instance);

/**
 * Runs a program: calls the function `_start` that it exports, to its end.
 *
 * @param exit_status Set to the program's, 0 if it just returned. May be NULL.
 * @return 0 also for an exit status that is not; THIMBLE_NOT_FOUND for a module that is
 *         no program; otherwise as thimble_instance_call, but for THIMBLE_EXIT.
 */
int32_t thimble_instance_run(struct thimble_instance *instance, int32_t *exit_status);

/** A function that an instance exports; set by thimble_instance_function. It means
 *  something to that instance only, and needs not be given back. */
struct thimble_function {
    uint32_t opaque[2];
};

/**
 * Finds a function that the guest exports.
 *
 * @param signature As in struct thimble_native.
 * @return 0, THIMBLE_NOT_FOUND, THIMBLE_WRONG_TYPE, or as said at
 *         thimble_instance_create.
 */
int32_t thimble_instance_function(struct thimble_instance *instance, const char *name,
                                  const char *signature, struct thimble_function *function);

/**
 * Calls a function of the guest.
 *
 * @param arguments As many as its signature has; not used if that is none.
 * @param results Set; as many as its signature has. Not used if that is none.
 * @return 0, THIMBLE_TRAP, THIMBLE_STOPPED, THIMBLE_OUT_OF_FUEL, THIMBLE_OUT_OF_MEMORY,
 *         THIMBLE_EXIT or THIMBLE_NATIVE. The instance can be used after an error; what
 *         is in its memory is then up to the guest.
 */
int32_t thimble_instance_call(struct thimble_instance *instance,
                              const struct thimble_function *function,
                              const union thimble_value *arguments,
                              union thimble_value *results);

/**
 * Stops an instance for good, from any thread: its run ends with THIMBLE_STOPPED at its
 * next back edge or call, or out of a wait in WASI, and so does every later one. Does
 * not wait for that.
 *
 * @param instance May be NULL.
 */
void thimble_instance_stop(struct thimble_instance *instance);

/** Whether thimble_instance_stop was called: 1 or 0. */
int32_t thimble_instance_is_stopped(const struct thimble_instance *instance);

/** Bounds the runs from now on to this many back edges and calls.
 *  @param fuel THIMBLE_UNBOUNDED for no bound. */
int32_t thimble_instance_set_fuel(struct thimble_instance *instance, uint64_t fuel);

/** The fuel that is left. @param fuel Set; THIMBLE_UNBOUNDED if there is no bound. */
int32_t thimble_instance_fuel(struct thimble_instance *instance, uint64_t *fuel);

/** What an instance uses, in bytes. */
struct thimble_statistics {
    /** Its linear memories. */
    size_t memory;
    /** The stack of its guest, which grows as calls need it and does not shrink. */
    size_t stack;
    /** The image of its module, which it shares with others. */
    size_t image;
};

/** Says what an instance uses. From any thread, also while it runs. */
int32_t thimble_instance_statistics(const struct thimble_instance *instance,
                                    struct thimble_statistics *statistics);

/**
 * The last error of a call with this instance, for thimble_error_text.
 *
 * @return Valid until the next call with this instance; its status is 0 if none has
 *         failed. NULL for NULL.
 */
const struct thimble_error *thimble_instance_error(const struct thimble_instance *instance);

/** A function that was running when a trap happened. */
struct thimble_frame {
    /** Its name, which does not end with NUL; NULL if the module has no names. Valid
     *  until the instance is destroyed. */
    const char *name;
    /** Bytes of the name. */
    size_t name_length;
    /** Its number in the module. */
    uint32_t function;
    /** Where in the module, in bytes from its start; UINT32_MAX if that is not known. */
    uint32_t offset;
};

/**
 * Where the last trap happened.
 *
 * @param index 0 for the innermost function.
 * @param frame Filled in.
 * @return 1; 0 behind the last frame that was noted.
 */
int32_t thimble_instance_frame(struct thimble_instance *instance, size_t index,
                               struct thimble_frame *frame);

/* Memory of a guest --------------------------------------------------------------
 * The first memory that the instance exports, or in a native function that a guest
 * calls before that one is known, the caller's. Addresses are the guest's, from 0. They
 * give THIMBLE_NOT_FOUND for a guest without a memory, THIMBLE_OUT_OF_BOUNDS for a range
 * that is not in it, or as said at thimble_instance_create. */

/** Bytes of the memory now. @param size Set. */
int32_t thimble_memory_size(struct thimble_instance *instance, uint64_t *size);

/** Copies bytes from the guest. @param to Not changed on failure. */
int32_t thimble_memory_read(struct thimble_instance *instance, uint64_t address, void *to,
                            size_t length);

/** Copies bytes to the guest; all of them, or none on failure. */
int32_t thimble_memory_write(struct thimble_instance *instance, uint64_t address,
                             const void *from, size_t length);

/**
 * Gives access to a range of the memory, once it was checked to be in it.
 *
 * @param pointer Set to its first byte. Valid until the guest runs again or is
 *        destroyed: its memory may move when it grows. Not aligned to anything.
 */
int32_t thimble_memory_pointer(struct thimble_instance *instance, uint64_t address,
                               size_t length, void **pointer);

#ifdef __cplusplus
}
#endif

#endif
