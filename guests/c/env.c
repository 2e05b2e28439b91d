// Prints the environment, each variable on a line of its own.

#define _GNU_SOURCE

#include <stdio.h>
#include <unistd.h>

int main(void) {
    for (char **variable = environ; *variable != NULL; variable++) {
        if (puts(*variable) == EOF) {
            return 1;
        }
    }
    return fflush(stdout) == 0 ? 0 : 1;
}
