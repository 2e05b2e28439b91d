/* SPDX-License-Identifier: Apache-2.0 */

/* Nothing but the shell: what is added to it is what it costs. What is not called is not
 * linked, so the interfaces that are configured count as called. */

#include <zephyr/kernel.h>

#if defined(CONFIG_THIMBLE_C_API)
#include <thimble.h>
#endif
#if defined(CONFIG_THIMBLE_CONFORMANCE)
#include <thimble_conformance.h>
#endif
#if defined(CONFIG_THIMBLE_SPECIFICATION)
#include <thimble_specification.h>
#endif

#if defined(CONFIG_THIMBLE_HEAP_APPLICATION)
/* As large as the pool that boards/option_costs.py compares it with. */
K_HEAP_DEFINE(thimble_heap, 4096);
#endif

#if defined(CONFIG_THIMBLE_C_API) || defined(CONFIG_THIMBLE_CONFORMANCE) || \
    defined(CONFIG_THIMBLE_SPECIFICATION)

#define CALLED(function) ((void (*)(void))(function))

static void (*volatile const called[])(void) = {
#if defined(CONFIG_THIMBLE_C_API)
    CALLED(thimble_error_text),
    CALLED(thimble_module_load),
    CALLED(thimble_module_open),
    CALLED(thimble_module_unload),
    CALLED(thimble_module_size),
    CALLED(thimble_instance_create),
    CALLED(thimble_program_create),
    CALLED(thimble_instance_destroy),
    CALLED(thimble_instance_run),
    CALLED(thimble_instance_function),
    CALLED(thimble_instance_call),
    CALLED(thimble_instance_stop),
    CALLED(thimble_instance_is_stopped),
    CALLED(thimble_instance_set_fuel),
    CALLED(thimble_instance_fuel),
    CALLED(thimble_instance_statistics),
    CALLED(thimble_instance_error),
    CALLED(thimble_instance_frame),
    CALLED(thimble_memory_size),
    CALLED(thimble_memory_read),
    CALLED(thimble_memory_write),
    CALLED(thimble_memory_pointer),
#endif
#if defined(CONFIG_THIMBLE_CONFORMANCE)
    CALLED(thimble_conformance_run),
#endif
#if defined(CONFIG_THIMBLE_SPECIFICATION)
    CALLED(thimble_specification_run),
#endif
};

/* Never run: this firmware is only built. */
static void call(void)
{
    for (size_t index = 0; index < ARRAY_SIZE(called); index++) {
        called[index]();
    }
}
#else
static void call(void)
{
}
#endif

int main(void)
{
    call();
    return 0;
}
