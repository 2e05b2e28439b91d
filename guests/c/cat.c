// Copies files, or standard input for "-" and without arguments, to standard output.

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int print(FILE *input) {
    char buffer[1024];
    size_t length;
    while ((length = fread(buffer, 1, sizeof buffer, input)) > 0) {
        if (fwrite(buffer, 1, length, stdout) != length) {
            return -1;
        }
    }
    return ferror(input) ? -1 : 0;
}

static int print_file(const char *name) {
    if (strcmp(name, "-") == 0) {
        return print(stdin);
    }
    FILE *input = fopen(name, "rb");
    if (input == NULL) {
        return -1;
    }
    int result = print(input);
    fclose(input);
    return result;
}

int main(int argc, char **argv) {
    static char *standard_input[] = {"cat", "-"};
    if (argc < 2) {
        argc = 2;
        argv = standard_input;
    }
    int status = 0;
    for (int i = 1; i < argc; i++) {
        if (print_file(argv[i]) != 0) {
            fprintf(stderr, "cat: %s: %s\n", argv[i], strerror(errno));
            status = 1;
        }
    }
    if (fflush(stdout) != 0) {
        status = 1;
    }
    return status;
}
