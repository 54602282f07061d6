/* SPDX-License-Identifier: MIT */
/* What a client does, by the dice: enters its rooms, talks, asks, goes. */
#include "torture/crowd.h"

#include <string.h>

enum { SCRIPT_ROOM = 1024 }; /* bytes that one step may need */

static struct buf script_out(struct client *client)
{
    struct buf out = buf_over(client->out, sizeof(client->out));

    out.len = client->out_len;
    return out;
}

/* People's programs end lines in both ways. */
static void script_end_line(struct crowd *crowd, struct client *client, struct buf *out)
{
    bool is_bare = client->front == CLIENT_LINE && dice_below(&crowd->dice, 2) == 0;

    buf_text_put(out, is_bare ? TEXT("\n") : TEXT("\r\n"));
    client->out_len = out->len;
}

static struct life *script_life(struct crowd *crowd, const struct client *client)
{
    return &crowd->audit->lives[client->life];
}

static void script_enter(struct crowd *crowd, struct client *client, uint32_t room)
{
    struct buf out = script_out(client);

    buf_format(&out, client->front == CLIENT_LINE ? "/join %s" : "JOIN %s", ROOM_NAMES[room]);
    script_end_line(crowd, client, &out);
    answers_owe(client, client->front == CLIENT_LINE ? OWED_ROOM : OWED_NAMES, room, 0);
    client->plan_rooms |= 1U << room;
    client->plan_current = room;
}

static void script_begin_line(struct crowd *crowd, struct client *client)
{
    struct buf out;

    answers_owe(client, OWED_GREETING, 0, 0);
    answers_owe(client, OWED_ROOM, 0, 0);
    client->plan_rooms = 1;
    client->plan_current = 0;
    if (!(client->wish & 1)) {
        out = script_out(client);
        buf_text_put(&out, TEXT("/leave"));
        script_end_line(crowd, client, &out);
        answers_owe(client, OWED_LEFT, 0, 0);
        client->plan_rooms = 0;
    }
    for (uint32_t room = 1; room < ROOMS; room++) {
        if (client->wish & (1U << room)) {
            script_enter(crowd, client, room);
        }
    }
}

/* All rooms in one line: it takes effect in steps. */
static void script_begin_irc(struct crowd *crowd, struct client *client)
{
    struct buf out = script_out(client);
    bool is_first = true;

    if (client->is_timed) {
        buf_text_put(&out, TEXT("CAP REQ :server-time\r\n"));
    }
    buf_format(&out, "NICK s%u\r\nUSER u%u 0 * :Client %u\r\n", client->life, client->life % 10,
               client->life);
    if (client->is_timed) {
        buf_text_put(&out, TEXT("CAP END\r\n"));
    }
    answers_owe(client, OWED_WELCOME, 0, 0);
    buf_text_put(&out, TEXT("JOIN "));
    for (uint32_t room = 0; room < ROOMS; room++) {
        if (client->wish & (1U << room)) {
            buf_format(&out, "%s%s", is_first ? "" : ",", ROOM_NAMES[room]);
            answers_owe(client, OWED_NAMES, room, 0);
            is_first = false;
        }
    }
    client->plan_rooms = client->wish;
    script_end_line(crowd, client, &out);
}

void script_begin(struct crowd *crowd, struct client *client)
{
    if (client->front == CLIENT_LINE) {
        script_begin_line(crowd, client);
    } else {
        script_begin_irc(crowd, client);
    }
}

/* ---- talking ---- */

static uint32_t script_some_room(struct crowd *crowd, const struct client *client)
{
    uint32_t room;

    do {
        room = dice_below(&crowd->dice, ROOMS);
    } while (!(client->plan_rooms & (1U << room)));
    return room;
}

static void script_put_words(struct crowd *crowd, struct client *client, struct buf *out)
{
    char space[WORDS_MAX];
    struct life *life = script_life(crowd, client);

    buf_text_put(out, words_make(crowd->audit->seed, client->life, life->n_said, space));
    client->n_said = ++life->n_said;
    crowd->counts.n_lines++;
}

static void script_say(struct crowd *crowd, struct client *client)
{
    struct buf out = script_out(client);

    if (client->front == CLIENT_IRC) {
        buf_format(&out, "PRIVMSG %s :", ROOM_NAMES[script_some_room(crowd, client)]);
    }
    script_put_words(crowd, client, &out);
    script_end_line(crowd, client, &out);
}

/* In private, to one of those who stay; not by those of whom we will not know when they were heard.
 */
static void script_tell(struct crowd *crowd, struct client *client)
{
    uint32_t who = dice_below(&crowd->dice, crowd->n_patrons);
    const struct client *patron = &crowd->clients[crowd->patrons[who]];
    struct buf out = script_out(client);

    if (client->end == CLIENT_RESETS || patron == client || !patron->is_placed ||
        patron->phase != CLIENT_PRESENT) {
        return;
    }
    buf_format(&out, client->front == CLIENT_IRC ? "PRIVMSG s%u :" : "/msg s%u ", patron->life);
    script_put_words(crowd, client, &out);
    script_end_line(crowd, client, &out);
}

static void script_ask(struct crowd *crowd, struct client *client)
{
    uint32_t token = dice_below(&crowd->dice, 1000000);
    struct buf out = script_out(client);

    if (client->front == CLIENT_IRC) {
        buf_format(&out, "PING :%u", token);
        answers_owe(client, OWED_TOKEN, 0, token);
    } else if (token % 4 == 0) {
        buf_text_put(&out, TEXT("/help"));
        answers_owe(client, OWED_HELP, 0, 0);
    } else {
        buf_format(&out, "/x%u", token);
        answers_owe(client, OWED_TOKEN, 0, token);
    }
    script_end_line(crowd, client, &out);
}

static void script_switch(struct crowd *crowd, struct client *client)
{
    uint32_t room = script_some_room(crowd, client);
    struct buf out = script_out(client);

    if (client->front == CLIENT_LINE) {
        buf_format(&out, "/join %s", ROOM_NAMES[room]);
        script_end_line(crowd, client, &out);
        answers_owe(client, OWED_SWITCH, room, 0);
        client->plan_current = room;
    }
}

void script_go_on(struct crowd *crowd, struct client *client)
{
    const struct life *life = script_life(crowd, client);

    while (sizeof(client->out) - client->out_len > SCRIPT_ROOM && client->n_to_say > 0 &&
           life->n_said - life->n_heard < CLIENT_WINDOW) {
        uint32_t what = dice_below(&crowd->dice, 32);

        client->n_to_say--;
        if (what < 3 && client->n_owed < CLIENT_REPLY_MAX) {
            script_ask(crowd, client);
        } else if (what == 3 && client->n_owed < CLIENT_REPLY_MAX) {
            script_switch(crowd, client);
        } else if (what == 4) {
            script_tell(crowd, client);
        } else {
            script_say(crowd, client);
        }
        life = script_life(crowd, client);
    }
}

void script_end(struct crowd *crowd, struct client *client)
{
    struct buf out = script_out(client);

    if (client->end == CLIENT_RESETS) {
        return;
    }
    if (client->end == CLIENT_QUITS) {
        buf_text_put(&out, client->front == CLIENT_LINE ? TEXT("/quit bye") : TEXT("QUIT :bye"));
        script_end_line(crowd, client, &out);
    } else if (client->front == CLIENT_LINE && client->plan_rooms != 0 && !crowd->is_ending &&
               dice_below(&crowd->dice, 2) == 0) {
        script_put_words(crowd, client, &out); /* a last line without a newline is a line, too */
        client->out_len = out.len;
    }
    answers_owe(client, OWED_FAREWELL, 0, 0);
}
