/* SPDX-License-Identifier: MIT */
/* Opening and closing the page. It is never compacted: bytes that a rollback needs stay where they
 * are; a page begins afresh when all of it was sent. What lies in one that others are sent too is
 * moved to one of its own before anything is added. */
#include "front/output.h"

#include <assert.h>
#include <string.h>

/* The unsent bytes of a page that others hold too go to one of its own. If there is none they stay,
 * and leave no room. */
static void output_part(struct state *state, struct reader *reader, size_t unsent)
{
    uint32_t page = pages_lend(&state->pages, PAGE_OUTPUT);

    if (page != 0) {
        memcpy(region_page(&state->region, page),
               region_page(&state->region, reader->page) + (reader->written - reader->base),
               unsent);
        reader->page = page;
        reader->base = reader->written;
    }
}

static void output_take_page(struct state *state, struct reader *reader)
{
    const struct wire_output *out = &state->wires[reader->row].out;

    if (reader->written == out->produced) {
        reader->page = pages_lend(&state->pages, PAGE_OUTPUT);
        reader->base = out->produced;
        return;
    }
    reader->page = out->page;
    reader->base = out->base;
    if (pages_is_shared(&state->pages, out->page)) {
        output_part(state, reader, (size_t)(out->produced - reader->written));
    }
}

int output_open(struct reader *reader, struct exchange *exchange, uint32_t row, uint64_t written)
{
    struct state *state = exchange->hub.state;
    const struct wire *wire = &state->wires[row];
    size_t size;

    *reader = (struct reader){ .exchange = exchange,
                               .front = exchange->fronts[wire->front],
                               .row = row,
                               .written = written,
                               .pulled_to = UINT64_MAX };
    output_take_page(state, reader);
    if (reader->page == 0) {
        return OUTPUT_NO_PAGE;
    }
    reader->output_start = (size_t)(wire->out.produced - reader->base);
    size = pages_is_shared(&state->pages, reader->page) ? reader->output_start : PAGE_SIZE_BYTES;
    reader->output = buf_over(region_page(&state->region, reader->page), size);
    reader->output.len = reader->output_start;
    return 0;
}

void output_close(struct reader *reader)
{
    struct state *state = reader->exchange->hub.state;
    const struct wire_output *out = &state->wires[reader->row].out;
    bool has_unsent = reader->written < out->produced;
    bool is_lent = !has_unsent || reader->page != out->page; /* by output_open() */

    assert(!reader->output.full); /* REPLY_ROOM is a promise of the front ends */
    if (reader->output.len > reader->output_start) {
        struct wire_output *writable = state_edit_output(state, reader->row);

        if (has_unsent && is_lent) {
            pages_give_back(&state->pages, out->page, PAGE_OUTPUT);
        }
        writable->produced = reader->base + reader->output.len;
        writable->base = reader->base;
        writable->page = reader->page;
    } else if (is_lent) {
        pages_give_back(&state->pages, reader->page, PAGE_OUTPUT);
    }
    reader->page = 0;
}

struct buf *output_private(struct reader *reader)
{
    if (reader->pulled_to != reader->exchange->hub.state->header->log.tail) {
        bool is_all = output_pull(reader, 0);

        assert(is_all); /* the line would not have been begun without room */
        (void)is_all;
    }
    return &reader->output;
}

/* To the minute: it is written that often. */
void output_store_minute(struct state *state, uint32_t row, uint64_t told_ms)
{
    uint32_t minute = (uint32_t)(told_ms / 60000);

    if (minute != 0 && state->wires[row].flood.told_minute != minute) {
        state_edit_flood(state, row)->told_minute = minute;
    }
}

void output_set_answer(struct reader *reader, uint32_t kind, uint32_t row, uint64_t at,
                       uint64_t until)
{
    struct wire *wire = state_edit_wire(reader->exchange->hub.state, reader->row);

    wire->answer = (struct wire_answer){ .kind = kind, .row = row, .at = at, .until = until };
}
