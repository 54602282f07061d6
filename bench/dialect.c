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

/* ---- the line front end: everyone begins in the lobby. Who will speak asks something first: a
 * connection that was never answered acknowledges each message by itself, one that was lets it wait
 * (tcp_pingpong_thresh in Linux's ip-sysctl), and all other dialects are answered when they enter
 * ---- */

static void line_hello(const struct role *role, struct buf *out)
{
    if (role->has_room && !role->is_lobby) {
        buf_format(out, "/join #bench%u\n/leave #lobby\n", role->room);
    } else if (role->speaks) {
        buf_text_put(out, TEXT("/topic\n"));
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

/* ---- nats: a room is a subject. Client protocol of docs.nats.io: "MSG subject sid bytes" and the
 * payload are two lines, of which the second one is the delivery ---- */

static void nats_hello(const struct role *role, struct buf *out)
{
    buf_text_put(out, TEXT("CONNECT {\"verbose\":false,\"pedantic\":false}\r\n"));
    if (role->has_room) {
        buf_format(out, "SUB room%05u 1\r\n", role->room);
    }
    buf_text_put(out, TEXT("PING\r\n"));
}

static void nats_say(const struct role *role, struct text payload, struct buf *out)
{
    buf_format(out, "PUB room%05u %zu\r\n%.*s\r\n", role->room, payload.len, TEXT_ARG(payload));
}

static struct text nats_ready(const struct role *role)
{
    (void)role;
    return TEXT("PONG");
}

/* ---- mqtt: 3.1.1, QoS 0. A room is a topic, a packet a line ---- */

enum {
    MQTT_CONNECT = 0x10,
    MQTT_PUBLISH = 0x30,
    MQTT_SUBSCRIBE = 0x82,
    MQTT_CLEAN_SESSION = 0x02,
    MQTT_VERSION = 4, /* that is 3.1.1 */
    MQTT_LENGTH_BYTES = 4,
};

/* The remaining length (2.2.3): seven bits to a byte, the lowest first. What is longer than four
 * bytes is no MQTT; it never becomes whole, and the crowd gives up on it. */
static size_t mqtt_cut(struct text said, struct text *out_line)
{
    size_t len = 0, n = 1;
    unsigned char byte;

    do {
        if (n > MQTT_LENGTH_BYTES || n >= said.len) {
            return 0;
        }
        byte = (unsigned char)said.at[n];
        len |= (size_t)(byte & 0x7f) << 7 * (n - 1);
        n++;
    } while (byte > 0x7f);
    len += n;
    if (len > said.len) {
        return 0;
    }
    *out_line = (struct text){ said.at, len };
    return len;
}

static void mqtt_put_head(int type, size_t len, struct buf *out)
{
    buf_char(out, (char)type);
    for (; len > 0x7f; len >>= 7) {
        buf_char(out, (char)(len | 0x80));
    }
    buf_char(out, (char)len);
}

static void mqtt_put_text(struct text t, struct buf *out)
{
    buf_char(out, (char)(t.len >> 8));
    buf_char(out, (char)t.len);
    buf_text_put(out, t);
}

static struct text mqtt_topic(const struct role *role, struct buf *space)
{
    buf_format(space, "room%05u", role->room);
    return buf_text(space);
}

static void mqtt_hello(const struct role *role, struct buf *out)
{
    char name_space[16], topic_space[16];
    struct buf name = buf_over(name_space, sizeof(name_space));
    struct buf topic_buf = buf_over(topic_space, sizeof(topic_space));
    struct text topic = mqtt_topic(role, &topic_buf);

    buf_format(&name, "b%u", role->number);
    mqtt_put_head(MQTT_CONNECT, 12 + name.len, out);
    mqtt_put_text(TEXT("MQTT"), out);
    buf_char(out, MQTT_VERSION);
    buf_char(out, MQTT_CLEAN_SESSION);
    buf_put(out, "\0\0", 2); /* keep alive: for ever */
    mqtt_put_text(buf_text(&name), out);
    if (role->has_room) {
        mqtt_put_head(MQTT_SUBSCRIBE, 5 + topic.len, out);
        buf_put(out, "\0\1", 2); /* packet identifier */
        mqtt_put_text(topic, out);
        buf_char(out, 0); /* QoS */
    }
}

static void mqtt_say(const struct role *role, struct text payload, struct buf *out)
{
    char space[16];
    struct buf topic_buf = buf_over(space, sizeof(space));
    struct text topic = mqtt_topic(role, &topic_buf);

    mqtt_put_head(MQTT_PUBLISH, 2 + topic.len + payload.len, out);
    mqtt_put_text(topic, out);
    buf_text_put(out, payload);
}

/* SUBACK of identifier 1 with QoS 0; CONNACK that accepts. */
static struct text mqtt_ready(const struct role *role)
{
    return role->has_room ? TEXT("\x90\x03\0\1\0") : TEXT("\x20\x02\0\0");
}

static const struct dialect dialects[] = {
    { "raw", dialect_cut_line, raw_hello, raw_say, raw_ready, TEXT_NONE, NULL },
    { "line", dialect_cut_line, line_hello, line_say, line_ready, TEXT_NONE, NULL },
    { "irc", dialect_cut_line, irc_hello, irc_say, irc_ready, TEXT(" 001 "), irc_enter },
    { "redis", dialect_cut_line, redis_hello, redis_say, redis_ready, TEXT_NONE, NULL },
    { "nats", dialect_cut_line, nats_hello, nats_say, nats_ready, TEXT_NONE, NULL },
    { "mqtt", mqtt_cut, mqtt_hello, mqtt_say, mqtt_ready, TEXT_NONE, NULL },
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
