// random [BYTES]: prints so many random bytes (default 16, at most 256) in hexadecimal.

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv) {
    unsigned char bytes[256];
    long count = argc > 1 ? atol(argv[1]) : 16;
    if (count < 1 || count > (long)sizeof bytes) {
        fputs("usage: random [BYTES], from 1 to 256\n", stderr);
        return 2;
    }
    if (getentropy(bytes, count) != 0) {
        // A device without a source that nobody can predict has none.
        perror("random");
        return 1;
    }
    for (long i = 0; i < count; i++) {
        printf("%02x", bytes[i]);
    }
    printf("\n");
    return 0;
}
