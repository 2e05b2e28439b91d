// Counts lines, words and bytes of files, or of standard input for "-" and without arguments.

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    unsigned long long lines, words, bytes;
} counts;

static int count(FILE *input, counts *result) {
    bool in_word = false;
    int byte;
    while ((byte = getc(input)) != EOF) {
        result->bytes++;
        result->lines += byte == '\n';
        bool space = isspace(byte);
        // A word counts at its first byte, so one that ends with the input is not missed.
        result->words += !in_word && !space;
        in_word = !space;
    }
    return ferror(input) ? -1 : 0;
}

static int count_file(const char *name, counts *result) {
    if (strcmp(name, "-") == 0) {
        return count(stdin, result);
    }
    FILE *input = fopen(name, "rb");
    if (input == NULL) {
        return -1;
    }
    int status = count(input, result);
    fclose(input);
    return status;
}

static void report(counts counts, const char *name) {
    printf("%llu %llu %llu %s\n", counts.lines, counts.words, counts.bytes, name);
}

int main(int argc, char **argv) {
    static char *standard_input[] = {"wc", "-"};
    if (argc < 2) {
        argc = 2;
        argv = standard_input;
    }
    int status = 0;
    counts total = {0, 0, 0};
    for (int i = 1; i < argc; i++) {
        counts file = {0, 0, 0};
        if (count_file(argv[i], &file) != 0) {
            fprintf(stderr, "wc: %s: %s\n", argv[i], strerror(errno));
            status = 1;
            continue;
        }
        report(file, argv[i]);
        total.lines += file.lines;
        total.words += file.words;
        total.bytes += file.bytes;
    }
    if (argc > 2) {
        report(total, "total");
    }
    return status;
}
