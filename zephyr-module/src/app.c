/* SPDX-License-Identifier: Apache-2.0 */

/* Programs that are linked into the firmware. */

#include <string.h>

#include <thimble/app.h>

const struct thimble_app *thimble_app_find(const char *name)
{
    STRUCT_SECTION_FOREACH(thimble_app, app) {
        if (strcmp(app->name, name) == 0) {
            return app;
        }
    }
    return NULL;
}
