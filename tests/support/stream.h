/* SPDX-License-Identifier: MIT */
/* A reader of a stream as the session is one: it feeds the scanner, consumes what that says, and
 * writes down what was found: "text;" for a line, "!" for one that is too long, "<verb.option>" for
 * a command of telnet. It can forget, whenever something is consumed, what a crash would forget. */
#ifndef SUPPORT_STREAM_H
#define SUPPORT_STREAM_H

#include "front/scanner.h"

#include <stdlib.h>

enum {
    STREAM_MAX_TEXT = 8,
    STREAM_START = PAGE_SIZE_BYTES - 5, /* the page's end lies in the middle of what tests feed */
    STREAM_FOUND_MAX = 65536,
};

struct stream {
    char page[PAGE_SIZE_BYTES];
    struct scanner scanner;
    struct scan_input input;
    uint8_t stored; /* what was known at `consumed` */
    bool forgets;
    char found[STREAM_FOUND_MAX];
    struct buf out;
};

static inline void stream_begin(struct stream *s, bool is_telnet, bool forgets)
{
    s->input = (struct scan_input){ .page = s->page,
                                    .consumed = STREAM_START,
                                    .read = STREAM_START,
                                    .max_text = STREAM_MAX_TEXT,
                                    .is_telnet = is_telnet };
    s->stored = SCANNER_TEXT;
    s->scanner = scanner_at(STREAM_START, s->stored);
    s->forgets = forgets;
    s->out = buf_over(s->found, sizeof(s->found));
}

static inline void stream_consume(struct stream *s)
{
    s->input.consumed = s->scanner.at;
    s->stored = s->scanner.state;
    if (s->forgets) {
        s->scanner = scanner_at(s->input.consumed, s->stored);
    }
}

static inline void stream_line(struct stream *s, uint64_t text_end)
{
    char space[PAGE_SIZE_BYTES];
    struct buf line = buf_over(space, sizeof(space));

    scanner_clean(&s->input, text_end, s->stored, &line);
    buf_text_put(&s->out, buf_text(&line));
    buf_char(&s->out, ';');
    stream_consume(s);
}

/* Takes what there is; true if the scanner wants more. */
static inline bool stream_step(struct stream *s)
{
    struct scan_found found;

    switch (scanner_next(&s->scanner, &s->input, &found)) {
    case SCAN_LINE: stream_line(s, found.text_end); return false;
    case SCAN_LONG:
        buf_char(&s->out, '!');
        stream_consume(s);
        return false;
    case SCAN_NOTHING: stream_consume(s); return false;
    case SCAN_COMMAND: buf_format(&s->out, "<%u.%u>", found.verb, found.option); return false;
    case SCAN_MORE: return true;
    }
    return true;
}

static inline void stream_feed(struct stream *s, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        s->page[s->input.read++ % PAGE_SIZE_BYTES] = bytes[i];
    }
    while (s->input.consumed < s->input.read && !stream_step(s)) {
    }
    if (s->scanner.at != s->input.read) {
        abort(); /* it stopped before the end of what there is */
    }
}

#endif
