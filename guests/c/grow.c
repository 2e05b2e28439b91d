// grow [PAGES]: grows the memory by one page of 64 KiB at a time, writing into each, until PAGES were added
// (default: until the host refuses), then prints how many were added.

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { PAGE_BYTES = 65536 };

int main(int argc, char **argv) {
    int limit = argc > 1 ? atoi(argv[1]) : INT_MAX;
    int added = 0;
    while (added < limit) {
        size_t page = __builtin_wasm_memory_grow(0, 1);
        if (page == SIZE_MAX) {
            break;
        }
        // The first and the last byte must be zero, and there.
        volatile unsigned char *start = (volatile unsigned char *)(page * PAGE_BYTES);
        if (start[0] != 0 || start[PAGE_BYTES - 1] != 0) {
            fprintf(stderr, "grow: page %zu is not zero\n", page);
            return 1;
        }
        start[0] = start[PAGE_BYTES - 1] = 1;
        added++;
    }
    printf("%d\n", added);
    return 0;
}
