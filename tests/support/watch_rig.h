/* SPDX-License-Identifier: MIT */
/* People who watch others, on the rig of rooms and people. */
#ifndef SUPPORT_WATCH_RIG_H
#define SUPPORT_WATCH_RIG_H

#include "chat/watched.h"
#include "support/chat_rig.h"

/* Adds the nick, with what is true about it; returns the outcome. */
static inline int watch_try(struct chat_rig *rig, uint32_t person, const char *nick)
{
    struct watched_list list;
    int r;

    chat_begin(rig);
    watched_read(rig->hub, person, &list);
    r = watched_add(&list, text_of(nick));
    if (r == 0) {
        watched_look(rig->hub, watched_find(&list, text_of(nick)));
        r = watched_store(rig->hub, person, &list);
    }
    chat_commit(rig);
    return r;
}

static inline void watch_nick(struct chat_rig *rig, uint32_t person, const char *nick)
{
    assert_int_equal(watch_try(rig, person, nick), 0);
}

static inline void unwatch_nick(struct chat_rig *rig, uint32_t person, const char *nick)
{
    struct watched_list list;

    chat_begin(rig);
    watched_read(rig->hub, person, &list);
    watched_remove(&list, text_of(nick));
    assert_int_equal(watched_store(rig->hub, person, &list), 0);
    chat_commit(rig);
}

static inline void watch_rename(struct chat_rig *rig, uint32_t person, const char *nick)
{
    chat_begin(rig);
    assert_int_equal(people_rename(rig->hub, person, text_of(nick), rig->exchange.now), 0);
    chat_commit(rig);
}

#endif
