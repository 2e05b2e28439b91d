/* SPDX-License-Identifier: Apache-2.0 */

/* The WebAssembly specification's test suite, from the pack that is part of the firmware. */

#include <FreeRTOS.h>
#include <task.h>

#include <board.h>
#include <thimble_specification.h>

/* In pack.S. */
extern const uint8_t specification_pack[];
extern const uint8_t specification_pack_end[];

static void report(const char *text, size_t length)
{
    (void)board_write(text, length);
    (void)board_write("\n", 1);
}

/* Runs the pack; whether all of it holds. */
static bool run_pack(bool images)
{
    const struct thimble_specification_options options = {
        .maximum_memory = SPECIFICATION_MEMORY,
        .stack_cells = SPECIFICATION_STACK_CELLS,
        .images = images,
    };
    struct thimble_specification_summary summary;

    thimble_specification_run(specification_pack, specification_pack_end - specification_pack,
                              &options, report, &summary);
    board_print("%s: %u files: %u of %u assertions passed; %u failures; %u places left out\n",
                images ? "images" : "modules", (unsigned)summary.files, (unsigned)summary.passed,
                (unsigned)summary.stated, (unsigned)summary.failed, (unsigned)summary.left_out);
    return summary.files > 0 && summary.tail_dispatch && summary.failed == 0 &&
           summary.assertions == summary.stated && summary.passed == summary.stated;
}

static int run(void)
{
    /* The first allocation makes the heap. */
    vPortFree(pvPortMalloc(1));

    size_t free_before = xPortGetFreeHeapSize();
    bool passed = run_pack(false);

    passed &= run_pack(true);

    size_t left = free_before - xPortGetFreeHeapSize();

    board_print("%u bytes of the heap not given back; %u bytes of native stack unused\n",
                (unsigned)left,
                (unsigned)(uxTaskGetStackHighWaterMark2(NULL) * sizeof(StackType_t)));
    return passed && left == 0 ? 0 : 1;
}

int main(void)
{
    board_start(run);
}
