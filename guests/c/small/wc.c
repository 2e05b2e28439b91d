// Counts lines, words and bytes of files, or of standard input for "-" and without arguments.

#include "wasi.h"

typedef struct {
    uint64_t lines, words, bytes;
} counts;

// Of the file that is read, and of all.
static counts file, total;

static bool is_space(char byte) {
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static uint16_t count(uint32_t descriptor) {
    static char buffer[256];
    iovec vector = {buffer, sizeof buffer};
    bool in_word = false;
    for (;;) {
        size_t length;
        uint16_t error = fd_read(descriptor, &vector, 1, &length);
        if (error != ERRNO_SUCCESS || length == 0) {
            return error;
        }
        file.bytes += length;
        for (size_t i = 0; i < length; i++) {
            bool space = is_space(buffer[i]);
            file.lines += buffer[i] == '\n';
            // A word counts at its first byte, so one that ends with the input is not missed.
            file.words += !in_word && !space;
            in_word = !space;
        }
    }
}

static void report(const counts *counts, const char *name) {
    print_number(counts->lines, " ");
    print_number(counts->words, " ");
    print_number(counts->bytes, " ");
    print(1, name);
    print(1, "\n");
}

__attribute__((export_name("_start")))
void start(void) {
    static char *standard_input[] = {"-"};
    char **names;
    size_t number = arguments(&names);
    if (number == 0) {
        names = standard_input;
        number = 1;
    }
    uint32_t status = 0;
    for (size_t i = 0; i < number; i++) {
        file = (counts){0, 0, 0};
        uint16_t error = with_file(names[i], count);
        if (error != ERRNO_SUCCESS) {
            complain("wc", names[i], error);
            status = 1;
            continue;
        }
        report(&file, names[i]);
        total.lines += file.lines;
        total.words += file.words;
        total.bytes += file.bytes;
    }
    if (number > 1) {
        report(&total, "total");
    }
    if (status != 0) {
        proc_exit(status);
    }
}
