// WASI preview1 as programs without a C library call it, and the little that they share.
//
// These programs do with a few KB of memory, which never grows. Their buffers are static,
// so that the linker knows how much it is.

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WASI(name) \
    __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name)))

typedef struct {
    const char *start;
    size_t length;
} ciovec;

typedef struct {
    char *start;
    size_t length;
} iovec;

typedef struct {
    uint32_t kind;
    size_t name_length;
} prestat;

typedef struct {
    uint64_t next;
    uint64_t inode;
    uint32_t name_length;
    uint8_t type;
} dirent;

// What to wait for: with this tag and without flags, that so many nanoseconds have passed.
typedef struct {
    uint64_t user_data;
    uint8_t tag;
    struct {
        uint32_t id;
        uint64_t timeout;
        uint64_t precision;
        uint16_t flags;
    } clock;
} subscription;

typedef struct {
    uint64_t user_data;
    uint16_t error;
    uint8_t type;
    uint64_t bytes;
    uint16_t flags;
} event;

enum {
    ERRNO_SUCCESS = 0,
    ERRNO_ACCES = 2,
    ERRNO_IO = 29,
    ERRNO_ISDIR = 31,
    ERRNO_LOOP = 32,
    ERRNO_MFILE = 33,
    ERRNO_NAMETOOLONG = 37,
    ERRNO_NOENT = 44,
    ERRNO_NOMEM = 48,
    ERRNO_NOSYS = 52,
    ERRNO_NOTDIR = 54,
    ERRNO_NOTSUP = 58,
    ERRNO_PERM = 63,
    ERRNO_NOTCAPABLE = 76,
};
enum { CLOCK_MONOTONIC = 1 };
enum { LOOKUP_SYMLINK_FOLLOW = 1 };
enum { OFLAGS_DIRECTORY = 2 };
enum { SDFLAGS_BOTH = 3 };
enum { TAG_CLOCK = 0 };

#define RIGHT_FD_READ (UINT64_C(1) << 1)
#define RIGHT_FD_READDIR (UINT64_C(1) << 14)

WASI(args_sizes_get) uint16_t args_sizes_get(size_t *count, size_t *size);
WASI(args_get) uint16_t args_get(char **arguments, char *text);
WASI(clock_time_get)
uint16_t clock_time_get(uint32_t clock, uint64_t precision, uint64_t *time);
WASI(fd_close) uint16_t fd_close(uint32_t descriptor);
WASI(fd_prestat_get) uint16_t fd_prestat_get(uint32_t descriptor, prestat *prestat);
WASI(fd_prestat_dir_name)
uint16_t fd_prestat_dir_name(uint32_t descriptor, char *name, size_t length);
WASI(fd_read)
uint16_t fd_read(uint32_t descriptor, const iovec *vectors, size_t count, size_t *length);
WASI(fd_readdir)
uint16_t fd_readdir(
    uint32_t descriptor, char *buffer, size_t size, uint64_t cookie, size_t *length);
WASI(fd_write)
uint16_t fd_write(uint32_t descriptor, const ciovec *vectors, size_t count, size_t *length);
WASI(path_filestat_get)
uint16_t path_filestat_get(
    uint32_t directory, uint32_t flags, const char *path, size_t length, uint64_t stat[8]);
WASI(path_open)
uint16_t path_open(
    uint32_t directory, uint32_t lookup, const char *path, size_t length, uint16_t flags,
    uint64_t rights, uint64_t inheriting, uint16_t descriptor_flags, uint32_t *opened);
WASI(poll_oneoff)
uint16_t poll_oneoff(const subscription *in, event *out, size_t count, size_t *happened);
WASI(proc_exit) _Noreturn void proc_exit(uint32_t status);
WASI(sock_accept)
uint16_t sock_accept(uint32_t listener, uint16_t flags, uint32_t *accepted);
WASI(sock_recv)
uint16_t sock_recv(
    uint32_t socket, const iovec *vectors, size_t count, uint16_t flags, size_t *length,
    uint16_t *received_flags);
WASI(sock_send)
uint16_t sock_send(
    uint32_t socket, const ciovec *vectors, size_t count, uint16_t flags, size_t *length);
WASI(sock_shutdown) uint16_t sock_shutdown(uint32_t socket, uint8_t how);

static size_t length_of(const char *text) {
    size_t length = 0;
    while (text[length] != 0) {
        length++;
    }
    return length;
}

static inline bool equal(const char *one, const char *other) {
    while (*one != 0 && *one == *other) {
        one++;
        other++;
    }
    return *one == *other;
}

static inline uint16_t write_all(uint32_t descriptor, const char *bytes, size_t length) {
    while (length > 0) {
        ciovec vector = {bytes, length};
        size_t written;
        uint16_t error = fd_write(descriptor, &vector, 1, &written);
        if (error != ERRNO_SUCCESS) {
            return error;
        }
        bytes += written;
        length -= written;
    }
    return ERRNO_SUCCESS;
}

static inline uint16_t print(uint32_t descriptor, const char *text) {
    return write_all(descriptor, text, length_of(text));
}

// A number and what follows it.
static inline void print_number(uint64_t number, const char *end) {
    char digits[21];
    char *digit = &digits[20];
    *digit = 0;
    do {
        *--digit = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    print(1, digit);
    print(1, end);
}

static inline const char *describe(uint16_t error) {
    switch (error) {
    case ERRNO_ACCES:
    case ERRNO_PERM:
    case ERRNO_NOTCAPABLE:
        return "permission denied";
    case ERRNO_IO:
        return "input/output error";
    case ERRNO_ISDIR:
        return "is a directory";
    case ERRNO_LOOP:
        return "too many symbolic links";
    case ERRNO_MFILE:
        return "too many open files";
    case ERRNO_NAMETOOLONG:
        return "name too long";
    case ERRNO_NOENT:
        return "no such file or directory";
    case ERRNO_NOMEM:
        return "out of memory";
    case ERRNO_NOSYS:
    case ERRNO_NOTSUP:
        return "not supported";
    case ERRNO_NOTDIR:
        return "not a directory";
    default:
        return "failed";
    }
}

// Says on standard error what failed.
static inline void complain(const char *program, const char *subject, uint16_t error) {
    print(2, program);
    print(2, ": ");
    if (subject != NULL) {
        print(2, subject);
        print(2, ": ");
    }
    print(2, describe(error));
    print(2, "\n");
}

enum { ARGUMENTS = 16, ARGUMENTS_SIZE = 384 };

// The arguments without the program's name; returns how many, and ends the program with
// status 2 if they are more than it has room for.
static inline size_t arguments(char ***first) {
    static char *pointers[ARGUMENTS];
    static char text[ARGUMENTS_SIZE];
    size_t count, size;
    if (args_sizes_get(&count, &size) != ERRNO_SUCCESS || count > ARGUMENTS ||
        size > sizeof text || args_get(pointers, text) != ERRNO_SUCCESS) {
        print(2, "too many arguments\n");
        proc_exit(2);
    }
    *first = &pointers[1];
    return count > 0 ? count - 1 : 0;
}

// The number that an argument is; without one, ends the program with status 2 and says how it is used.
static inline uint64_t parse(const char *digit, const char *usage) {
    uint64_t number = 0;
    do {
        uint64_t value = (uint64_t)(*digit - '0');
        if (value > 9 || number > (UINT64_MAX - value) / 10) {
            print(2, usage);
            proc_exit(2);
        }
        number = number * 10 + value;
    } while (*++digit != 0);
    return number;
}

// What is left of a path without the words that mean where one is: `/`, `./` and `.`.
static inline const char *relative(const char *path) {
    for (;;) {
        if (*path == '/') {
            path++;
        } else if (path[0] == '.' && (path[1] == '/' || path[1] == 0)) {
            path++;
        } else {
            return path;
        }
    }
}

enum { FIRST_DIRECTORY = 3, DIRECTORY_NAME = 64 };

// Opens a path below the directory with the longest name that it begins with, among those
// that the program was given. Directories with names of 64 bytes and more are not found.
static inline uint16_t find(const char *path, uint32_t *found, const char **rest) {
    static char name[DIRECTORY_NAME];
    size_t longest = 0;
    bool any = false;
    prestat prestat;
    path = relative(path);
    for (uint32_t directory = FIRST_DIRECTORY;
         fd_prestat_get(directory, &prestat) == ERRNO_SUCCESS; directory++) {
        if (prestat.kind != 0 || prestat.name_length >= sizeof name ||
            fd_prestat_dir_name(directory, name, prestat.name_length) != ERRNO_SUCCESS) {
            continue;
        }
        size_t end = prestat.name_length;
        while (end > 0 && name[end - 1] == '/') {
            end--;
        }
        name[end] = 0;
        const char *prefix = relative(name);
        size_t length = 0;
        while (prefix[length] != 0 && prefix[length] == path[length]) {
            length++;
        }
        bool whole = length == 0 || path[length] == '/' || path[length] == 0;
        if (prefix[length] == 0 && whole && (!any || length > longest)) {
            any = true;
            longest = length;
            *found = directory;
        }
    }
    if (!any) {
        return ERRNO_NOENT;
    }
    *rest = relative(path + longest);
    if (**rest == 0) {
        *rest = ".";
    }
    return ERRNO_SUCCESS;
}

static inline uint16_t open_path(
    const char *path, uint16_t flags, uint64_t rights, uint32_t *opened) {
    uint32_t directory;
    const char *rest;
    uint16_t error = find(path, &directory, &rest);
    if (error != ERRNO_SUCCESS) {
        return error;
    }
    return path_open(
        directory, LOOKUP_SYMLINK_FOLLOW, rest, length_of(rest), flags, rights, 0, 0, opened);
}

// Calls `handle` for the descriptor of a file, or of standard input for `-`.
static inline uint16_t with_file(const char *path, uint16_t (*handle)(uint32_t descriptor)) {
    if (equal(path, "-")) {
        return handle(0);
    }
    uint32_t descriptor;
    uint16_t error = open_path(path, 0, RIGHT_FD_READ, &descriptor);
    if (error == ERRNO_SUCCESS) {
        error = handle(descriptor);
        fd_close(descriptor);
    }
    return error;
}
