/* SPDX-License-Identifier: Apache-2.0 */

/* What session.h wants of a test. */

#include <string.h>

#include <FreeRTOS.h>

#include "check.h"
#include "session.h"

size_t session_heap(void)
{
    return xPortGetFreeHeapSize();
}

void session_print(const char *text)
{
    (void)board_write(text, strlen(text));
}

void session_fail(const char *condition)
{
    board_print("not so: %s\n", condition);
    board_exit(1);
}
