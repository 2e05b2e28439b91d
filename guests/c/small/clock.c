// Prints as many lines as the first argument says (without it: 1), each after sleeping as many
// milliseconds as the second one says (without it: 100), with the time since the start.

#include "wasi.h"

static const char usage[] = "usage: clock [TICKS [MILLISECONDS]]\n";

enum { NANOSECONDS = 1000000 };

static void check(uint16_t error) {
    if (error != ERRNO_SUCCESS) {
        complain("clock", NULL, error);
        proc_exit(1);
    }
}

static uint64_t now(void) {
    uint64_t time;
    check(clock_time_get(CLOCK_MONOTONIC, 1, &time));
    return time;
}

static void sleep(uint64_t milliseconds) {
    subscription until = {
        .tag = TAG_CLOCK,
        .clock = {.id = CLOCK_MONOTONIC, .timeout = milliseconds * NANOSECONDS},
    };
    event event;
    size_t happened;
    check(poll_oneoff(&until, &event, 1, &happened));
    check(event.error);
}

__attribute__((export_name("_start")))
void start(void) {
    char **given;
    size_t count = arguments(&given);
    uint64_t ticks = count > 0 ? parse(given[0], usage) : 1;
    uint64_t milliseconds = count > 1 ? parse(given[1], usage) : 100;
    uint64_t begin = now();
    for (uint64_t tick = 1; tick <= ticks; tick++) {
        sleep(milliseconds);
        print(1, "tick ");
        print_number(tick, ": ");
        print_number((now() - begin) / NANOSECONDS, " ms\n");
    }
}
