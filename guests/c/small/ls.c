// Lists directories in the order of their names, and files.
//
// There is no room for all names: each is found by reading the whole directory, as the
// first one behind the one before.

#include "wasi.h"

enum { NAME = 256 };

// The name that was printed last, and the first one behind it.
static char last[NAME], next[NAME];

static int compare(const char *one, const char *other) {
    while (*one != 0 && *one == *other) {
        one++;
        other++;
    }
    return (uint8_t)*one - (uint8_t)*other;
}

static void copy(char *to, const char *from) {
    while ((*to++ = *from++) != 0) {
    }
}

// Makes `next` the first name behind `last`, or empty if there is none.
static uint16_t advance(uint32_t directory) {
    // One byte more than is read: where a zero ends the last name.
    static char buffer[sizeof(dirent) + NAME + 1];
    const size_t size = sizeof buffer - 1;
    uint64_t cookie = 0;
    next[0] = 0;
    for (;;) {
        size_t length;
        uint16_t error = fd_readdir(directory, buffer, size, cookie, &length);
        if (error != ERRNO_SUCCESS) {
            return error;
        }
        // What is cut off comes again, since the cookie is that of the last whole entry.
        size_t offset = 0;
        while (offset + sizeof(dirent) <= length) {
            dirent entry;
            __builtin_memcpy(&entry, buffer + offset, sizeof entry);
            char *name = buffer + offset + sizeof entry;
            if (entry.name_length >= NAME || name + entry.name_length > buffer + length) {
                break;
            }
            // Where the next entry begins, which is read again then.
            char following = name[entry.name_length];
            name[entry.name_length] = 0;
            if (!equal(name, ".") && !equal(name, "..") && compare(name, last) > 0 &&
                (next[0] == 0 || compare(name, next) < 0)) {
                copy(next, name);
            }
            name[entry.name_length] = following;
            offset += sizeof entry + entry.name_length;
            cookie = entry.next;
        }
        if (length < size || offset == 0) {
            return ERRNO_SUCCESS;
        }
    }
}

static uint16_t list(const char *path) {
    uint32_t opened;
    uint16_t error = open_path(path, OFLAGS_DIRECTORY, RIGHT_FD_READDIR, &opened);
    if (error == ERRNO_NOTDIR) {
        uint64_t stat[8];
        uint32_t directory;
        const char *rest;
        error = find(path, &directory, &rest);
        if (error == ERRNO_SUCCESS) {
            error = path_filestat_get(
                directory, LOOKUP_SYMLINK_FOLLOW, rest, length_of(rest), stat);
        }
        if (error == ERRNO_SUCCESS) {
            print(1, path);
            print(1, "\n");
        }
        return error;
    }
    if (error != ERRNO_SUCCESS) {
        return error;
    }
    last[0] = 0;
    while ((error = advance(opened)) == ERRNO_SUCCESS && next[0] != 0) {
        print(1, next);
        print(1, "\n");
        copy(last, next);
    }
    fd_close(opened);
    return error;
}

__attribute__((export_name("_start")))
void start(void) {
    static char *here[] = {"."};
    char **paths;
    size_t count = arguments(&paths);
    if (count == 0) {
        paths = here;
        count = 1;
    }
    uint32_t status = 0;
    for (size_t i = 0; i < count; i++) {
        if (count > 1) {
            print(1, paths[i]);
            print(1, ":\n");
        }
        uint16_t error = list(paths[i]);
        if (error != ERRNO_SUCCESS) {
            complain("ls", paths[i], error);
            status = 1;
        }
    }
    if (status != 0) {
        proc_exit(status);
    }
}
