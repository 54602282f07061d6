/* SPDX-License-Identifier: MIT */
/* What was said before: a window of the records of a room, or of what a person heard alone, as far
 * as the log keeps it. A chain has no index, so that finding the window is a walk, whose place is
 * kept between steps of bounded length; then it is read in the order of the log. Who asks sees what
 * it may see at that moment. Changes nothing. */
#ifndef CHAT_HISTORY_H
#define CHAT_HISTORY_H

#include "chat/hub.h"

enum history_window {
    HISTORY_LATEST,  /* the newest that are after `from` */
    HISTORY_BEFORE,  /* the newest that are before `from` */
    HISTORY_AFTER,   /* the oldest that are after `from` */
    HISTORY_BETWEEN, /* after `from` and before `to`, from `from` on: if that is the later one, the
                        newest that are before `from` and after `to` */
    HISTORY_AROUND,  /* half of them before `from`, then that and those after it */
};

enum history_point_kind { POINT_NONE, POINT_NUMBER, POINT_TIME };

/* The number of a record, or a millisecond of real time: before it, or after all of it. */
struct history_point {
    enum history_point_kind kind;
    uint64_t at;
};

enum {
    HISTORY_LOOKS = 4096,  /* records that a step looks at */
    HISTORY_ALL = 0xfffff, /* as a limit: there is none */
    HISTORY_SAID = 1 << RECORD_SAID | 1 << RECORD_ACTION | 1 << RECORD_NOTICE,
    HISTORY_TALK = HISTORY_SAID | 1 << RECORD_TAGGED,
    /* With all that changes who is where under which name and rules. */
    HISTORY_EVENTS = HISTORY_SAID | 1 << RECORD_JOINED | 1 << RECORD_LEFT | 1 << RECORD_QUIT |
                     1 << RECORD_RENAMED | 1 << RECORD_TOPIC | 1 << RECORD_KICKED |
                     1 << RECORD_MODES | 1 << RECORD_TAGGED,
};

struct history_query {
    uint32_t asker;
    uint32_t owner;   /* a room, or the asker's own row with LINK_BOX */
    struct text with; /* in a box: the other one's nick, as it was then */
    enum history_window window;
    struct history_point from, to;
    uint32_t limit; /* records */
    uint32_t kinds; /* bits 1 << enum record_kind */
    bool has_past;  /* what was said before the log's first record may be kept elsewhere: a room
                       that stays had a life before this log */
};

enum history_phase {
    HISTORY_BEGIN,
    HISTORY_SEEK_FORWARD, /* to where `from` lies */
    HISTORY_SEEK_BACK,
    HISTORY_COUNT, /* back, over as many as are wanted */
    HISTORY_SHOW,
    HISTORY_SHOW_TO,  /* the same, not beyond `to` */
    HISTORY_ARCHIVED, /* not in the log at all: front/recall.h */
};

/* How far a query has come. All zeros: not begun. */
struct history_walk {
    enum history_phase phase;
    struct cursor cursor;
    uint32_t n;             /* records: found so far, then those still to be shown */
    uint32_t span;          /* ordinals from the cursor to the end of the window */
    uint32_t looks;         /* records looked at in this step */
    uint64_t shown, newest; /* HISTORY_ARCHIVED: numbers of the last record shown, 0: none yet; and
                               of the last of the window. HISTORY_SHOW, HISTORY_SHOW_TO: `shown` is
                               that of the last one passed, or one less than that of the first */
    bool is_overtaken;      /* since the last step the log has given up records that follow it */
};

/* A walk between two steps, in 20 bytes. */
struct history_bookmark {
    uint64_t at, pos;
    uint32_t span;
};

/* ---- history_bookmark.c ---- */

struct history_bookmark history_keep(const struct hub *hub, const struct history_query *query,
                                     const struct history_walk *walk);
/* The owner may be 0: the asker is not in the room any more, and of the walk the phase counts. */
struct history_walk history_resume(const struct hub *hub, const struct history_query *query,
                                   struct history_bookmark bookmark);

/* ---- history.c ---- */

/* May it be asked at all? The room is one that the asker is in; the box its own. To be asked in
 * each step anew. */
bool history_may_ask(const struct hub *hub, const struct history_query *query);

enum history_outcome {
    HISTORY_FOUND = 1, /* the window begins at the walk's cursor */
    HISTORY_OLDER,     /* the same, but the log has given up records that may belong to it */
    HISTORY_RECORD,
    HISTORY_END,
    HISTORY_PAUSED, /* enough for this step: go on with another one, or with `looks` at 0 */
};

/* Finds the window. HISTORY_FOUND, HISTORY_OLDER (which is where an archive would be asked), or
 * HISTORY_PAUSED. Once it is found, it says HISTORY_FOUND again at no cost. */
must_check int history_find(const struct hub *hub, const struct history_query *query,
                            struct history_walk *walk);
/* The next record of the window that was found, oldest first, and passes it. HISTORY_RECORD,
 * HISTORY_END or HISTORY_PAUSED. */
must_check int history_next(const struct hub *hub, const struct history_query *query,
                            struct history_walk *walk, const struct record **out_record);

/* The cursor from which at most `n` messages before `ordinal` that the asker may read are to be
 * read in the room: found by walking back, over HISTORY_LOOKS records at most. *out_n (may be
 * NULL): how many these are. Of the query the asker, the room and the kinds count. */
struct cursor history_cursor(const struct hub *hub, const struct history_query *whose,
                             uint64_t ordinal, uint32_t n, uint32_t *out_n);

/* ---- history_targets.c ---- */

enum { HISTORY_TARGETS_MAX = 100 };

/* Where something was said, and the latest of it. */
struct history_target {
    struct text name; /* of the room, or the nick; borrowed from the state */
    uint64_t number, ms;
};

struct history_targets {
    struct history_target items[HISTORY_TARGETS_MAX + MEMBERSHIPS_PER_PERSON];
    uint32_t n;
};

/* Rooms that the asker is in, and people it talked with alone, whose latest message is after one
 * point and before the other, the earliest first. Of a room without a message among the newest
 * records the oldest of these counts; of people those of the newest HISTORY_TARGETS_MAX who are
 * found among HISTORY_LOOKS records. */
void history_find_targets(const struct hub *hub, uint32_t asker, const struct history_point *after,
                          const struct history_point *before, struct history_targets *out);

/* Keeps those between the points, the earliest first. */
void history_sort_targets(struct history_targets *targets, const struct history_point *after,
                          const struct history_point *before);

/* ---- history_view.c ---- */

/* Is the record, of the query's chain, one that it asks for and that the asker may read? */
bool history_shows(const struct hub *hub, const struct history_query *query,
                   const struct record *record);
/* Something that somebody said to people: neither what programs ask each other (CTCP) nor that
 * somebody is typing. */
bool history_is_talk(const struct record *record);
/* Is the record's moment before the point, behind it? Of no point: yes to both. */
bool history_is_before(const struct record *record, const struct history_point *point);
bool history_is_after(const struct record *record, const struct history_point *point);
/* The other one's nick, in a private message of the asker's box; empty: it is none. */
struct text history_other_end(const struct hub *hub, uint32_t asker, const struct record *record);

#endif
