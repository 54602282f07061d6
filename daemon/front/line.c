/* SPDX-License-Identifier: MIT */
/* The line front end: what people with nc and telnet meet. Whoever connects is in the lobby under a
 * guest name, and what is typed is heard. No prompt, no handshake. */
#include "front/line.h"

#include "chat/members.h"
#include "chat/names.h"
#include "chat/people.h"
#include "chat/rooms.h"
#include "chat/talk.h"
#include "front/foreign.h"
#include "lib/irc_format.h"
#include "lib/utf8.h"

#include <string.h>

enum { KEY_EOT = 0x04 };

void line_say(struct reader *reader, const char *format, ...)
{
    struct buf *out = output_private(reader);
    va_list arguments;

    buf_text_put(out, TEXT("-- "));
    va_start(arguments, format);
    buf_vformat(out, format, arguments);
    va_end(arguments);
    buf_text_put(out, TEXT("\r\n"));
}

static uint32_t line_line_max(const struct exchange *exchange)
{
    return exchange->line_bytes;
}

static void line_put_motd(struct reader *reader)
{
    struct text motd = reader->exchange->motd;

    while (motd.len > 0) {
        struct text line = text_cut(&motd, '\n');

        line_say(reader, "%.*s", TEXT_ARG(line));
    }
}

static void line_arrive(struct reader *reader)
{
    struct exchange *exchange = reader->exchange;
    struct hub *hub = reader_hub(reader);
    uint32_t room;
    int r;

    people_name_guest(hub, reader->row);
    people_register(hub, reader->row, exchange->now);
    line_say(reader, "welcome to %s! you are %s, and what you type is heard in %s",
             exchange->server_name, reader_person(reader)->nick, exchange->lobby);
    line_say(reader, "/nick NAME gives you a name, /help shows the rest, /quit leaves");
    line_put_motd(reader);
    r = line_enter(reader, &(struct joining){ .name = text_of(exchange->lobby) }, &room);
    if (r != 0) {
        line_refuse(reader, r, text_of(exchange->lobby));
    }
}

static int line_talk(struct reader *reader, struct text text)
{
    const struct person *person = reader_person(reader);
    struct hub *hub = reader_hub(reader);
    int r;

    if (person->current == 0) {
        line_say(reader, "you are in no room, so nobody heard that; /join %s",
                 reader->exchange->lobby);
        return FRONT_DONE;
    }
    r = talk_in_room(hub, reader->row, hub_membership(hub, person->current)->room,
                     &(struct utterance){ .kind = RECORD_SAID, .text = text },
                     reader->exchange->now);
    if (r != 0) {
        line_refuse_in(reader, r, hub_membership(hub, person->current)->room, text);
    }
    return FRONT_DONE;
}

/* The end of it: what comes next would be said. */
static int line_refuse_foreign(struct reader *reader, enum foreign foreign, struct buf *reason)
{
    if (foreign == FOREIGN_IRC) {
        line_say(reader, "this port is for nc and telnet; IRC has one of its own, 6667 as a rule");
    } else {
        line_say(reader, "this is a chat and not for %s", foreign_name(foreign));
    }
    buf_format(reason, "spoke %s", foreign_name(foreign));
    return FRONT_QUIT;
}

/* `line` is cleaned of telnet, not yet of what must not reach a terminal. */
static int line_line(struct reader *reader, struct text line, struct buf *reason)
{
    char space[RECORD_TEXT_MAX * UTF8_REPLACEMENT_BYTES];
    struct buf clean = buf_over(space, sizeof(space));
    enum foreign foreign =
        reader_wire(reader)->in.consumed == 0 ? foreign_find(line) : FOREIGN_NONE;
    struct text text;

    if (foreign != FOREIGN_NONE) {
        return line_refuse_foreign(reader, foreign, reason);
    }
    if (line.len == 1 && line.at[0] == KEY_EOT) {
        return FRONT_QUIT;
    }
    utf8_clean(line, UTF8_KEEP_NONE, &clean);
    text = buf_text(&clean);
    if (text_trim(text).len == 0) {
        return FRONT_DONE;
    }
    if (text_starts_with(text, TEXT("//"))) {
        return line_talk(reader, (struct text){ text.at + 1, text.len - 1 });
    }
    if (text_starts_with(text, TEXT("/"))) {
        return line_command(reader, (struct text){ text.at + 1, text.len - 1 }, reason);
    }
    return line_talk(reader, text);
}

/* One's own text is not echoed: there is a refusal at most. */
static size_t line_room(struct text line)
{
    return text_starts_with(line, TEXT("/")) ? REPLY_ROOM : TALK_ROOM;
}

enum { LINE_BYTES_PER_TOKEN = 1024 };

static uint32_t line_cost(const struct exchange *exchange, uint32_t row, struct text line)
{
    /* What is done in steps is a walk through a table, whose length is not the asker's doing. Long
     * lines fill the log faster. */
    return exchange->hub.state->wires[row].in.step > 0
               ? 0
               : FLOOD_TOKEN + (uint32_t)line.len / LINE_BYTES_PER_TOKEN * FLOOD_TOKEN;
}

static void line_line_too_long(struct reader *reader)
{
    line_say(reader, "that line is longer than %u bytes, so nobody heard it",
             reader->exchange->line_bytes);
}

static void line_line_refused(struct reader *reader)
{
    line_say(reader, "your last line made the server fail, and was refused");
}

static void line_say_words(struct reader *reader, const char *words)
{
    line_say(reader, "%s", words);
}

static void line_flooding(struct reader *reader)
{
    line_say(reader, "more than %u lines a second: yours are delayed, none is lost",
             reader->exchange->lines_per_second);
}

static void line_idle(struct reader *reader, uint32_t seconds_left)
{
    line_say(reader, "you have been quiet for long; say something in the next %u seconds to stay",
             seconds_left);
}

static void line_farewell(struct reader *reader, struct text reason)
{
    char space[REASON_MAX];
    struct buf words = buf_over(space, sizeof(space));

    irc_format_strip(reason, &words); /* of who killed, by IRC */
    line_say(reader, "goodbye%s%.*s (if your program does not end by itself, press Enter or ^C)",
             words.len > 0 ? ": " : "", TEXT_ARG(buf_text(&words)));
}

const struct front front_line = {
    .name = "line",
    .is_telnet = true,
    .pings = false,
    .line_max = line_line_max,
    .room = line_room,
    .flavour = line_flavour_of,
    .view = line_view_of,
    .render = line_render,
    .lost = line_lost,
    .arrive = line_arrive,
    .line = line_line,
    .cost = line_cost,
    .urgency = NULL,
    .urgent = NULL,
    .line_too_long = line_line_too_long,
    .line_refused = line_line_refused,
    .answer = line_continue_answer,
    .say = line_say_words,
    .flooding = line_flooding,
    .idle = line_idle,
    .ping = NULL,
    .farewell = line_farewell,
};
