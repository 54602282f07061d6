/* SPDX-License-Identifier: MIT */
/* Nicks whose coming and going a person wants to hear of, in whatever room they are or in none. A
 * list is a text in cells, a sign, a nick and a comma each: "+ann,-bob,". The sign says what its
 * owner was last TOLD, that somebody of this nick is there or is not; so a start knows what is
 * still to be told, and nothing is told twice. What came and went before it could be told never is.
 * See chat/hub.h for the rules of calling. */
#ifndef CHAT_WATCHED_H
#define CHAT_WATCHED_H

#include "chat/hub.h"
#include "chat/names.h"

enum {
    WATCHED_MAX = 100,                           /* nicks of a list */
    WATCHED_SIZE = WATCHED_MAX * (NICK_MAX + 2), /* bytes of its text */
};

struct watched {
    char nick[NAME_SIZE]; /* as it was given, or as the one who has it last wrote it */
    uint32_t at;          /* byte of the text at which the sign stands */
    bool is_there;        /* as last told */
};

struct watched_list {
    struct watched items[WATCHED_MAX];
    uint32_t n;
};

void watched_read(const struct hub *hub, uint32_t person, struct watched_list *out);
/* The item of this nick; NULL: there is none. */
struct watched *watched_find(struct watched_list *list, struct text nick);
/* Adds what is not in the list; it is not stored yet. CHAT_BAD_NAME, CHAT_LIST_FULL. */
must_check int watched_add(struct watched_list *list, struct text nick);
void watched_remove(struct watched_list *list, struct text nick);
/* Takes over what is true about each item, and the spelling of who is there. */
void watched_look(const struct hub *hub, struct watched *item);
/* Makes this the person's list, in a transaction. A shorter one always can be; CHAT_FULL. */
must_check int watched_store(struct hub *hub, uint32_t person, const struct watched_list *list);
/* Stores one item that was read and looked at since: in place, which always can be done. */
void watched_store_item(struct hub *hub, uint32_t person, const struct watched *item);

#endif
