/* SPDX-License-Identifier: Apache-2.0 */

/* A guest switches a light, which the firmware has. */

#include <stdbool.h>

#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

#include <thimble.h>

/* A light that lasts for so many changes. */
struct light {
    int32_t changes_left;
    bool on;
};

/* The guest imports it as the function `led` of the module `env`. */
static int32_t led(struct thimble_instance *instance, void *context,
                   const union thimble_value *arguments, union thimble_value *results)
{
    struct light *light = context;

    ARG_UNUSED(instance);
    ARG_UNUSED(results);
    if (light->changes_left == 0) {
        /* The guest's run ends with this number. */
        return 5;
    }
    light->changes_left--;
    light->on = arguments[0].i32 != 0;
    printk("light %s\n", light->on ? "on" : "off");
    return 0;
}

static int32_t wait(struct thimble_instance *instance, void *context,
                    const union thimble_value *arguments, union thimble_value *results)
{
    ARG_UNUSED(instance);
    ARG_UNUSED(context);
    ARG_UNUSED(results);
    k_msleep(CLAMP(arguments[0].i32, 0, 1000));
    return 0;
}

static struct light light = {.changes_left = 6};

static const struct thimble_native natives[] = {
    {"env", "led", "(i)", led, &light},
    {"env", "wait", "(i)", wait, NULL},
};

static const struct thimble_instance_options options = {
    .natives = natives,
    .native_count = ARRAY_SIZE(natives),
};

/* Has the guest blink so often. */
static int32_t blink(struct thimble_instance *instance, int32_t times)
{
    struct thimble_function function;
    union thimble_value value = {.i32 = times};
    int32_t status;

    status = thimble_instance_function(instance, "blink", "(i)i", &function);
    if (status == 0) {
        status = thimble_instance_call(instance, &function, &value, &value);
    }
    if (status == 0) {
        printk("the guest made %d changes\n", value.i32);
    }
    return status;
}

int main(void)
{
    struct thimble_module *module;
    struct thimble_instance *instance;
    struct thimble_error error;
    char text[80];

    if (thimble_module_open("blink", &module, &error) < 0) {
        goto failed;
    }
    if (thimble_instance_create(module, &options, &instance, &error) < 0) {
        thimble_module_unload(module);
        goto failed;
    }
    for (int32_t times = 2; blink(instance, times) == 0; times++) {
    }
    thimble_error_text(thimble_instance_error(instance), text, sizeof(text));
    printk("the light is broken: %s\n", text);

    thimble_instance_destroy(instance);
    thimble_module_unload(module);
    return 0;

failed:
    thimble_error_text(&error, text, sizeof(text));
    printk("cannot begin: %s\n", text);
    return 0;
}
