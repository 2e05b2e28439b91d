/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Programs that are linked into the firmware.
 *
 * The CMake function thimble_add_app(NAME name WASM file) makes one.
 */

#ifndef THIMBLE_APP_H
#define THIMBLE_APP_H

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
    /** A WebAssembly module. */
    const uint8_t *module;
    /** Bytes of the module. */
    size_t module_length;
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
