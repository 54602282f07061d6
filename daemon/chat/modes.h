/* SPDX-License-Identifier: MIT */
/* Modes of rooms: reading and changing them. The letters are IRC's (RFC 2811, 4), since people know
 * them; each has words too. See chat/hub.h for the rules of calling. */
#ifndef CHAT_MODES_H
#define CHAT_MODES_H

#include "chat/hub.h"
#include "chat/masks.h"

enum {
    KEY_MAX = 23,                                  /* bytes */
    LIMIT_MAX = 99999,                             /* members */
    MODES_TEXT_MAX = 2 * KEY_MAX + MASK_MAX + 256, /* bytes of one change of several modes */
};

enum mode_kind {
    MODE_FLAG,   /* no argument */
    MODE_KEY,    /* an argument to set, one that is not looked at to take away */
    MODE_LIMIT,  /* an argument to set */
    MODE_LIST,   /* a mask */
    MODE_MEMBER, /* a nick */
};

/* The words stand between the room and the argument ("#tea has room for 5"), those of MODE_MEMBER
 * between the argument and the room ("ann is an operator of #tea"). */
struct mode {
    char letter;
    enum mode_kind kind;
    uint32_t what; /* enum room_mode, enum room_list or enum membership_flag */
    const char *on, *off;
};

/* NULL: there is no such mode. */
const struct mode *mode_find(char letter);
/* The n-th of all; NULL past the last. */
const struct mode *mode_at(size_t n);
bool mode_needs_argument(const struct mode *mode, bool is_on);

/* "nt" as bits; false if there is another letter than those of flags. For the configuration. */
must_check bool modes_from_letters(struct text letters, uint32_t *out_modes);

/* Several changes of one room by one person, told in one record. In a transaction; at most one
 * change of a list, since rewriting a long one is a large part of a transaction. */
struct modes_change {
    struct hub *hub; /* borrowed */
    uint32_t person, room;
    struct moment now;
    struct buf letters, arguments; /* over the next two */
    char letters_space[64];
    char arguments_space[MODES_TEXT_MAX];
    char sign; /* that the last letter stands behind */
};

void modes_begin(struct modes_change *change, struct hub *hub, uint32_t person, uint32_t room,
                 struct moment now);
/* Makes one change; nothing that is so already. CHAT_UNKNOWN_MODE, CHAT_NOT_MEMBER,
 * CHAT_NOT_OPERATOR, CHAT_NO_ARGUMENT, CHAT_BAD_ARGUMENT, CHAT_NO_PERSON, CHAT_TARGET_ABSENT,
 * CHAT_LIST_FULL, CHAT_FULL. */
must_check int modes_set(struct modes_change *change, char letter, bool is_on,
                         struct text argument);
/* Appends the record, if something was changed. */
void modes_end(struct modes_change *change);

/* "+klnt KEY 5", without the key for who is not in the room. */
void modes_print(const struct hub *hub, uint32_t room, bool with_key, struct buf *out);

#endif
