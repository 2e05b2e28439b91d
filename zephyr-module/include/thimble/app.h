/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Programs that are linked into the firmware.
 *
 * The CMake function thimble_add_app(NAME name WASM file) makes one.
 */

#ifndef THIMBLE_APP_H
#define THIMBLE_APP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zephyr/sys/iterable_sections.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A program in the firmware. STRUCT_SECTION_FOREACH(thimble_app, app) finds all. */
struct thimble_app {
    /** Its name. */
    const char *name;
    /** A WebAssembly module, or an image. */
    const uint8_t *content;
    /** Bytes of it. */
    size_t length;
    /** Whether it is an image. It was made when the firmware was built, and is trusted. */
    bool is_image;
};

/**
 * The program of a name.
 *
 * @return NULL if there is none.
 */
const struct thimble_app *thimble_app_find(const char *name);

#ifdef __cplusplus
}
#endif

#endif
