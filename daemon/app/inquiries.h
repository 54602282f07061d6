/* SPDX-License-Identifier: MIT */
/* The questions that connections have put to the archive: each has one at most, and its next line
 * waits for the answer. The answers come back into the loop by a descriptor. Nothing of this
 * outlives the process, since the line that asked is not consumed: whoever starts next asks again.
 */
#ifndef APP_INQUIRIES_H
#define APP_INQUIRIES_H

#include "app/archiving.h"
#include "net/loop.h"
#include "store/worker.h"

struct inquiries;
typedef void (*inquiries_fn)(struct inquiries *inquiries, uint32_t row);

struct inquiries {
    struct worker worker;
    struct watch watch;
    inquiries_fn on_answer;  /* hears that the answer for a row is there */
    struct inquiry **by_row; /* owned; asked or answered */
    uint32_t n_rows;
    uint32_t n_asked; /* not answered yet */
    bool is_running;
};

/* Without an archive it does nothing. -errno; then, too, inquiries_stop() is to be called. */
must_check int inquiries_start(struct inquiries *inquiries, struct archiving *archiving,
                               struct loop *loop, uint32_t n_rows, inquiries_fn on_answer);
/* Takes a zeroed one. */
void inquiries_stop(struct inquiries *inquiries);

/* The inquiry, of inquiry->row, is taken; there is none of that row. */
void inquiries_ask(struct inquiries *inquiries, struct inquiry *inquiry);
/* What came of it; NULL: nothing was asked, or no answer is there. Borrowed. */
struct inquiry *inquiries_answer(const struct inquiries *inquiries, uint32_t row);
/* Whatever was asked, or answered, is of no use any more. */
void inquiries_forget(struct inquiries *inquiries, uint32_t row);

#endif
