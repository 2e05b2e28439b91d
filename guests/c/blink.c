// Switches a light on and off. The firmware has the light, and the time.

#include <stdint.h>

__attribute__((import_module("env"), import_name("led")))
void led(int32_t on);

__attribute__((import_module("env"), import_name("wait")))
void wait(int32_t milliseconds);

__attribute__((export_name("blink")))
int32_t blink(int32_t times) {
    int32_t changes = 0;
    while (changes < 2 * times) {
        led(changes % 2 == 0);
        wait(10);
        changes++;
    }
    return changes;
}
