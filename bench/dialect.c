/* SPDX-License-Identifier: MIT */
/* One table; a peer would be another row. */
#include "bench/dialect.h"

#include <string.h>

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

static const struct dialect dialects[] = {
    { "raw", raw_hello, raw_say, raw_ready },
    { "line", line_hello, line_say, line_ready },
    { "irc", irc_hello, irc_say, irc_ready },
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
