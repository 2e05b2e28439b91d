/* SPDX-License-Identifier: Apache-2.0 */

/* A backend of the log that keeps what it is told. */

#include <zephyr/kernel.h>
#include <zephyr/logging/log_backend.h>
#include <zephyr/logging/log_backend_std.h>
#include <zephyr/logging/log_ctrl.h>
#include <zephyr/sys/cbprintf.h>
#include <zephyr/ztest.h>

#include "record.h"

static struct record records[RECORDS];
static size_t count;
static size_t length;

static int keep(int character, void *context)
{
    struct record *record = context;

    if (length < sizeof(record->text) - 1) {
        record->text[length] = character;
        length++;
    }
    return character;
}

static void process(const struct log_backend *const backend, union log_msg_generic *message)
{
    int16_t source = log_msg_get_source_id(&message->log);
    size_t unused;

    ARG_UNUSED(backend);
    if (count < RECORDS) {
        struct record *record = &records[count];

        record->level = log_msg_get_level(&message->log);
        record->module = source < 0 ? "" : log_source_name_get(Z_LOG_LOCAL_DOMAIN_ID, source);
        length = 0;
        (void)cbpprintf(keep, record, log_msg_get_package(&message->log, &unused));
        record->text[length] = '\0';
    }
    count++;
}

static void end(const struct log_backend *const backend)
{
    ARG_UNUSED(backend);
}

static const struct log_backend_api api = {.process = process, .panic = end};

LOG_BACKEND_DEFINE(record_backend, api, true);

void records_clear(void)
{
    (void)records_wait();
    count = 0;
}

size_t records_wait(void)
{
    while (log_data_pending()) {
        k_msleep(10);
    }
    /* The last one may be on its way. */
    k_msleep(10);
    return count;
}

const struct record *record_at(size_t index)
{
    zassert_true(index < MIN(count, RECORDS));
    return &records[index];
}
