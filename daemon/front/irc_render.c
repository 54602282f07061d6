/* SPDX-License-Identifier: MIT */
/* Records as IRC messages. A long message of another front end becomes several, each within the 512
 * bytes of RFC 1459, cut between characters. Sources of the tags: IRCv3 server-time, message-ids,
 * account-tag, bot-mode, message-tags. */
#include "front/irc.h"

#include "lib/timestamp.h"
#include "lib/utf8.h"

/* ---- tags ---- */

static void irc_put_tag(struct buf *out, bool *is_begun, const char *name)
{
    buf_char(out, *is_begun ? ';' : '@');
    buf_text_put(out, text_of(name));
    *is_begun = true;
}

/* The pieces of a long message are messages of their own to a client: each has its id, and the tags
 * of the client stand at the first. */
static void irc_put_message_tags(const struct record *record, uint32_t piece, bool *is_begun,
                                 struct buf *out)
{
    struct text tags = record_extra(record, RECORD_TAGS);

    irc_put_tag(out, is_begun, "msgid=");
    buf_number(out, record->number);
    if (piece > 0) {
        buf_format(out, "-%u", piece);
    }
    if (record->flags & RECORD_BY_BOT) {
        irc_put_tag(out, is_begun, "bot");
    }
    if (tags.len > 0 && piece == 0) {
        irc_put_tag(out, is_begun, "");
        buf_text_put(out, tags);
    }
}

static void irc_put_tags(const struct record *record, uint32_t flavour, uint32_t piece,
                         struct buf *out)
{
    bool is_begun = false;

    if (flavour & IRC_TIMED) {
        irc_put_tag(out, &is_begun, "time=");
        timestamp_put(record->real_ms, out);
    }
    if (flavour & IRC_BY_ACCOUNT) {
        irc_put_tag(out, &is_begun, "account=");
        buf_text_put(out, record_extra(record, RECORD_BY_ACCOUNT));
    }
    if (flavour & IRC_TAGGED) {
        irc_put_message_tags(record, piece, &is_begun, out);
    }
    if (is_begun) {
        buf_char(out, ' ');
    }
}

/* "@time=2026-11-22T10:00:00.000Z :nick!user@host COMMAND" */
static void irc_put_head(const struct record *record, uint32_t flavour, uint32_t piece,
                         const char *command, struct buf *out)
{
    irc_put_tags(record, flavour, piece, out);
    buf_format(out, ":%.*s!%.*s %s", TEXT_ARG(record_field(record, RECORD_WHO)),
               TEXT_ARG(record_field(record, RECORD_SOURCE)), command);
}

/* ---- messages ---- */

enum { IRC_ACTION_FRAME = 9 }; /* \x01 "ACTION " \x01 */

static void irc_put_piece(const struct record *record, uint32_t flavour, uint32_t n,
                          struct text piece, struct buf *out)
{
    bool is_action = record->kind == RECORD_ACTION;

    irc_put_head(record, flavour, n, record->kind == RECORD_NOTICE ? "NOTICE" : "PRIVMSG", out);
    buf_format(out, " %.*s :%s", TEXT_ARG(record_field(record, RECORD_WHERE)),
               is_action ? "\x01"
                           "ACTION "
                         : "");
    buf_text_put(out, piece);
    buf_text_put(out, is_action ? TEXT("\x01\r\n") : TEXT("\r\n"));
}

static void irc_render_message(const struct record *record, uint32_t flavour, struct buf *out)
{
    struct text text = record_field(record, RECORD_TEXT);
    size_t frame = (size_t)record->len[RECORD_WHO] + record->len[RECORD_SOURCE] +
                   record->len[RECORD_WHERE] + sizeof(":! PRIVMSG  :") +
                   (record->kind == RECORD_ACTION ? IRC_ACTION_FRAME : 0);
    uint32_t n = 0;

    do {
        struct text piece = { text.at, utf8_fit(text, IRC_LINE_MAX - frame) };

        irc_put_piece(record, flavour, n++, piece, out);
        text = (struct text){ text.at + piece.len, text.len - piece.len };
    } while (text.len > 0);
}

/* ---- what happened ---- */

/* How a record of each kind goes on behind its source: the command, then which of the record's
 * texts stand as parameters. */
enum irc_part { IRC_NOTHING, IRC_WHERE, IRC_TARGET_WHERE, IRC_WHERE_TARGET };
enum irc_last {
    IRC_LAST_NONE,
    IRC_LAST_TEXT,     /* " :text" */
    IRC_LAST_IF_TEXT,  /* the same, if there is one */
    IRC_LAST_AS_WORDS, /* " text", which is several parameters */
    IRC_LAST_ACCOUNT,  /* " text", "*" if there is none */
};

struct irc_shape {
    const char *command;
    enum irc_part part;
    enum irc_last last;
};

static const struct irc_shape IRC_SHAPES[] = {
    [RECORD_JOINED] = { "JOIN", IRC_WHERE, IRC_LAST_NONE },
    [RECORD_LEFT] = { "PART", IRC_WHERE, IRC_LAST_IF_TEXT },
    [RECORD_QUIT] = { "QUIT", IRC_NOTHING, IRC_LAST_TEXT },
    [RECORD_RENAMED] = { "NICK", IRC_NOTHING, IRC_LAST_TEXT },
    [RECORD_TOPIC] = { "TOPIC", IRC_WHERE, IRC_LAST_TEXT },
    [RECORD_AWAY] = { "AWAY", IRC_NOTHING, IRC_LAST_IF_TEXT },
    [RECORD_KICKED] = { "KICK", IRC_WHERE_TARGET, IRC_LAST_TEXT },
    [RECORD_MODES] = { "MODE", IRC_WHERE, IRC_LAST_AS_WORDS },
    [RECORD_INVITED] = { "INVITE", IRC_TARGET_WHERE, IRC_LAST_NONE },
    [RECORD_REALNAME] = { "SETNAME", IRC_NOTHING, IRC_LAST_TEXT },
    [RECORD_HOST] = { "CHGHOST", IRC_NOTHING, IRC_LAST_AS_WORDS },
    [RECORD_ACCOUNT] = { "ACCOUNT", IRC_NOTHING, IRC_LAST_ACCOUNT },
    [RECORD_TAGGED] = { "TAGMSG", IRC_WHERE, IRC_LAST_NONE },
    [RECORD_WALLOPS] = { "WALLOPS", IRC_NOTHING, IRC_LAST_TEXT },
};

static void irc_put_part(const struct record *record, enum irc_part part, struct buf *out)
{
    struct text where = record_field(record, RECORD_WHERE);
    struct text target = record_extra(record, RECORD_TARGET);

    switch (part) {
    case IRC_NOTHING: break;
    case IRC_WHERE: buf_format(out, " %.*s", TEXT_ARG(where)); break;
    case IRC_TARGET_WHERE: buf_format(out, " %.*s %.*s", TEXT_ARG(target), TEXT_ARG(where)); break;
    case IRC_WHERE_TARGET: buf_format(out, " %.*s %.*s", TEXT_ARG(where), TEXT_ARG(target)); break;
    }
}

static void irc_put_last(const struct record *record, enum irc_last last, struct buf *out)
{
    struct text text = record_field(record, RECORD_TEXT);

    switch (last) {
    case IRC_LAST_NONE: break;
    case IRC_LAST_IF_TEXT:
        if (text.len > 0) {
            buf_format(out, " :%.*s", TEXT_ARG(text));
        }
        break;
    case IRC_LAST_TEXT: buf_format(out, " :%.*s", TEXT_ARG(text)); break;
    case IRC_LAST_AS_WORDS: buf_format(out, " %.*s", TEXT_ARG(text)); break;
    case IRC_LAST_ACCOUNT:
        buf_format(out, " %.*s", TEXT_ARG(text.len > 0 ? text : TEXT("*")));
        break;
    }
}

static void irc_render_once(const struct record *record, uint32_t flavour, struct buf *out)
{
    const struct irc_shape *shape = &IRC_SHAPES[record->kind];

    if (shape->command == NULL) {
        irc_render_message(record, flavour, out);
        return;
    }
    irc_put_head(record, flavour, 0, shape->command, out);
    irc_put_part(record, shape->part, out);
    if (flavour & IRC_WHOLE_JOIN) { /* extended-join */
        struct text account = record_extra(record, RECORD_BY_ACCOUNT);

        buf_format(out, " %.*s :%.*s", TEXT_ARG(account.len > 0 ? account : TEXT("*")),
                   TEXT_ARG(record_field(record, RECORD_TEXT)));
    } else {
        irc_put_last(record, shape->last, out);
    }
    buf_text_put(out, TEXT("\r\n"));
}

void irc_render(const struct exchange *exchange, const struct record *record, uint32_t flavour,
                struct buf *out)
{
    (void)exchange;
    irc_render_once(record, flavour, out);
    if (flavour & IRC_TWICE) {
        irc_render_once(record, flavour, out);
    }
}
