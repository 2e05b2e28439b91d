/* SPDX-License-Identifier: Apache-2.0 */

/* Programs that use WASI. */

#include <pthread.h>
#include <time.h>

#include "check.h"
#include "thimble.h"

/** What a program writes, and reads. */
struct text {
    char bytes[256];
    size_t length;
    size_t read;
};

static int32_t write_text(void *context, const void *bytes, size_t length)
{
    struct text *text = context;

    /* A few at a time, as streams do. */
    if (length > 5) {
        length = 5;
    }
    if (length > sizeof(text->bytes) - text->length) {
        return -1;
    }
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    return (int32_t)length;
}

static int32_t read_text(void *context, void *buffer, size_t length)
{
    struct text *text = context;

    if (length > text->length - text->read) {
        length = text->length - text->read;
    }
    memcpy(buffer, text->bytes + text->read, length);
    text->read += length;
    return (int32_t)length;
}

static int32_t broken(void *context, const void *bytes, size_t length)
{
    (void)context;
    (void)bytes;
    return (int32_t)length + 1;
}

static int is(const struct text *text, const char *expected)
{
    if (text->length != strlen(expected) || memcmp(text->bytes, expected, text->length) != 0) {
        fprintf(stderr, "wrote: %.*s\n", (int)text->length, text->bytes);
        return 0;
    }
    return 1;
}

/* Runs a program to its end. */
static int32_t run(const char *name, const struct thimble_wasi_options *wasi, int32_t *status)
{
    struct thimble_module *module;
    struct thimble_instance *instance;
    int32_t result;

    result = thimble_module_open(name, &module, NULL);
    if (result < 0) {
        return result;
    }
    result = thimble_program_create(module, NULL, wasi, &instance, NULL);
    thimble_module_unload(module);
    if (result < 0) {
        return result;
    }
    result = thimble_instance_run(instance, status);
    if (thimble_instance_destroy(instance) < 0) {
        return 1;
    }
    return result;
}

int test_program(void)
{
    struct text written = {.length = 0};
    struct text typed = {.bytes = "typed\n", .length = 6};
    const struct thimble_output output = {write_text, &written};
    const struct thimble_input input = {read_text, &typed};
    const char *const arguments[] = {"exit", "7"};
    struct thimble_wasi_options wasi = {.output = &output};
    int32_t status = -1;

    CHECK(run("hello-c", &wasi, &status) == 0 && status == 0);
    CHECK(is(&written, "Hello from WebAssembly!\n"));

    wasi.arguments = arguments;
    wasi.argument_count = 2;
    CHECK(run("exit", &wasi, &status) == 0 && status == 7);
    CHECK(run("exit", &wasi, NULL) == 0);

    wasi.argument_count = 1;
    wasi.input = &input;
    written.length = 0;
    CHECK(run("cat", &wasi, &status) == 0 && status == 0);
    CHECK(is(&written, "typed\n"));
    /* Without input it is at its end at once. */
    wasi.input = NULL;
    written.length = 0;
    CHECK(run("cat", &wasi, &status) == 0 && status == 0 && written.length == 0);
    return 0;
}

/* Gives a text of these at each call. */
static int32_t read_piece(void *context, void *buffer, size_t length)
{
    static const char *const pieces[] = {
        "one",   " line\nand", " another\n\n",        "more than 16 bytes\n",
        "just ", "16 bytes...", "\n15 bytes before\xc3", "\xa4\n", "no end",
    };
    size_t *next = context;

    if (*next == sizeof(pieces) / sizeof(pieces[0])) {
        return 0;
    }

    const char *piece = pieces[*next];

    if (strlen(piece) > length) {
        return -1;
    }
    (*next)++;
    memcpy(buffer, piece, strlen(piece));
    return (int32_t)strlen(piece);
}

/* A program that writes as it reads, to the console. */
int test_console(void)
{
    size_t next = 0;
    const struct thimble_input input = {read_piece, &next};
    struct thimble_wasi_options wasi = {.input = &input};
    int32_t status = -1;

    CHECK(run("copy-input", &wasi, &status) == 0 && status == 0);
    return 0;
}

int test_directory(const char *path)
{
    struct text written = {.length = 0};
    struct text complaints = {.length = 0};
    const struct thimble_output output = {write_text, &written};
    const struct thimble_output error = {write_text, &complaints};
    const char *const arguments[] = {"cat", "/data/file"};
    const char *const variables[] = {"NAME=value", "EMPTY="};
    struct thimble_directory directory = {path, "/data", 1};
    struct thimble_wasi_options wasi = {
        .arguments = arguments, .argument_count = 2, .variables = variables, .variable_count = 2,
        .directories = &directory, .directory_count = 1, .output = &output, .error = &error};
    int32_t status = -1;

    CHECK(run("cat", &wasi, &status) == 0 && status == 0);
    CHECK(is(&written, "content\n"));
    wasi.directory_count = 0;
    CHECK(run("cat", &wasi, &status) == 0 && status == 1 && complaints.length > 0);
    return 0;
}

int test_program_refused(void)
{
    const char *arguments[] = {"\xff"};
    const char *variables[] = {"=value"};
    struct thimble_directory directory = {"/no/such/directory", "/", 0};
    struct thimble_directory many[8];
    const struct thimble_output output = {broken, NULL};
    const struct thimble_output none = {NULL, NULL};
    struct thimble_wasi_options wasi = {.arguments = arguments, .argument_count = 1};
    int32_t status;

    CHECK(IS(run("hello-c", &wasi, NULL), THIMBLE_INVALID_ARGUMENT));
    wasi.arguments = NULL;
    CHECK(IS(run("hello-c", &wasi, NULL), THIMBLE_INVALID_ARGUMENT));
    wasi.argument_count = 0;
    wasi.variables = variables;
    wasi.variable_count = 1;
    CHECK(IS(run("hello-c", &wasi, NULL), THIMBLE_INVALID_ARGUMENT));
    wasi.variable_count = 0;
    wasi.directories = &directory;
    wasi.directory_count = 1;
    CHECK(IS(run("hello-c", &wasi, NULL), THIMBLE_NOT_FOUND));
    for (size_t index = 0; index < 8; index++) {
        many[index] = (struct thimble_directory){"/", "/", 1};
    }
    wasi.directories = many;
    wasi.directory_count = 8;
    CHECK(IS(run("hello-c", &wasi, NULL), THIMBLE_LIMIT));
    wasi.directory_count = 0;
    /* Streams that are in error fail the program, not the firmware. */
    wasi.output = &output;
    wasi.error = &output;
    CHECK(run("hello", &wasi, &status) != 0 || status != 0);
    wasi.output = &none;
    wasi.error = &none;
    CHECK(run("hello", &wasi, &status) != 0 || status != 0);
    CHECK(IS(thimble_program_create(NULL, NULL, NULL, NULL, NULL), THIMBLE_INVALID_ARGUMENT));
    return 0;
}

/* Without thimble_program_create there is no WASI. */
int test_no_wasi(void)
{
    struct thimble_module *module;
    struct thimble_instance *instance;

    CHECK(thimble_module_open("hello-c", &module, NULL) == 0);
    CHECK(thimble_instance_create(module, NULL, &instance, NULL) == 0);
    CHECK(IS(thimble_instance_run(instance, NULL), THIMBLE_MISSING_IMPORT));
    CHECK(strncmp(thimble_instance_error(instance)->subject, "wasi_snapshot_preview1.", 23) == 0);
    CHECK(thimble_instance_destroy(instance) == 0);
    thimble_module_unload(module);
    return 0;
}

static void *stop(void *instance)
{
    const struct timespec moment = {0, 100 * 1000 * 1000};

    nanosleep(&moment, NULL);
    thimble_instance_stop(instance);
    return NULL;
}

/* A program that sleeps for an hour, and one that computes for ever. */
int test_stop_program(void)
{
    static const char *const names[] = {"clock", "spin"};
    static const char *const arguments[] = {"clock", "1", "3600000"};
    struct text written = {.length = 0};
    const struct thimble_output output = {write_text, &written};
    const struct thimble_wasi_options wasi = {
        .arguments = arguments, .argument_count = 3, .output = &output};
    struct thimble_module *module;
    struct thimble_instance *instance;
    pthread_t thread;

    for (size_t index = 0; index < 2; index++) {
        CHECK(thimble_module_open(names[index], &module, NULL) == 0);
        CHECK(thimble_program_create(module, NULL, &wasi, &instance, NULL) == 0);
        CHECK(pthread_create(&thread, NULL, stop, instance) == 0);
        CHECK(thimble_instance_run(instance, NULL) == THIMBLE_ERROR(THIMBLE_STOPPED, 0));
        CHECK(pthread_join(thread, NULL) == 0);
        CHECK(thimble_instance_run(instance, NULL) == THIMBLE_ERROR(THIMBLE_STOPPED, 0));
        CHECK(thimble_instance_destroy(instance) == 0);
        thimble_module_unload(module);
    }
    return 0;
}

/* A program for allocations that fail. */
int32_t scenario_program(void)
{
    struct text written = {.length = 0};
    const struct thimble_output output = {write_text, &written};
    const char *const arguments[] = {"hello"};
    const char *const variables[] = {"NAME=value"};
    const struct thimble_wasi_options wasi = {
        .arguments = arguments, .argument_count = 1, .variables = variables, .variable_count = 1,
        .output = &output, .error = &output};
    int32_t exit_status = -1;
    int32_t status;

    status = run("hello-freestanding", &wasi, &exit_status);
    if (status == 0 && (exit_status != 0 || !is(&written, "Hello from WebAssembly!\n"))) {
        return 1;
    }
    return status;
}
