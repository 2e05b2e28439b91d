// Copies files, or standard input for "-" and without arguments, to standard output.

#include "wasi.h"

static uint16_t copy(uint32_t descriptor) {
    static char buffer[256];
    iovec vector = {buffer, sizeof buffer};
    for (;;) {
        size_t length;
        uint16_t error = fd_read(descriptor, &vector, 1, &length);
        if (error != ERRNO_SUCCESS || length == 0) {
            return error;
        }
        error = write_all(1, buffer, length);
        if (error != ERRNO_SUCCESS) {
            return error;
        }
    }
}

__attribute__((export_name("_start")))
void start(void) {
    static char *standard_input[] = {"-"};
    char **names;
    size_t count = arguments(&names);
    if (count == 0) {
        names = standard_input;
        count = 1;
    }
    uint32_t status = 0;
    for (size_t i = 0; i < count; i++) {
        uint16_t error = with_file(names[i], copy);
        if (error != ERRNO_SUCCESS) {
            complain("cat", names[i], error);
            status = 1;
        }
    }
    if (status != 0) {
        proc_exit(status);
    }
}
