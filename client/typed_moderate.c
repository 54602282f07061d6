/* SPDX-License-Identifier: MIT */
/* Commands by which people keep order in a room. A part of typed. */
#include "typed_inside.h"

void typed_kick(struct model *m, struct text rest, struct event *event)
{
    struct text who = text_cut_word(&rest);

    if (typed_has_room(m, event)) {
        model_send(m, rest.len == 0 ? "KICK %.*s %.*s%.*s" : "KICK %.*s %.*s :%.*s",
                   TEXT_ARG(typed_room(m)), TEXT_ARG(who), TEXT_ARG(rest));
    }
}

/* "nick" alone means whoever is called so, from wherever. */
static void typed_set_ban(struct model *m, char sign, struct text who, struct event *event)
{
    bool is_mask =
        text_find(who, '!') < who.len || text_find(who, '@') < who.len || who.at[0] == '*';

    if (typed_has_room(m, event)) {
        model_send(m, "MODE %.*s %cb %.*s%s", TEXT_ARG(typed_room(m)), sign, TEXT_ARG(who),
                   is_mask ? "" : "!*@*");
    }
}

void typed_ban(struct model *m, struct text rest, struct event *event)
{
    typed_set_ban(m, '+', text_cut_word(&rest), event);
}

void typed_unban(struct model *m, struct text rest, struct event *event)
{
    typed_set_ban(m, '-', text_cut_word(&rest), event);
}

/* A line for each: how many changes fit in one, servers differ in. */
static void typed_set_rank(struct model *m, const char *change, struct text rest,
                           struct event *event)
{
    struct text who;

    while (typed_has_room(m, event) && (who = text_cut_word(&rest)).len > 0) {
        model_send(m, "MODE %.*s %s %.*s", TEXT_ARG(typed_room(m)), change, TEXT_ARG(who));
    }
}

void typed_op(struct model *m, struct text rest, struct event *event)
{
    typed_set_rank(m, "+o", rest, event);
}

void typed_deop(struct model *m, struct text rest, struct event *event)
{
    typed_set_rank(m, "-o", rest, event);
}

void typed_voice(struct model *m, struct text rest, struct event *event)
{
    typed_set_rank(m, "+v", rest, event);
}

void typed_devoice(struct model *m, struct text rest, struct event *event)
{
    typed_set_rank(m, "-v", rest, event);
}

/* The first word may name a room, or oneself; else it is a change of this room. */
void typed_mode(struct model *m, struct text rest, struct event *event)
{
    struct text changes = rest;
    struct text word = text_cut_word(&changes);

    if ((irc_is_room(word) && word.at[0] != '+') || model_is_me(m, word)) {
        model_send(m, "MODE %.*s", TEXT_ARG(rest));
    } else if (typed_has_room(m, event)) {
        model_send(m, "MODE %.*s%s%.*s", TEXT_ARG(typed_room(m)), rest.len > 0 ? " " : "",
                   TEXT_ARG(rest));
    }
}

void typed_invite(struct model *m, struct text rest, struct event *event)
{
    struct buf b = buf_over(m->scratch, sizeof(m->scratch));
    struct text who = text_cut_word(&rest);

    if (rest.len == 0 && !typed_has_room(m, event)) {
        return;
    }
    model_send(m, "INVITE %.*s %.*s", TEXT_ARG(who),
               TEXT_ARG(rest.len == 0 ? typed_room(m) : typed_room_name(rest, &b)));
}
