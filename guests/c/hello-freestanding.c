// Prints a greeting without a C library: the smallest program that WASI can run.

#include <stddef.h>
#include <stdint.h>

typedef struct {
    const char *start;
    size_t length;
} ciovec;

__attribute__((import_module("wasi_snapshot_preview1"), import_name("fd_write")))
uint16_t fd_write(uint32_t descriptor, const ciovec *vectors, size_t count, size_t *written);

__attribute__((export_name("_start")))
void start(void) {
    static const char greeting[] = "Hello from WebAssembly!\n";
    ciovec vector = {greeting, sizeof greeting - 1};
    size_t written;
    if (fd_write(1, &vector, 1, &written) != 0) {
        __builtin_trap();
    }
}
