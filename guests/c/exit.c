// exit CODE: ends with that exit code (default 0), through proc_exit.

#include <stdlib.h>

int main(int argc, char **argv) {
    exit(argc > 1 ? atoi(argv[1]) : 0);
}
