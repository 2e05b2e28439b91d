// clock [TICKS [MILLISECONDS]]: prints the wall clock in UTC and the resolution of the monotonic clock, then
// TICKS lines (default 1), each after sleeping MILLISECONDS (default 100), with the time since the start.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int64_t monotonic_nanoseconds(void) {
    struct timespec time;
    if (clock_gettime(CLOCK_MONOTONIC, &time) != 0) {
        perror("clock: monotonic clock");
        exit(1);
    }
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int main(int argc, char **argv) {
    int ticks = argc > 1 ? atoi(argv[1]) : 1;
    int milliseconds = argc > 2 ? atoi(argv[2]) : 100;

    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) == 0) {
        struct tm *utc = gmtime(&now.tv_sec);
        char text[32];
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", utc);
        printf("wall clock: %s\n", text);
    } else {
        // A device without a battery-backed clock does not know the date: the rest still works.
        perror("clock: wall clock");
    }

    struct timespec resolution;
    if (clock_getres(CLOCK_MONOTONIC, &resolution) == 0) {
        printf("monotonic clock: resolution %ld ns\n", resolution.tv_nsec);
    }

    int64_t start = monotonic_nanoseconds();
    for (int tick = 1; tick <= ticks; tick++) {
        struct timespec interval = {milliseconds / 1000, (milliseconds % 1000) * 1000000L};
        if (nanosleep(&interval, NULL) != 0) {
            perror("clock: sleep");
            return 1;
        }
        printf("tick %d: %lld ms\n", tick, (long long)(monotonic_nanoseconds() - start) / 1000000);
    }
    return 0;
}
