// Never ends.

__attribute__((export_name("_start")))
void start(void) {
    for (;;) {
        __asm__ volatile("");
    }
}
