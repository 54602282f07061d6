/* SPDX-License-Identifier: MIT */
/* What can be asked of the archive. Plain structs without pointers into anything that changes, so
 * that another thread may carry them. */
#ifndef STORE_QUESTION_H
#define STORE_QUESTION_H

#include "state/layout.h"

enum {
    QUESTION_LIMIT_MAX = 1000, /* records in one answer */
    QUESTION_WORDS_SIZE = 256, /* bytes, with NUL */
};

enum scope_kind {
    SCOPE_ROOM,      /* of a conversation: `owner` is room.id */
    SCOPE_PERMANENT, /* a room that stays: by `name`, in all conversations; whatever was said in
                        one of this name while it was permanent */
    SCOPE_BOX,   /* what a connection, `owner`, heard alone: its talk with `name`, or all if that
                    is empty */
    SCOPE_NAMED, /* for the server's operator: as SCOPE_PERMANENT, or else the latest room that
                    had this name */
};

/* Whose history. Who asks must be allowed to read it: nobody looks at that again. */
struct scope {
    enum scope_kind kind;
    unsigned rank;         /* 0, 1: has voice, 2: operator of the room; "@#room" is said to these */
    uint64_t conversation; /* counters.started_ms */
    uint64_t owner;
    char name[ROOM_NAME_SIZE];
    uint64_t since;  /* records of lower numbers are not for who asks */
    uint64_t reader; /* a connection of this conversation: it may read what it said; 0: none */
};

/* A point of the log: between two records. */
struct bound {
    bool is_ms;  /* a time, else the number of a record */
    uint64_t at; /* a number of 0: no bound */
};

enum window {
    WINDOW_LATEST,  /* the newest that are after `from` */
    WINDOW_BEFORE,  /* the newest that are before `to` */
    WINDOW_AFTER,   /* the oldest that are after `from` */
    WINDOW_BETWEEN, /* those after `from` and before `to`, from `from` on: if that is the later one,
                       the newest */
    WINDOW_AROUND,  /* half of them before `from`, then that and those after it */
};

enum {
    KINDS_SAID = 1 << RECORD_SAID | 1 << RECORD_ACTION | 1 << RECORD_NOTICE,
    KINDS_ALL = (1 << (RECORD_WALLOPS + 1)) - 2,
    KINDS_PROGRAMS = 1, /* beside them: also what programs say to each other, CTCP and typing */
};

struct history_question {
    const struct scope *scopes; /* borrowed until the answer is there */
    uint32_t n_scopes;
    enum window window;
    struct bound from, to; /* exclusive; a time means: before or after all of that millisecond */
    uint32_t limit;        /* records, at most QUESTION_LIMIT_MAX */
    uint32_t kinds;        /* bits 1 << enum record_kind, KINDS_PROGRAMS */
};

struct history_answer {
    uint32_t n;      /* records of the window */
    uint64_t newest; /* number of its newest; 0: it has none */
};

struct search_question {
    const struct scope *scopes; /* as above; only what is in one of them is found */
    uint32_t n_scopes;
    char words[QUESTION_WORDS_SIZE]; /* all of them are in the text, in any order and case */
    char who[NAME_SIZE];             /* said it; empty: anybody */
    struct bound from, to;           /* as above */
    uint64_t end;                    /* only records of lower numbers; 0: all */
    bool is_from_oldest;             /* so many from `from` on, else the newest */
    bool is_said_only;               /* no topics */
    uint32_t limit;
    uint32_t budget_ms; /* about how long to look, at most; 0: as long as it takes */
};

struct search_answer {
    uint32_t n;       /* records that were given */
    bool is_cut;      /* the search was ended: there may be more behind `reached` */
    uint64_t reached; /* number down to which all was looked at; from the oldest on: up to which */
};

/* A place in which something was said between two times. */
struct target {
    uint32_t scope;            /* index of the question's scope */
    char name[ROOM_NAME_SIZE]; /* as it is written in the archive; in a box: of the other end */
    uint64_t number, ms;       /* of the latest record there */
};

#endif
