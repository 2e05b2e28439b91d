// hold PATH...: opens every PATH, a directory if it ends in a slash and else a file that it appends to, says
// so, and keeps all of them open until it is stopped from outside.

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

// Reads the first entry, so that the listing has begun and has not ended.
static int hold_directory(const char *path) {
    DIR *directory = opendir(path);
    if (directory == NULL || readdir(directory) == NULL) {
        perror(path);
        return -1;
    }
    return 0;
}

static int hold_file(const char *path) {
    FILE *file = fopen(path, "a+");
    if (file == NULL || fputs("held\n", file) == EOF || fflush(file) == EOF) {
        perror(path);
        return -1;
    }
    return 0;
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        const char *path = argv[i];
        size_t length = strlen(path);
        int is_directory = length > 0 && path[length - 1] == '/';
        if ((is_directory ? hold_directory(path) : hold_file(path)) != 0) {
            return 1;
        }
    }
    printf("%d open\n", argc - 1);
    fflush(stdout);
    for (;;) {
        struct timespec hour = {3600, 0};
        nanosleep(&hour, NULL);
    }
}
