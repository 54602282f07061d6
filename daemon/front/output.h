/* SPDX-License-Identifier: MIT */
/* A reader's output: the page that holds what is committed and not sent, and the two ways bytes get
 * there: records that are pulled, and private bytes that are written behind them. */
#ifndef FRONT_OUTPUT_H
#define FRONT_OUTPUT_H

#include "front/front.h"

enum output_outcome {
    OUTPUT_NO_PAGE = 1, /* none is free: wait until one is */
};

/* In a transaction: opens the output of the connection `row`, of which the kernel took `written`
 * bytes. Borrows a page if nothing is unsent, or if others are sent the same page; if there is none
 * for the latter, there is no room in the output. */
must_check int output_open(struct reader *reader, struct exchange *exchange, uint32_t row,
                           uint64_t written);
/* What was appended is now part of the stream, once committed. A page that stayed empty is given
 * back. */
void output_close(struct reader *reader);

/* Pulls the records that are due into the output, leaving `keep_free` bytes. Returns true if all
 * are pulled and so many bytes are free. */
bool output_pull(struct reader *reader, size_t keep_free);

/* The record at this log position as the reader is shown it: rendered once for a flavour and round;
 * nothing if it is hidden from the reader. Valid until the next one is asked for. */
struct text output_rendering(const struct reader *reader, const struct record *record, uint64_t pos,
                             struct place place);

/* In a transaction: the reader was told of what happened at this real time; 0: nothing. So that who
 * misses something can be told since when. */
void output_store_minute(struct state *state, uint32_t row, uint64_t told_ms);

/* The place for private bytes: behind everything that is due, the line's own records included, so
 * that an answer never overtakes a record. The caller of the front end has seen to the room. */
struct buf *output_private(struct reader *reader);

/* The place for bytes of the transport (telnet's answers), which may overtake records. */
static inline struct buf *output_urgent(struct reader *reader)
{
    return &reader->output;
}

/* Sets the long answer that follows what is due. */
void output_set_answer(struct reader *reader, uint32_t kind, uint32_t row, uint64_t at,
                       uint64_t until);

#endif
