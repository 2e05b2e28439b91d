// recurse [DEPTH]: calls itself DEPTH times (default: until something gives), then prints the depth reached.
// Uses the call stack only, none of the stack that the compiler keeps in linear memory.

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

static int limit = INT_MAX;

// Written after the inner call, so that the compiler can turn the recursion neither into a loop nor into a tail
// call.
static volatile int deepest;

__attribute__((noinline)) static int recurse(int depth) {
    if (depth == limit) {
        return depth;
    }
    int reached = recurse(depth + 1);
    deepest = reached;
    return reached;
}

int main(int argc, char **argv) {
    if (argc > 1) {
        limit = atoi(argv[1]);
    }
    printf("%d\n", recurse(0));
    return 0;
}
