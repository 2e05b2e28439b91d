/* SPDX-License-Identifier: Apache-2.0 */

/* Native functions, calls, memory, limits, stopping. The guest is in tests/api.rs. */

#include <pthread.h>

#include "check.h"
#include "thimble.h"

/* What the native functions were last called with. */
static struct thimble_instance *last_instance;
static void *last_context;

static int32_t sum(struct thimble_instance *instance, void *context,
                   const union thimble_value *arguments, union thimble_value *results)
{
    last_instance = instance;
    last_context = context;
    results[0].f64 = arguments[0].i32 + (double)arguments[1].i64 + arguments[2].f32 +
                     arguments[3].f64;
    return 0;
}

/* Returns what the guest wants. */
static int32_t fail(struct thimble_instance *instance, void *context,
                    const union thimble_value *arguments, union thimble_value *results)
{
    (void)instance;
    (void)context;
    (void)results;
    return arguments[0].i32;
}

/* Calls the guest's function `twice`. */
static int32_t back(struct thimble_instance *instance, void *context,
                    const union thimble_value *arguments, union thimble_value *results)
{
    struct thimble_function twice;
    int32_t status;

    (void)context;
    /* The guest, which runs, cannot be taken away. */
    if (!IS(thimble_instance_destroy(instance), THIMBLE_BUSY)) {
        return 1;
    }
    status = thimble_instance_function(instance, "twice", "(i)i", &twice);
    if (status < 0) {
        return status;
    }
    return thimble_instance_call(instance, &twice, arguments, results);
}

/* Calls the guest's function `deeper`, which calls this. */
static int32_t deeper(struct thimble_instance *instance, void *context,
                      const union thimble_value *arguments, union thimble_value *results)
{
    struct thimble_function function;
    int32_t status;

    (void)context;
    status = thimble_instance_function(instance, "deeper", "()", &function);
    return status < 0 ? status : thimble_instance_call(instance, &function, arguments, results);
}

/* Turns a text of the guest's to capital letters. */
static int32_t shout(struct thimble_instance *instance, void *context,
                     const union thimble_value *arguments, union thimble_value *results)
{
    uint32_t address = (uint32_t)arguments[0].i32;
    uint32_t length = (uint32_t)arguments[1].i32;
    char *text;
    int32_t status;

    (void)context;
    (void)results;
    status = thimble_memory_pointer(instance, address, length, (void **)&text);
    if (status < 0) {
        return status;
    }
    for (uint32_t index = 0; index < length; index++) {
        text[index] &= 0xdf;
    }
    return 0;
}

static const struct thimble_native natives[] = {
    {"env", "sum", "(iIfF)F", sum, &last_context},
    {"env", "fail", "(i)", fail, NULL},
    {"env", "back", "(i)i", back, NULL},
    {"env", "deeper", "()", deeper, NULL},
    {"env", "shout", "(ii)", shout, NULL},
    {"env", "never-imported", "(i)", fail, NULL},
};

static const struct thimble_instance_options options = {
    .natives = natives,
    .native_count = sizeof(natives) / sizeof(natives[0]),
};

static int says(const struct thimble_error *error, const char *words)
{
    char text[128];

    thimble_error_text(error, text, sizeof(text));
    if (strcmp(text, words) != 0) {
        fprintf(stderr, "says: %s\n", text);
        return 0;
    }
    return 1;
}

int test_call(struct thimble_module *module)
{
    struct thimble_instance *instance;
    struct thimble_function function;
    union thimble_value values[4] = {
        {.i32 = -5}, {.i64 = INT64_C(-6000000000)}, {.f32 = 1.5f}, {.f64 = -2.25}};
    union thimble_value results[4];

    CHECK(thimble_instance_create(module, &options, &instance, NULL) == 0);
    CHECK(thimble_instance_function(instance, "mix", "(iIfF)FfIi", &function) == 0);
    CHECK(thimble_instance_call(instance, &function, values, results) == 0);
    CHECK(results[0].f64 == -2.25 && results[1].f32 == 1.5f);
    CHECK(results[2].i64 == INT64_C(-6000000000) && results[3].i32 == -5);

    CHECK(thimble_instance_function(instance, "sum", "(iIfF)F", &function) == 0);
    CHECK(thimble_instance_call(instance, &function, values, results) == 0);
    CHECK(results[0].f64 == -5 - 6e9 + 1.5 - 2.25);
    CHECK(last_instance == instance && last_context == &last_context);

    CHECK(thimble_instance_function(instance, "back", "(i)i", &function) == 0);
    values[0].i32 = 21;
    CHECK(thimble_instance_call(instance, &function, values, results) == 0);
    CHECK(results[0].i32 == 42);
    CHECK(thimble_instance_error(instance)->status == 0);
    CHECK(thimble_instance_destroy(instance) == 0);
    CHECK(thimble_instance_destroy(NULL) == 0);
    return 0;
}

int test_call_refused(struct thimble_module *module)
{
    struct thimble_instance *instance;
    struct thimble_instance *other;
    struct thimble_function function;
    union thimble_value value = {.i32 = 1};
    int32_t status;

    CHECK(thimble_instance_create(module, &options, &instance, NULL) == 0);
    status = thimble_instance_function(instance, "nothing", "()", &function);
    CHECK(IS(status, THIMBLE_NOT_FOUND));
    CHECK(SAYS(thimble_instance_error(instance),
               "nothing: no function is exported by that name"));
    /* A memory is no function. */
    status = thimble_instance_function(instance, "memory", "()", &function);
    CHECK(IS(status, THIMBLE_NOT_FOUND));
    status = thimble_instance_function(instance, "twice", "(I)i", &function);
    CHECK(IS(status, THIMBLE_WRONG_TYPE));
    CHECK(IS(thimble_instance_function(instance, "twice", "(i)", &function), THIMBLE_WRONG_TYPE));
    CHECK(IS(thimble_instance_function(instance, "twice", "(ii)i", &function),
             THIMBLE_WRONG_TYPE));
    CHECK(IS(thimble_instance_function(instance, "reference", "(i)", &function),
             THIMBLE_WRONG_TYPE));
    status = thimble_instance_function(instance, "twice", "i", &function);
    CHECK(IS(status, THIMBLE_INVALID_ARGUMENT));
    CHECK(IS(thimble_instance_function(instance, NULL, "()", &function),
             THIMBLE_INVALID_ARGUMENT));
    CHECK(IS(thimble_instance_function(instance, "twice", NULL, &function),
             THIMBLE_INVALID_ARGUMENT));
    CHECK(IS(thimble_instance_function(instance, "twice", "(i)i", NULL),
             THIMBLE_INVALID_ARGUMENT));
    CHECK(IS(thimble_instance_function(NULL, "twice", "(i)i", &function),
             THIMBLE_INVALID_ARGUMENT));

    CHECK(thimble_instance_function(instance, "twice", "(i)i", &function) == 0);
    CHECK(IS(thimble_instance_call(instance, &function, NULL, &value), THIMBLE_INVALID_ARGUMENT));
    CHECK(IS(thimble_instance_call(instance, &function, &value, NULL), THIMBLE_INVALID_ARGUMENT));
    CHECK(IS(thimble_instance_call(instance, NULL, &value, &value), THIMBLE_INVALID_ARGUMENT));
    CHECK(IS(thimble_instance_call(NULL, &function, &value, &value), THIMBLE_INVALID_ARGUMENT));
    /* Functions of other instances, and what never was one. */
    CHECK(thimble_instance_create(module, &options, &other, NULL) == 0);
    CHECK(IS(thimble_instance_call(other, &function, &value, &value), THIMBLE_INVALID_ARGUMENT));
    memset(&function, 0, sizeof(function));
    CHECK(IS(thimble_instance_call(instance, &function, &value, &value),
             THIMBLE_INVALID_ARGUMENT));
    memset(&function, 0xff, sizeof(function));
    CHECK(IS(thimble_instance_call(instance, &function, &value, &value),
             THIMBLE_INVALID_ARGUMENT));
    /* Not a program. */
    status = thimble_instance_run(instance, NULL);
    CHECK(IS(status, THIMBLE_NOT_FOUND));
    CHECK(SAYS(thimble_instance_error(instance), "_start: no function is exported by that name"));
    CHECK(IS(thimble_instance_run(NULL, NULL), THIMBLE_INVALID_ARGUMENT));
    CHECK(thimble_instance_error(NULL) == NULL);
    CHECK(value.i32 == 1);
    CHECK(thimble_instance_destroy(other) == 0);
    CHECK(thimble_instance_destroy(instance) == 0);
    return 0;
}

int test_create_refused(struct thimble_module *module)
{
    static const char *const malformed[] = {"", "i", "(i", "(x)", "()x", NULL};
    struct thimble_instance *instance = NULL;
    struct thimble_native native = {"env", "sum", "(iIfF)F", sum, NULL};
    struct thimble_instance_options one = {.natives = &native, .native_count = 1};
    struct thimble_error error;

    for (size_t index = 0; index < sizeof(malformed) / sizeof(malformed[0]); index++) {
        native.signature = malformed[index];
        CHECK(IS(thimble_instance_create(module, &one, &instance, &error),
                 THIMBLE_INVALID_ARGUMENT));
        CHECK(strcmp(error.subject, "sum") == 0);
    }
    native.signature = "()";
    native.function = NULL;
    CHECK(IS(thimble_instance_create(module, &one, &instance, NULL), THIMBLE_INVALID_ARGUMENT));
    native.function = sum;
    native.name = NULL;
    CHECK(IS(thimble_instance_create(module, &one, &instance, NULL), THIMBLE_INVALID_ARGUMENT));
    native.name = "sum";
    native.module = NULL;
    CHECK(IS(thimble_instance_create(module, &one, &instance, NULL), THIMBLE_INVALID_ARGUMENT));
    one.natives = NULL;
    CHECK(IS(thimble_instance_create(module, &one, &instance, NULL), THIMBLE_INVALID_ARGUMENT));
    CHECK(IS(thimble_instance_create(NULL, NULL, &instance, NULL), THIMBLE_INVALID_ARGUMENT));
    CHECK(IS(thimble_instance_create(module, NULL, NULL, NULL), THIMBLE_INVALID_ARGUMENT));
    CHECK(instance == NULL);
    return 0;
}

int test_imports(struct thimble_module *module)
{
    struct thimble_instance *instance;
    struct thimble_function function;
    struct thimble_native table[sizeof(natives) / sizeof(natives[0])];
    struct thimble_instance_options changed = options;
    int32_t status;

    CHECK(thimble_instance_create(module, NULL, &instance, NULL) == 0);
    status = thimble_instance_function(instance, "twice", "(i)i", &function);
    CHECK(IS(status, THIMBLE_MISSING_IMPORT) && THIMBLE_DETAIL(status) == 0);
    CHECK(SAYS(thimble_instance_error(instance), "env.sum: there is no such import"));
    /* And again, whatever comes. */
    CHECK(thimble_instance_run(instance, NULL) == status);
    CHECK(thimble_memory_size(instance, &(uint64_t){0}) == status);
    CHECK(thimble_instance_destroy(instance) == 0);

    memcpy(table, natives, sizeof(table));
    table[1].signature = "(I)";
    changed.natives = table;
    CHECK(thimble_instance_create(module, &changed, &instance, NULL) == 0);
    status = thimble_instance_function(instance, "twice", "(i)i", &function);
    CHECK(IS(status, THIMBLE_INCOMPATIBLE_IMPORT) && THIMBLE_DETAIL(status) == 1);
    CHECK(SAYS(thimble_instance_error(instance), "env.fail: the import has another type"));
    CHECK(thimble_instance_destroy(instance) == 0);
    return 0;
}

/* What native functions return, and what comes of it. */
int test_native_errors(struct thimble_module *module)
{
    const struct {
        int32_t returned;
        int32_t status;
        const char *words;
    } cases[] = {
        {7, THIMBLE_ERROR(THIMBLE_NATIVE, 7), "a native function failed, with 7"},
        {THIMBLE_ERROR(THIMBLE_TRAP, THIMBLE_TRAP_INTEGER_OVERFLOW),
         THIMBLE_ERROR(THIMBLE_TRAP, THIMBLE_TRAP_INTEGER_OVERFLOW), "integer overflow"},
        {THIMBLE_ERROR(THIMBLE_EXIT, 3), THIMBLE_ERROR(THIMBLE_EXIT, 3),
         "ended itself, with status 3"},
        {THIMBLE_ERROR(THIMBLE_STOPPED, 0), THIMBLE_ERROR(THIMBLE_STOPPED, 0), "stopped"},
        {THIMBLE_ERROR(THIMBLE_OUT_OF_FUEL, 0), THIMBLE_ERROR(THIMBLE_OUT_OF_FUEL, 0),
         "all fuel consumed"},
        {THIMBLE_ERROR(THIMBLE_OUT_OF_MEMORY, 0), THIMBLE_ERROR(THIMBLE_OUT_OF_MEMORY, 0),
         "out of memory"},
        {THIMBLE_ERROR(THIMBLE_NOT_FOUND, 9), THIMBLE_ERROR(THIMBLE_NATIVE, THIMBLE_NOT_FOUND),
         "a native function failed, with 3"},
    };
    struct thimble_instance *instance;
    struct thimble_function function;

    CHECK(thimble_instance_create(module, &options, &instance, NULL) == 0);
    CHECK(thimble_instance_function(instance, "fail", "(i)", &function) == 0);
    for (size_t index = 0; index < sizeof(cases) / sizeof(cases[0]); index++) {
        union thimble_value value = {.i32 = cases[index].returned};
        CHECK(thimble_instance_call(instance, &function, &value, NULL) == cases[index].status);
        CHECK(SAYS(thimble_instance_error(instance), cases[index].words));
    }
    CHECK(thimble_instance_function(instance, "call-deeper", "()", &function) == 0);
    CHECK(thimble_instance_call(instance, &function, NULL, NULL) ==
          THIMBLE_ERROR(THIMBLE_TRAP, THIMBLE_TRAP_STACK_OVERFLOW));
    CHECK(thimble_instance_destroy(instance) == 0);
    return 0;
}

int test_traps(struct thimble_module *module)
{
    struct thimble_instance *instance;
    struct thimble_function function;
    struct thimble_frame frame;

    CHECK(thimble_instance_create(module, &options, &instance, NULL) == 0);
    CHECK(thimble_instance_frame(instance, 0, &frame) == 0);
    CHECK(thimble_instance_function(instance, "trap", "()", &function) == 0);
    CHECK(thimble_instance_call(instance, &function, NULL, NULL) ==
          THIMBLE_ERROR(THIMBLE_TRAP, THIMBLE_TRAP_UNREACHABLE));
    CHECK(SAYS(thimble_instance_error(instance), "unreachable"));
    CHECK(thimble_instance_frame(instance, 0, &frame) == 1);
    CHECK(frame.name_length == 5 && memcmp(frame.name, "inner", 5) == 0);
    CHECK(frame.offset > 8 && frame.offset != UINT32_MAX && frame.function > 4);
    CHECK(thimble_instance_frame(instance, 1, &frame) == 1);
    CHECK(frame.name_length == 5 && memcmp(frame.name, "outer", 5) == 0);
    CHECK(thimble_instance_frame(instance, 2, &frame) == 0);
    CHECK(thimble_instance_frame(instance, SIZE_MAX, &frame) == 0);
    CHECK(IS(thimble_instance_frame(instance, 0, NULL), THIMBLE_INVALID_ARGUMENT));
    CHECK(IS(thimble_instance_frame(NULL, 0, &frame), THIMBLE_INVALID_ARGUMENT));
    CHECK(thimble_instance_function(instance, "recurse", "()", &function) == 0);
    CHECK(thimble_instance_call(instance, &function, NULL, NULL) ==
          THIMBLE_ERROR(THIMBLE_TRAP, THIMBLE_TRAP_STACK_OVERFLOW));
    /* It goes on. */
    CHECK(thimble_instance_function(instance, "nothing-wrong", "()", &function) == 0);
    CHECK(thimble_instance_call(instance, &function, NULL, NULL) == 0);
    CHECK(thimble_instance_destroy(instance) == 0);
    return 0;
}

int test_memory(struct thimble_module *module)
{
    struct thimble_instance *instance;
    struct thimble_function grow, shouting;
    union thimble_value values[2];
    uint64_t size = 0;
    char text[8] = "";
    char *pointer = NULL;
    int32_t status;

    /* The first use makes the memory. */
    CHECK(thimble_instance_create(module, &options, &instance, NULL) == 0);
    CHECK(thimble_memory_size(instance, &size) == 0 && size == 65536);
    CHECK(thimble_memory_read(instance, 16, text, 5) == 0);
    CHECK(strcmp(text, "hello") == 0);
    CHECK(thimble_memory_write(instance, 65531, "world", 5) == 0);
    CHECK(thimble_memory_pointer(instance, 65531, 5, (void **)&pointer) == 0);
    CHECK(memcmp(pointer, "world", 5) == 0);
    CHECK(thimble_memory_read(instance, 65536, text, 0) == 0);
    CHECK(thimble_memory_read(instance, 65536, NULL, 0) == 0);

    status = thimble_memory_read(instance, 65532, text, 5);
    CHECK(IS(status, THIMBLE_OUT_OF_BOUNDS));
    CHECK(SAYS(thimble_instance_error(instance), "the range is not within the guest's memory"));
    CHECK(IS(thimble_memory_write(instance, 65532, "12345", 5), THIMBLE_OUT_OF_BOUNDS));
    CHECK(thimble_memory_read(instance, 65532, text, 4) == 0 && memcmp(text, "orld", 4) == 0);
    CHECK(IS(thimble_memory_read(instance, 65537, text, 0), THIMBLE_OUT_OF_BOUNDS));
    CHECK(IS(thimble_memory_read(instance, UINT64_MAX, text, 1), THIMBLE_OUT_OF_BOUNDS));
    CHECK(IS(thimble_memory_read(instance, UINT64_C(1) << 32, text, 1), THIMBLE_OUT_OF_BOUNDS));
    CHECK(IS(thimble_memory_read(instance, 1, text, SIZE_MAX), THIMBLE_OUT_OF_BOUNDS));
    CHECK(IS(thimble_memory_pointer(instance, 0, 65537, (void **)&pointer),
             THIMBLE_OUT_OF_BOUNDS));
    CHECK(memcmp(pointer, "world", 5) == 0);
    CHECK(IS(thimble_memory_read(instance, 0, NULL, 1), THIMBLE_INVALID_ARGUMENT));
    CHECK(IS(thimble_memory_write(instance, 0, NULL, 1), THIMBLE_INVALID_ARGUMENT));
    CHECK(IS(thimble_memory_pointer(instance, 0, 1, NULL), THIMBLE_INVALID_ARGUMENT));
    CHECK(IS(thimble_memory_size(instance, NULL), THIMBLE_INVALID_ARGUMENT));
    CHECK(IS(thimble_memory_size(NULL, &size), THIMBLE_INVALID_ARGUMENT));

    CHECK(thimble_instance_function(instance, "grow", "(i)i", &grow) == 0);
    values[0].i32 = 1;
    CHECK(thimble_instance_call(instance, &grow, values, values) == 0 && values[0].i32 == 1);
    CHECK(thimble_memory_size(instance, &size) == 0 && size == 2 * 65536);
    CHECK(thimble_memory_write(instance, 65536, "!", 1) == 0);

    CHECK(thimble_instance_function(instance, "shout", "(ii)", &shouting) == 0);
    values[0].i32 = 16;
    values[1].i32 = 5;
    CHECK(thimble_instance_call(instance, &shouting, values, NULL) == 0);
    CHECK(thimble_memory_read(instance, 16, text, 5) == 0 && strcmp(text, "HELLO") == 0);
    values[1].i32 = -1;
    CHECK(thimble_instance_call(instance, &shouting, values, NULL) ==
          THIMBLE_ERROR(THIMBLE_NATIVE, THIMBLE_OUT_OF_BOUNDS));
    CHECK(thimble_instance_destroy(instance) == 0);
    return 0;
}

/* A guest without a memory. */
int test_no_memory(struct thimble_module *module)
{
    struct thimble_instance *instance;

    CHECK(thimble_instance_create(module, NULL, &instance, NULL) == 0);
    CHECK(IS(thimble_memory_size(instance, &(uint64_t){0}), THIMBLE_NOT_FOUND));
    CHECK(thimble_instance_destroy(instance) == 0);
    return 0;
}

/* A native function that the start function calls: with the memory, without exports. */
static int32_t early(struct thimble_instance *instance, void *context,
                     const union thimble_value *arguments, union thimble_value *results)
{
    struct thimble_function function;
    int32_t status;

    (void)context;
    (void)arguments;
    (void)results;
    status = thimble_memory_write(instance, 0, "early", 5);
    if (status < 0) {
        return status;
    }
    status = thimble_instance_function(instance, "initialized", "()i", &function);
    return IS(status, THIMBLE_INVALID_ARGUMENT) ? 0 : 1;
}

int test_start(struct thimble_module *module)
{
    static const struct thimble_native native = {"env", "early", "()", early, NULL};
    const struct thimble_instance_options one = {.natives = &native, .native_count = 1};
    struct thimble_instance *instance;
    struct thimble_function function;
    union thimble_value result;
    char text[6] = "";

    CHECK(thimble_instance_create(module, &one, &instance, NULL) == 0);
    CHECK(thimble_instance_function(instance, "initialized", "()i", &function) == 0);
    CHECK(thimble_instance_call(instance, &function, NULL, &result) == 0);
    CHECK(result.i32 == 1);
    CHECK(thimble_memory_read(instance, 0, text, 5) == 0 && strcmp(text, "early") == 0);
    CHECK(thimble_instance_destroy(instance) == 0);
    return 0;
}

int test_limits(struct thimble_module *module, size_t image)
{
    struct thimble_instance_options bounded = options;
    struct thimble_instance *instance;
    struct thimble_function function;
    struct thimble_statistics statistics;
    union thimble_value value = {.i32 = 1};
    uint64_t fuel;

    bounded.memory = 65536;
    bounded.fuel = 100;
    bounded.stack_cells = 64;
    CHECK(thimble_instance_create(module, &bounded, &instance, NULL) == 0);
    CHECK(thimble_instance_statistics(instance, &statistics) == 0);
    CHECK(statistics.memory == 0 && statistics.image == image);
    CHECK(thimble_instance_fuel(instance, &fuel) == 0 && fuel == 100);
    CHECK(thimble_instance_function(instance, "grow", "(i)i", &function) == 0);
    CHECK(thimble_instance_call(instance, &function, &value, &value) == 0 && value.i32 == -1);
    CHECK(thimble_instance_function(instance, "recurse", "()", &function) == 0);
    CHECK(thimble_instance_call(instance, &function, NULL, NULL) ==
          THIMBLE_ERROR(THIMBLE_TRAP, THIMBLE_TRAP_STACK_OVERFLOW));
    CHECK(thimble_instance_function(instance, "spin", "()", &function) == 0);
    CHECK(thimble_instance_call(instance, &function, NULL, NULL) ==
          THIMBLE_ERROR(THIMBLE_OUT_OF_FUEL, 0));
    CHECK(thimble_instance_fuel(instance, &fuel) == 0 && fuel == 0);
    CHECK(thimble_instance_set_fuel(instance, 5000) == 0);
    CHECK(thimble_instance_fuel(instance, &fuel) == 0 && fuel == 5000);
    CHECK(thimble_instance_call(instance, &function, NULL, NULL) ==
          THIMBLE_ERROR(THIMBLE_OUT_OF_FUEL, 0));
    CHECK(thimble_instance_set_fuel(instance, THIMBLE_UNBOUNDED) == 0);
    CHECK(thimble_instance_fuel(instance, &fuel) == 0 && fuel == THIMBLE_UNBOUNDED);
    CHECK(thimble_instance_statistics(instance, &statistics) == 0);
    CHECK(statistics.memory == 65536 && statistics.stack > 0 && statistics.stack <= 64 * 4);
    CHECK(IS(thimble_instance_statistics(instance, NULL), THIMBLE_INVALID_ARGUMENT));
    CHECK(IS(thimble_instance_statistics(NULL, &statistics), THIMBLE_INVALID_ARGUMENT));
    CHECK(IS(thimble_instance_fuel(instance, NULL), THIMBLE_INVALID_ARGUMENT));
    CHECK(IS(thimble_instance_set_fuel(NULL, 1), THIMBLE_INVALID_ARGUMENT));
    CHECK(thimble_instance_destroy(instance) == 0);
    return 0;
}

static void *stop(void *instance)
{
    struct thimble_statistics statistics;

    /* Once it runs: it has a stack then. */
    do {
        thimble_instance_statistics(instance, &statistics);
    } while (statistics.stack == 0);
    thimble_instance_stop(instance);
    return NULL;
}

int test_stop(struct thimble_module *module)
{
    const int32_t stopped = THIMBLE_ERROR(THIMBLE_STOPPED, 0);
    struct thimble_instance *instance;
    struct thimble_function spin;
    pthread_t thread;
    uint64_t size;

    CHECK(thimble_instance_create(module, &options, &instance, NULL) == 0);
    CHECK(thimble_instance_function(instance, "spin", "()", &spin) == 0);
    CHECK(thimble_instance_is_stopped(instance) == 0);
    CHECK(pthread_create(&thread, NULL, stop, instance) == 0);
    CHECK(thimble_instance_call(instance, &spin, NULL, NULL) == stopped);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(SAYS(thimble_instance_error(instance), "stopped"));
    CHECK(thimble_instance_is_stopped(instance) == 1);
    CHECK(thimble_instance_call(instance, &spin, NULL, NULL) == stopped);
    /* Its memory is still there to be looked at. */
    CHECK(thimble_memory_size(instance, &size) == 0 && size == 65536);
    CHECK(thimble_instance_destroy(instance) == 0);

    /* Before it has begun. */
    CHECK(thimble_instance_create(module, &options, &instance, NULL) == 0);
    thimble_instance_stop(instance);
    CHECK(thimble_instance_function(instance, "spin", "()", &spin) == stopped);
    CHECK(thimble_instance_destroy(instance) == 0);
    thimble_instance_stop(NULL);
    CHECK(IS(thimble_instance_is_stopped(NULL), THIMBLE_INVALID_ARGUMENT));
    return 0;
}

/* A native function that is called when its instance is stopped. */
static int32_t stop_itself(struct thimble_instance *instance, void *context,
                           const union thimble_value *arguments, union thimble_value *results)
{
    struct thimble_function spin;

    (void)context;
    (void)arguments;
    (void)results;
    if (thimble_instance_function(instance, "spin", "()", &spin) < 0) {
        return 1;
    }
    thimble_instance_stop(instance);
    /* Takes notice of the stop, and the function keeps it to itself. */
    return IS(thimble_instance_call(instance, &spin, NULL, NULL), THIMBLE_STOPPED) ? 0 : 2;
}

int test_stop_in_native(struct thimble_module *module)
{
    struct thimble_native table[sizeof(natives) / sizeof(natives[0])];
    struct thimble_instance_options changed = options;
    struct thimble_instance *instance;
    struct thimble_function function;

    memcpy(table, natives, sizeof(table));
    table[3].function = stop_itself;
    changed.natives = table;
    CHECK(thimble_instance_create(module, &changed, &instance, NULL) == 0);
    CHECK(thimble_instance_function(instance, "call-deeper", "()", &function) == 0);
    CHECK(thimble_instance_call(instance, &function, NULL, NULL) ==
          THIMBLE_ERROR(THIMBLE_STOPPED, 0));
    CHECK(thimble_instance_destroy(instance) == 0);
    return 0;
}

/* The module may be unloaded first. */
int test_unload(const uint8_t *bytes, size_t length)
{
    struct thimble_module *module;
    struct thimble_instance *first, *second;
    struct thimble_function twice;
    union thimble_value value = {.i32 = 4};

    CHECK(thimble_module_load(bytes, length, 0, &module, NULL) == 0);
    CHECK(thimble_instance_create(module, &options, &first, NULL) == 0);
    CHECK(thimble_instance_create(module, &options, &second, NULL) == 0);
    thimble_module_unload(module);
    CHECK(thimble_instance_destroy(first) == 0);
    CHECK(thimble_instance_function(second, "twice", "(i)i", &twice) == 0);
    CHECK(thimble_instance_call(second, &twice, &value, &value) == 0 && value.i32 == 8);
    CHECK(thimble_instance_destroy(second) == 0);
    return 0;
}

/* What cannot come of a lack of memory. */
#define WRONG 1
/* A trap without the frames of where it was. */
#define LESS_INFORMATION 2

/* Something of everything, for allocations that fail: the first error, with all given
 * back. */
int32_t scenario_instance(const uint8_t *bytes, size_t length)
{
    struct thimble_module *module = NULL;
    struct thimble_instance *instance = NULL;
    struct thimble_function function;
    struct thimble_frame frame;
    union thimble_value value = {.i32 = 21};
    int32_t status;

    status = thimble_module_load(bytes, length, 0, &module, NULL);
    if (status < 0) {
        return status;
    }
    status = thimble_instance_create(module, &options, &instance, NULL);
    thimble_module_unload(module);
    if (status < 0) {
        return status;
    }
    status = thimble_memory_write(instance, 0, "text", 4);
    if (status == 0) {
        status = thimble_instance_function(instance, "back", "(i)i", &function);
    }
    if (status == 0) {
        status = thimble_instance_call(instance, &function, &value, &value);
    }
    if (status == 0 && value.i32 != 42) {
        status = WRONG;
    }
    if (status == 0) {
        status = thimble_instance_function(instance, "trap", "()", &function);
    }
    if (status == 0) {
        status = thimble_instance_call(instance, &function, NULL, NULL);
        status = IS(status, THIMBLE_TRAP) ? 0 : status;
    }
    if (status == 0 && thimble_instance_frame(instance, 0, &frame) == 0) {
        status = LESS_INFORMATION;
    }
    if (thimble_instance_destroy(instance) != 0) {
        return WRONG;
    }
    return status;
}
