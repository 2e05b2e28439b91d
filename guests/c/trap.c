// trap KIND: ends in the trap of that kind (see the table at the end of the file).

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

// Volatile, so that the compiler sees no undefined behaviour to act on and emits the plain instruction.
static volatile int zero = 0;
static volatile int minus_one = -1;
static volatile int smallest = INT_MIN;
static volatile double huge = 1e300;
static volatile uintptr_t far = 0xfffffff0;
static volatile uintptr_t far_function = 0x7fffffff;

static void trap_unreachable(void) { __builtin_trap(); }
static void trap_divide(void) { zero = smallest / zero; }
static void trap_overflow(void) { zero = smallest / minus_one; }
static void trap_convert(void) { zero = __builtin_wasm_trunc_s_i32_f64(huge); }
static void trap_memory(void) { *(volatile int *)far = 1; }
static void trap_table(void) { ((void (*)(void))far_function)(); }
static void trap_null(void) { ((void (*)(void))(uintptr_t)zero)(); }

static int takes_two(int a, int b) { return a + b; }
static int (*volatile two)(int, int) = takes_two;
static void trap_signature(void) { ((void (*)(double))(uintptr_t)two)(1.0); }

static const struct {
    const char *kind;
    void (*trap)(void);
} kinds[] = {
    {"unreachable", trap_unreachable}, // unreachable
    {"divide", trap_divide},           // integer divide by zero
    {"overflow", trap_overflow},       // integer overflow: the smallest integer divided by -1
    {"convert", trap_convert},         // integer overflow: 1e300 to a 32-bit integer
    {"memory", trap_memory},           // out of bounds memory access
    {"table", trap_table},             // undefined element: a call beyond the table's end
    {"null", trap_null},               // uninitialized element: a call of a null function
    {"signature", trap_signature},     // indirect call type mismatch
};

int main(int argc, char **argv) {
    for (size_t i = 0; argc == 2 && i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(argv[1], kinds[i].kind) == 0) {
            kinds[i].trap();
        }
    }
    fputs("usage: trap unreachable|divide|overflow|convert|memory|table|null|signature\n", stderr);
    return 2;
}
