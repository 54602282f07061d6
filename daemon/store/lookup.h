/* SPDX-License-Identifier: MIT */
/* What all questions begin and end with: the rows of `places` that are asked for, the numbers of
 * records in one of them, the number at a time, a record by its number. */
#ifndef STORE_LOOKUP_H
#define STORE_LOOKUP_H

#include "store/database.h"
#include "store/postings.h"
#include "store/question.h"

enum {
    LOOKUP_SPOTS_FIRST = 64, /* room for so many, then twice as much */
    LOOKUP_SPOTS_MAX = LOOKUP_SPOTS_FIRST << 6,
};

enum lookup_statement {
    LOOKUP_ROOM,
    LOOKUP_BY_NAME,
    LOOKUP_BOX,
    LOOKUP_TALK_WITH,
    LOOKUP_NEWEST,
    LOOKUP_OLDEST,
    LOOKUP_AT,
    LOOKUP_LAST_BEFORE,
    LOOKUP_RECORD,
    LOOKUP_LEAST,
    LOOKUP_SEGMENT_BEFORE,
    LOOKUP_SEGMENT_FROM,
    LOOKUP_LEAF,
    LOOKUP_STATEMENTS,
};

/* A row of `places`, and who asks. */
struct spot {
    uint64_t id;
    uint64_t since;
    uint64_t author; /* whose records are to be seen whatever the rank; UINT64_MAX: nobody's */
    uint32_t scope;  /* index in the question */
    unsigned rank;
    char name[ROOM_NAME_SIZE];
};

struct hit {
    uint64_t number;
    uint32_t scope;
};

/* Numbers in order, each once, of which only the first `limit` in that order count. */
struct hits {
    struct hit *at; /* owned */
    uint32_t n;
    uint32_t limit;
    bool is_newest_first;
};

/* Numbers of one segment of the index, or of none, which are to be read. */
struct piece {
    struct range range; /* not empty */
    uint64_t segment;   /* its id; 0: none */
    uint64_t first;     /* the segment's first number */
};

struct lookup {
    struct database database; /* owned */
    sqlite3_stmt *statements[LOOKUP_STATEMENTS];
    struct spot *spots; /* owned; of the question, ordered by id; of each of its scopes the newest
                           if there are more */
    uint32_t n_spots, spots_size;
    _Alignas(8) char record[RECORD_ROOM]; /* the last one that was got */
    char places[RECORD_ROOM];             /* its places: ids with spaces between */
};

must_check int lookup_init(struct lookup *lookup, const char *path);
void lookup_fini(struct lookup *lookup);

/* All until lookup_end() sees one moment. */
must_check int lookup_begin(struct lookup *lookup);
int lookup_end(struct lookup *lookup, int r); /* returns r */

/* Finds the spots of the scopes, LOOKUP_SPOTS_MAX of them at most: those of the first scopes, and
 * of one scope the newest. -ENOMEM. */
must_check int lookup_scopes(struct lookup *lookup, const struct scope *scopes, uint32_t n);

/* The numbers that are after `from` and before `to`. */
must_check int lookup_range(struct lookup *lookup, const struct bound *from, const struct bound *to,
                            struct range *out);
/* The first number that a record of this time or later has; behind the last if there is none. */
must_check int lookup_number_at(struct lookup *lookup, uint64_t ms, uint64_t *out);

/* The first record from `number` on, and its time: DATABASE_ROW, 0: there is none. */
must_check int lookup_first_from(struct lookup *lookup, uint64_t number, uint64_t *out_number,
                                 uint64_t *out_ms);
/* The highest number below `number`: DATABASE_ROW, 0: there is none. */
must_check int lookup_last_before(struct lookup *lookup, uint64_t number, uint64_t *out);

/* The record of this number: DATABASE_ROW, 0: there is none, or what somebody has written there by
 * hand is none. Valid until the next call. */
must_check int lookup_record(struct lookup *lookup, uint64_t number, const struct record **out);
/* Is the record, got last, to be seen by who asks? Then *out_scope is where. DATABASE_ROW or 0. */
must_check int lookup_is_allowed(struct lookup *lookup, const struct record *record,
                                 uint32_t *out_scope);

/* The piece at the upper end of the range, which must not be empty; at its lower end. */
must_check int lookup_last_piece(struct lookup *lookup, const struct range *left,
                                 struct piece *out);
must_check int lookup_first_piece(struct lookup *lookup, const struct range *left,
                                  struct piece *out);
/* Which numbers of the segment have the token, from its first number on. */
must_check int lookup_token(struct lookup *lookup, uint64_t segment, uint32_t token,
                            struct span *out);

/* -ENOMEM. */
must_check int hits_init(struct hits *hits, uint32_t limit, bool is_newest_first);
void hits_fini(struct hits *hits);
/* Adds what the spot has of these kinds in the range. */
must_check int lookup_add_hits(struct lookup *lookup, const struct spot *spot,
                               const struct range *range, uint32_t kinds, struct hits *hits);
/* The same of all spots. */
must_check int lookup_all_hits(struct lookup *lookup, const struct range *range, uint32_t kinds,
                               struct hits *hits);

#endif
