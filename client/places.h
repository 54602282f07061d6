/* SPDX-License-Identifier: MIT */
/* How far each conversation has been heard. Pure. Outlives the connection: what came behind that is
 * what was missed. A bounded table, in which the one that was not spoken of for longest gives way.
 */
#ifndef CLIENT_PLACES_H
#define CLIENT_PLACES_H

#include "bytes.h"

enum {
    PLACES_MAX = 128,
    PLACES_NAME_MAX = 64, /* bytes of a room's name or a nick; longer ones are not kept */
    PLACES_ID_MAX = 64, /* of a msgid (IRCv3 message-ids); of a longer one only the time is kept */
};

/* One message: by either, or by both. */
struct places_mark {
    uint64_t ms; /* the server's time; 0: not known */
    char id[PLACES_ID_MAX];
    size_t id_len; /* 0: not known */
};

enum places_wish {
    PLACES_NOTHING,
    PLACES_LAST,    /* the last messages: it is new to us */
    PLACES_MISSED,  /* what came behind `newest` */
    PLACES_EARLIER, /* what came before `oldest` */
};

struct place {
    char name[PLACES_NAME_MAX];
    size_t name_len;                   /* 0: the row is free */
    struct places_mark oldest, newest; /* of what was shown */
    enum places_wish wish;             /* not yet answered */
    unsigned n_wished;                 /* messages; of PLACES_LAST and PLACES_EARLIER */
    uint64_t touched;                  /* grows; the least gives way */
    struct bytes held;                 /* owned: lines that came meanwhile, each with '\n' */
};

struct places {
    struct place rows[PLACES_MAX];
    uint64_t touches;
};

void places_fini(struct places *p);
struct text place_name(const struct place *place);
struct place *places_find(struct places *p, struct text name); /* NULL: none */
/* Finds or makes it. NULL: the name is too long, or all others are being asked about. */
struct place *places_open(struct places *p, struct text name);
/* Somebody is called otherwise now. */
void places_rename(struct places *p, struct text from, struct text to);
/* The one that is first to be asked about; NULL: none. */
struct place *places_next(struct places *p);
/* This was shown. */
void place_heard(struct place *place, const struct places_mark *mark);

/* By its time, its id, or both. */
bool places_mark_is_known(const struct places_mark *mark);
struct text places_mark_id(const struct places_mark *mark);
/* Of a message's tags; what is missing or malformed is not known. */
struct places_mark places_mark_of(struct text tags);

#endif
