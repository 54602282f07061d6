/* SPDX-License-Identifier: MIT */
/* Records as IRC messages. A long message of another front end becomes several, each within the 512
 * bytes of RFC 1459, cut between characters. */
#include "front/irc.h"

#include "lib/utf8.h"

#include <time.h>

static bool irc_is_message(const struct record *record)
{
    return record->kind == RECORD_SAID || record->kind == RECORD_ACTION ||
           record->kind == RECORD_NOTICE;
}

uint32_t irc_view_of(const struct reader *reader, uint32_t membership)
{
    uint32_t caps = reader_person(reader)->caps;

    (void)membership;
    return IRC_BASE | (caps & IRC_CAP_SERVER_TIME ? (uint32_t)IRC_TIMED : 0) |
           (caps & IRC_CAP_AWAY_NOTIFY ? (uint32_t)IRC_AWAY : 0) |
           (caps & IRC_CAP_EXTENDED_JOIN ? (uint32_t)IRC_WHOLE_JOIN : 0);
}

/* What of a view makes no difference to this record: it is rendered once for both. */
static uint32_t irc_unseen_in(const struct record *record)
{
    /* who does not see RECORD_AWAY is not asked */
    return record->kind == RECORD_JOINED ? IRC_AWAY : IRC_AWAY | IRC_WHOLE_JOIN;
}

uint32_t irc_flavour_of(const struct reader *reader, const struct record *record,
                        struct place place)
{
    uint32_t caps = reader_person(reader)->caps;
    bool is_own = record->author_id == reader_wire(reader)->id;
    struct text where = record_field(record, RECORD_WHERE);

    if (record->kind == RECORD_AWAY && (is_own || !(caps & IRC_CAP_AWAY_NOTIFY))) {
        return FLAVOUR_HIDDEN;
    }
    if (is_own && record->kind == RECORD_QUIT) {
        return FLAVOUR_HIDDEN;
    }
    /* A message to oneself arrives; any other of one's own only with echo-message. */
    if (is_own && irc_is_message(record) && !(caps & IRC_CAP_ECHO_MESSAGE) &&
        !text_equal_nocase(where, text_of(reader_person(reader)->nick))) {
        return FLAVOUR_HIDDEN;
    }
    return irc_view_of(reader, place.membership) & ~irc_unseen_in(record);
}

/* "@time=2026-11-22T10:00:00.000Z :nick!user@host COMMAND" */
static void irc_put_head(const struct record *record, uint32_t flavour, const char *command,
                         struct buf *out)
{
    if (flavour & IRC_TIMED) {
        time_t seconds = (time_t)(record->real_ms / 1000);
        struct tm utc;
        char text[32];

        (void)gmtime_r(&seconds, &utc);
        (void)strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
        buf_format(out, "@time=%s.%03uZ ", text, (unsigned)(record->real_ms % 1000));
    }
    buf_format(out, ":%.*s!%.*s %s", TEXT_ARG(record_field(record, RECORD_WHO)),
               TEXT_ARG(record_field(record, RECORD_SOURCE)), command);
}

enum { IRC_ACTION_FRAME = 9 }; /* \x01 "ACTION " \x01 */

static void irc_put_piece(const struct record *record, uint32_t flavour, const char *command,
                          struct text piece, struct buf *out)
{
    bool is_action = record->kind == RECORD_ACTION;

    irc_put_head(record, flavour, command, out);
    buf_format(out, " %.*s :%s", TEXT_ARG(record_field(record, RECORD_WHERE)),
               is_action ? "\x01"
                           "ACTION "
                         : "");
    buf_text_put(out, piece);
    buf_text_put(out, is_action ? TEXT("\x01\r\n") : TEXT("\r\n"));
}

static void irc_render_message(const struct record *record, uint32_t flavour, struct buf *out)
{
    const char *command = record->kind == RECORD_NOTICE ? "NOTICE" : "PRIVMSG";
    struct text text = record_field(record, RECORD_TEXT);
    size_t frame = (size_t)record->len[RECORD_WHO] + record->len[RECORD_SOURCE] +
                   record->len[RECORD_WHERE] + sizeof(":! PRIVMSG  :") +
                   (record->kind == RECORD_ACTION ? IRC_ACTION_FRAME : 0);

    do {
        struct text piece = { text.at, utf8_fit(text, IRC_LINE_MAX - frame) };

        irc_put_piece(record, flavour, command, piece, out);
        text = (struct text){ text.at + piece.len, text.len - piece.len };
    } while (text.len > 0);
}

void irc_render(const struct exchange *exchange, const struct record *record, uint32_t flavour,
                struct buf *out)
{
    struct text where = record_field(record, RECORD_WHERE);
    struct text text = record_field(record, RECORD_TEXT);

    (void)exchange;
    switch ((enum record_kind)record->kind) {
    case RECORD_SAID:
    case RECORD_ACTION:
    case RECORD_NOTICE: irc_render_message(record, flavour, out); return;
    case RECORD_JOINED:
        irc_put_head(record, flavour, "JOIN", out);
        buf_format(out, " %.*s", TEXT_ARG(where));
        if (flavour & IRC_WHOLE_JOIN) {
            buf_format(out, " * :%.*s", TEXT_ARG(text)); /* there are no accounts */
        }
        break;
    case RECORD_LEFT:
        irc_put_head(record, flavour, "PART", out);
        buf_format(out, " %.*s", TEXT_ARG(where));
        if (text.len > 0) {
            buf_format(out, " :%.*s", TEXT_ARG(text));
        }
        break;
    case RECORD_QUIT:
        irc_put_head(record, flavour, "QUIT", out);
        buf_format(out, " :%.*s", TEXT_ARG(text));
        break;
    case RECORD_RENAMED:
        irc_put_head(record, flavour, "NICK", out);
        buf_format(out, " :%.*s", TEXT_ARG(text));
        break;
    case RECORD_TOPIC:
        irc_put_head(record, flavour, "TOPIC", out);
        buf_format(out, " %.*s :%.*s", TEXT_ARG(where), TEXT_ARG(text));
        break;
    case RECORD_AWAY:
        irc_put_head(record, flavour, "AWAY", out);
        if (text.len > 0) {
            buf_format(out, " :%.*s", TEXT_ARG(text));
        }
        break;
    }
    buf_text_put(out, TEXT("\r\n"));
}
