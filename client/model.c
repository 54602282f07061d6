/* SPDX-License-Identifier: MIT */
/* Who we are to the server. Owns nick, rooms, state and the lines to send; knows neither socket nor
 * terminal. No line that leaves here has CR, LF or NUL in it or is longer than IRC allows, for us
 * or, where it is relayed, for those who receive it. */
#include "model.h"

#include "nick_wish.h"

#include "lib/irc.h"
#include "lib/utf8.h"

#include <stdio.h>
#include <string.h>

enum {
    MODEL_NICK_MADE_MAX = 30,
};

void model_name_set(struct model_name *name, struct text value)
{
    name->len = utf8_fit(value, sizeof(name->at));
    memcpy(name->at, value.at, name->len);
}

static struct text model_name_text(const struct model_name *name)
{
    return (struct text){ .at = name->at, .len = name->len };
}

void model_init(struct model *m, const struct model_config *config)
{
    *m = (struct model){ .config = *config, .nick_limit = MODEL_NAME_MAX };
    model_name_set(&m->nick, config->nick);
    m->wish.nick = m->nick;
    support_init(&m->support);
}

void model_fini(struct model *m)
{
    bytes_fini(&m->out);
    bytes_fini(&m->goodbye);
    bytes_fini(&m->unheard);
    bytes_fini(&m->doubtful);
    bytes_fini(&m->unsaid);
    resume_fini(&m->resume);
}

/* Lost again before it was let in, it still knows the rooms from before. */
void model_restart(struct model *m)
{
    if (m->n_rooms > 0) {
        memcpy(m->rejoin, m->rooms, sizeof(m->rejoin));
        m->n_rejoin = m->n_rooms;
    }
    if (m->state != MODEL_REGISTERING) {
        m->nick_before = m->nick;
    }
    m->state = MODEL_REGISTERING;
    m->wish = (struct model_wish){ .nick = m->wish.nick };
    m->nick = m->wish.nick;
    m->n_rooms = 0;
    m->current = 0;
    m->mask_len = 0;
    m->has_echo = false;
    m->has_labels = false;
    m->has_history = false;
    m->is_entering = false;
    m->offered = 0;
    m->sasl = 0;
    m->nick_tries = 0;
    m->unproven = 0;
    support_init(&m->support);
    bytes_fini(&m->out);
    model_doubt(m);
    resume_restart(&m->resume);
}

void model_start(struct model *m)
{
    model_send(m, "CAP LS 302");
    model_send(m, "NICK %.*s", TEXT_ARG(model_nick(m)));
    model_send(m, "USER partyline 0 * :%.*s", TEXT_ARG(m->config.nick));
}

static bool model_is_nick_char(char c)
{
    return (c >= '0' && c <= '9') || c == '-' || (c >= 'A' && c <= '}');
}

void model_nick_from(struct text wish, struct buf *out)
{
    size_t start = out->len;

    for (size_t i = 0; i < wish.len && out->len - start < MODEL_NICK_MADE_MAX; i++) {
        char c = wish.at[i];

        if ((unsigned char)c >= 0x80) {
            continue;
        }
        if (out->len == start && (c == '-' || (c >= '0' && c <= '9'))) {
            buf_char(out, '_');
        }
        buf_char(out, (char)(model_is_nick_char(c) ? c : '_'));
    }
    if (out->len == start) {
        buf_text_put(out, TEXT("guest"));
    }
}

struct text model_nick(const struct model *m)
{
    return model_name_text(&m->nick);
}

bool model_is_me(const struct model *m, struct text nick)
{
    return text_equal_nocase(nick, model_nick(m));
}

struct text model_room(const struct model *m)
{
    return m->n_rooms == 0 ? TEXT_NONE : model_name_text(&m->rooms[m->current]);
}

struct text model_target(const struct model *m)
{
    return m->has_target ? model_name_text(&m->target) : model_room(m);
}

void model_set_target(struct model *m, struct text name)
{
    size_t i = model_find_room(m, name);

    m->has_target = true;
    model_name_set(&m->target, name);
    if (i < m->n_rooms) {
        m->current = i;
    }
}

size_t model_find_room(const struct model *m, struct text name)
{
    for (size_t i = 0; i < m->n_rooms; i++) {
        if (text_equal_nocase(model_name_text(&m->rooms[i]), name)) {
            return i;
        }
    }
    return m->n_rooms;
}

void model_add_room(struct model *m, struct text name, bool is_wanted)
{
    size_t i = model_find_room(m, name);

    if (i == MODEL_ROOMS_MAX) {
        return;
    }
    if (i == m->n_rooms) {
        model_name_set(&m->rooms[i], name);
        m->n_rooms++;
    }
    if (is_wanted || m->n_rooms == 1) {
        m->current = i;
    }
}

void model_remove_room(struct model *m, struct text name)
{
    size_t i = model_find_room(m, name);

    if (i == m->n_rooms) {
        return;
    }
    m->n_rooms--;
    memmove(&m->rooms[i], &m->rooms[i + 1], (m->n_rooms - i) * sizeof(m->rooms[0]));
    if (m->current == i) {
        m->current = 0;
    } else if (m->current > i) {
        m->current--;
    }
}

bool model_is_open(const struct model *m)
{
    return m->state == MODEL_READY && !m->is_entering &&
           (!m->config.is_paced || m->unproven < MODEL_WINDOW);
}

static void model_put_line(struct model *m, struct text line)
{
    bytes_put(&m->out, line);
    bytes_put(&m->out, TEXT("\r\n"));
}

static void model_vsend(struct model *m, const char *format, va_list arguments) format_like(2, 0);

static void model_vsend(struct model *m, const char *format, va_list arguments)
{
    char bytes[2 * MODEL_SCRATCH_BYTES];
    struct buf line = buf_over(bytes, sizeof(bytes));

    buf_vformat(&line, format, arguments);
    for (size_t i = 0; i < line.len; i++) {
        if (memchr("\r\n", bytes[i], sizeof("\r\n")) != NULL) {
            bytes[i] = ' ';
        }
    }
    line.len = utf8_fit(buf_text(&line), IRC_LINE_MAX);
    model_put_line(m, buf_text(&line));
}

void model_send(struct model *m, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    model_vsend(m, format, arguments);
    va_end(arguments);
    if (m->config.is_paced && m->state == MODEL_READY && ++m->unproven == MODEL_WINDOW) {
        model_ping(m);
    }
}

void model_ping(struct model *m)
{
    char line[64];
    struct buf b = buf_over(line, sizeof(line));

    buf_format(&b, "PING :partyline-%u", ++m->pings);
    model_put_line(m, buf_text(&b));
}

static void model_quit(struct model *m)
{
    struct text goodbye = bytes_text(&m->goodbye);

    model_send(m, goodbye.len == 0 ? "QUIT%.*s" : "QUIT :%.*s", TEXT_ARG(goodbye));
    m->state = MODEL_LEFT;
}

void model_proven(struct model *m)
{
    m->unproven = 0;
    m->is_entering = false;
    switch (m->state) {
    case MODEL_JOINING:
        if (m->n_rooms == 0 && m->config.is_paced) {
            model_refuse(m, TEXT("no room could be joined"));
            return;
        }
        m->state = MODEL_READY;
        m->was_let_in = true;
        nick_wish_begin(m);
        if (m->has_history) {
            resume_let_in(&m->resume);
        }
        return;
    case MODEL_LEAVING: model_quit(m); return;
    case MODEL_REGISTERING:
    case MODEL_READY:
    case MODEL_LEFT:
    case MODEL_REFUSED: return;
    }
}

void model_leave(struct model *m, struct text goodbye)
{
    if (m->state >= MODEL_LEAVING) {
        return;
    }
    bytes_put(&m->goodbye, goodbye);
    if (m->state == MODEL_REGISTERING) {
        model_quit(m);
        return;
    }
    m->state = MODEL_LEAVING;
    model_ping(m);
}

void model_refuse(struct model *m, struct text why)
{
    struct buf b = buf_over(m->refusal, sizeof(m->refusal) - 1);

    if (m->state == MODEL_REFUSED) {
        return; /* the first reason is the best one */
    }
    utf8_clean(why, UTF8_KEEP_NONE, &b);
    m->refusal[b.len] = '\0';
    m->state = MODEL_REFUSED;
}
