/* SPDX-License-Identifier: MIT */
/* Who has asked what. An inquiry that the worker has is not touched: if who asked it is gone, it is
 * let go when it comes back. */
#include "app/inquiries.h"

#include <errno.h>
#include <stdlib.h>

static void inquiries_take_back(struct inquiries *inquiries, struct inquiry *inquiry)
{
    inquiries->n_asked--;
    if (inquiries->by_row[inquiry->row] != inquiry) {
        (void)inquiry_free(inquiry);
        return;
    }
    inquiry->is_back = true;
    inquiries->on_answer(inquiries, inquiry->row);
}

static void inquiries_on_ready(struct watch *watch)
{
    struct inquiries *inquiries = container_of(watch, struct inquiries, watch);
    struct inquiry *list = worker_take(&inquiries->worker);

    watch_clear(watch, WATCH_READABLE);
    while (list != NULL) {
        struct inquiry *next = list->next;

        inquiries_take_back(inquiries, list);
        list = next;
    }
}

int inquiries_start(struct inquiries *inquiries, struct archiving *archiving, struct loop *loop,
                    uint32_t n_rows, inquiries_fn on_answer)
{
    char path[ARCHIVING_PATH_MAX];
    struct buf text = buf_over(path, sizeof(path));
    int r;

    if (archiving->archive == NULL || !archiving_path(archiving->config, &text)) {
        return 0;
    }
    *inquiries = (struct inquiries){ .on_answer = on_answer, .n_rows = n_rows };
    inquiries->by_row = calloc(n_rows, sizeof(struct inquiry *));
    if (inquiries->by_row == NULL) {
        return -ENOMEM;
    }
    r = worker_start(&inquiries->worker, archiving->archive, path);
    inquiries->is_running = r == 0;
    return r < 0 ? r
                 : watch_start(&inquiries->watch, loop, inquiries->worker.event_fd, 0,
                               inquiries_on_ready);
}

void inquiries_stop(struct inquiries *inquiries)
{
    for (uint32_t row = 0; inquiries->by_row != NULL && row < inquiries->n_rows; row++) {
        if (inquiries_answer(inquiries, row) != NULL) {
            (void)inquiry_free(inquiries->by_row[row]);
        }
    }
    free(inquiries->by_row);
    inquiries->by_row = NULL;
    if (inquiries->is_running) {
        watch_stop(&inquiries->watch);
        worker_stop(&inquiries->worker); /* frees those that it has */
        inquiries->is_running = false;
    }
}

void inquiries_ask(struct inquiries *inquiries, struct inquiry *inquiry)
{
    inquiries->by_row[inquiry->row] = inquiry;
    inquiries->n_asked++;
    worker_ask(&inquiries->worker, inquiry);
}

struct inquiry *inquiries_answer(const struct inquiries *inquiries, uint32_t row)
{
    struct inquiry *inquiry = inquiries->by_row == NULL ? NULL : inquiries->by_row[row];

    return inquiry != NULL && inquiry->is_back ? inquiry : NULL;
}

void inquiries_forget(struct inquiries *inquiries, uint32_t row)
{
    if (inquiries->by_row == NULL || inquiries->by_row[row] == NULL) {
        return; /* and nothing is written: most never ask, and own no memory here */
    }
    if (inquiries_answer(inquiries, row) != NULL) {
        (void)inquiry_free(inquiries->by_row[row]);
    }
    inquiries->by_row[row] = NULL;
}
