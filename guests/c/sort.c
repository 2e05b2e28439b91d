// Sorts numbers that the firmware has put into this guest's memory.

#include <stdint.h>

#define CAPACITY 64

static int32_t numbers[CAPACITY];

__attribute__((export_name("buffer")))
int32_t *buffer(void) {
    return numbers;
}

__attribute__((export_name("capacity")))
uint32_t capacity(void) {
    return CAPACITY;
}

__attribute__((export_name("sort")))
void sort(uint32_t count) {
    if (count > CAPACITY) {
        __builtin_trap();
    }
    for (uint32_t end = 1; end < count; end++) {
        int32_t number = numbers[end];
        uint32_t place = end;
        while (place > 0 && numbers[place - 1] > number) {
            numbers[place] = numbers[place - 1];
            place--;
        }
        numbers[place] = number;
    }
}
