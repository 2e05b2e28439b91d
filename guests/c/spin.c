// Never ends: for tests of fuel, time limits and stops from outside.

int main(void) {
    // Volatile, because a loop without effects may be removed.
    for (volatile unsigned count = 0;; count++) {
    }
}
