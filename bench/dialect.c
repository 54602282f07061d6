/* SPDX-License-Identifier: MIT */
/* One table. Other IRC servers are spoken to as our front end is. */
#include "bench/dialect.h"

#include <string.h>

/* A line ends with LF; CR before it is its end, too. */
static size_t dialect_cut_line(struct text said, struct text *out_line)
{
    const char *newline = memchr(said.at, '\n', said.len);
    size_t len;

    if (newline == NULL) {
        return 0;
    }
    len = (size_t)(newline - said.at);
    *out_line = (struct text){ said.at, len - (len > 0 && newline[-1] == '\r') };
    return len + 1;
}

/* ---- the reference servers: the first line names the room, as a number ---- */

static void raw_hello(const struct role *role, struct buf *out)
{
    buf_format(out, "%u\n", role->has_room ? role->room : 0);
}

/* What the daemon puts in front of a line stands in it already, so that a delivery has the same
 * length with both. */
static void raw_say(const struct role *role, struct text payload, struct buf *out)
{
    buf_format(out, "10:00 <guest%u> %.*s\r\n", role->number + 1, TEXT_ARG(payload));
}

static struct text raw_ready(const struct role *role)
{
    (void)role;
    return TEXT("welcome");
}

/* ---- the line front end: everyone begins in the lobby ---- */

static void line_hello(const struct role *role, struct buf *out)
{
    if (role->has_room && !role->is_lobby) {
        buf_format(out, "/join #bench%u\n/leave #lobby\n", role->room);
    }
}

static void line_say(const struct role *role, struct text payload, struct buf *out)
{
    (void)role;
    buf_format(out, "%.*s\n", TEXT_ARG(payload));
}

static struct text line_ready(const struct role *role)
{
    return role->has_room && !role->is_lobby ? TEXT("have left #lobby") : TEXT("welcome");
}

/* ---- the IRC front end ---- */

static void irc_put_room(const struct role *role, struct buf *out)
{
    if (role->is_lobby) {
        buf_text_put(out, TEXT("#lobby"));
    } else {
        buf_format(out, "#bench%u", role->room);
    }
}

static void irc_hello(const struct role *role, struct buf *out)
{
    buf_format(out, "NICK b%u\r\nUSER bench 0 * :bench\r\n", role->number);
}

/* Some servers refuse a JOIN that comes with the registration. */
static void irc_enter(const struct role *role, struct buf *out)
{
    if (role->has_room) {
        buf_text_put(out, TEXT("JOIN "));
        irc_put_room(role, out);
        buf_text_put(out, TEXT("\r\n"));
    }
}

static void irc_say(const struct role *role, struct text payload, struct buf *out)
{
    buf_text_put(out, TEXT("PRIVMSG "));
    irc_put_room(role, out);
    buf_format(out, " :%.*s\r\n", TEXT_ARG(payload));
}

static struct text irc_ready(const struct role *role)
{
    return role->has_room ? TEXT(" 366 ") : TEXT(" 422 "); /* end of NAMES; no MOTD */
}

/* ---- redis: a room is a channel. With RESP3 who subscribes may publish, too ---- */

static void redis_hello(const struct role *role, struct buf *out)
{
    buf_text_put(out, TEXT("HELLO 3\r\n"));
    if (role->has_room) {
        buf_format(out, "SUBSCRIBE room%05u\r\n", role->room);
    } else {
        buf_text_put(out, TEXT("PING\r\n"));
    }
}

static void redis_say(const struct role *role, struct text payload, struct buf *out)
{
    buf_format(out, "*3\r\n$7\r\nPUBLISH\r\n$9\r\nroom%05u\r\n$%zu\r\n%.*s\r\n", role->room,
               payload.len, TEXT_ARG(payload));
}

static struct text redis_ready(const struct role *role)
{
    return role->has_room ? TEXT("subscribe") : TEXT("PONG");
}

static const struct dialect dialects[] = {
    { "raw", dialect_cut_line, raw_hello, raw_say, raw_ready, TEXT_NONE, NULL },
    { "line", dialect_cut_line, line_hello, line_say, line_ready, TEXT_NONE, NULL },
    { "irc", dialect_cut_line, irc_hello, irc_say, irc_ready, TEXT(" 001 "), irc_enter },
    { "redis", dialect_cut_line, redis_hello, redis_say, redis_ready, TEXT_NONE, NULL },
};

const struct dialect *dialect_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(dialects); i++) {
        if (strcmp(dialects[i].name, name) == 0) {
            return &dialects[i];
        }
    }
    return NULL;
}
