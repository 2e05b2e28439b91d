// Prints a greeting.

#include "wasi.h"

__attribute__((export_name("_start")))
void start(void) {
    if (print(1, "Hello from WebAssembly!\n") != ERRNO_SUCCESS) {
        proc_exit(1);
    }
}
