/* SPDX-License-Identifier: MIT */
/* A front end is one struct of functions: it turns a person's lines into commands of the hub, and
 * records into bytes. It is called inside a transaction and writes into the reader's output. It
 * knows neither sockets nor time-outs. */
#ifndef FRONT_FRONT_H
#define FRONT_FRONT_H

#include "front/exchange.h"
#include "store/inquiry.h"

/* One connection for the length of a transaction, with its output open. */
struct reader {
    struct exchange *exchange; /* borrowed */
    const struct front *front;
    uint32_t row;
    uint64_t written;    /* bytes of the stream that the kernel took */
    struct buf output;   /* the page; what is appended goes out after the commit */
    size_t output_start; /* output.len when it was opened */
    uint64_t base;       /* stream position of output.at[0] */
    uint32_t page;
    uint64_t pulled_to;     /* log.tail up to which records were pulled in this transaction */
    bool is_behind;         /* records are due that found no room */
    struct inquiry *answer; /* borrowed: to what the line, or the long answer, has asked; or NULL */
};

/* Where in the reader's chains a record was met. */
struct place {
    uint32_t membership; /* 0: the own box */
    uint64_t ordinal;
};

enum front_outcome {
    FRONT_DONE = 0,
    FRONT_MORE, /* the line has further parts: call again with wire.in.step one higher */
    FRONT_QUIT, /* the person wants to go; `reason` was set */
    FRONT_ASKS, /* exchange.asked was set and nothing else done: call again with reader.answer */
};

/* How a line that has to wait, since too much was said, stands to those that wait before it. */
enum front_urgency {
    FRONT_IN_TURN,
    FRONT_URGENT, /* it is answered at once */
    FRONT_MARK,   /* what is behind it is not urgent until it took effect */
};

enum {
    FLAVOUR_HIDDEN = 0, /* this reader does not see the record */
    FLAVOUR_FRONT_SHIFT = 28,
    REPLY_ROOM = 13312, /* bytes that a step of any line may write, its own records included */
    TALK_ROOM = 4096,   /* the same of a line that only says something */
    URGENT_ROOM = 512,  /* bytes that the answer to an urgent line may write */
    FLOOD_TOKEN = 1000, /* thousandths: what an ordinary line costs */
};

struct front {
    const char *name;
    bool is_telnet; /* IAC means something, and keys erase */
    bool pings;     /* silence is asked about in the protocol */
    /* Longest line in bytes without its end. */
    uint32_t (*line_max)(const struct exchange *exchange);
    /* Bytes of output that a step of this line may write: TALK_ROOM or REPLY_ROOM. The line waits
     * until the page has them, so in a flood the round ends there for who says much. */
    size_t (*room)(struct text line);

    /* All that the rendering depends on besides the record, or FLAVOUR_HIDDEN. */
    uint32_t (*flavour)(const struct reader *reader, const struct record *record,
                        struct place place);
    /* All that the rendering of what others do from now on in a room depends on besides the record:
     * readers with the same view of it are shown the same bytes. */
    uint32_t (*view)(const struct reader *reader, uint32_t membership);
    /* At most RENDERING_MAX bytes. */
    void (*render)(const struct exchange *exchange, const struct record *record, uint32_t flavour,
                   struct buf *out);
    /* The log has overtaken the reader: n records of others are lost to it. */
    void (*lost)(struct reader *reader, uint64_t n);

    void (*arrive)(struct reader *reader); /* the greeting */
    int (*line)(struct reader *reader, struct text line, struct buf *reason);
    /* What the line, or a step of it, takes out of the flood's bucket: thousandths of a token. */
    uint32_t (*cost)(const struct exchange *exchange, uint32_t row, struct text line);
    /* By the line's bytes alone, since it is asked twice: when the line comes, and when its turn
     * has come. NULL, as the next: nothing is urgent. */
    enum front_urgency (*urgency)(struct text line);
    /* Answers an urgent line, in output_urgent(). */
    void (*urgent)(struct reader *reader, struct text line);
    void (*line_too_long)(struct reader *reader);
    /* The line at hand made the daemon fail several times, and is not tried again. */
    void (*line_refused)(struct reader *reader);
    /* Goes on with the long answer of wire.answer as far as the output has room; clears it at its
     * end. Called only when everything before it is pulled. It may set exchange.asked instead of
     * writing anything: it is called again when there is reader.answer. */
    void (*answer)(struct reader *reader);
    /* Behind a pull, when no answer is under way and watchers_has_news(): tells what has changed
     * about those whom the reader watches, as far as the output has room. True: all of it. NULL if
     * nobody can watch by this front end. */
    bool (*tell)(struct reader *reader);
    /* Some words to this reader alone. */
    void (*say)(struct reader *reader, const char *words);
    void (*flooding)(struct reader *reader);
    void (*idle)(struct reader *reader, uint32_t seconds_left);
    void (*ping)(struct reader *reader); /* NULL if it does not */
    void (*farewell)(struct reader *reader, struct text reason);
};

extern const struct front front_line;
extern const struct front front_irc;

static inline struct hub *reader_hub(const struct reader *reader)
{
    return &reader->exchange->hub;
}

static inline const struct person *reader_person(const struct reader *reader)
{
    return hub_person(&reader->exchange->hub, reader->row);
}

static inline const struct wire *reader_wire(const struct reader *reader)
{
    return &reader->exchange->hub.state->wires[reader->row];
}

#endif
