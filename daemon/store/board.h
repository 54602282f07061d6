/* SPDX-License-Identifier: MIT */
/* What the archive's thread and others tell each other, under one lock that is held for a copy's
 * time: how it goes, for operators; what to keep and which rooms are permanent, from them. */
#ifndef STORE_BOARD_H
#define STORE_BOARD_H

#include "store/keeping.h"
#include "store/kept_rooms.h"

#include <pthread.h>

struct board {
    bool is_failing;          /* atomic: as status.is_failing, for who asks often */
    uint32_t n_permanent_set; /* atomic: how often they were */
    uint32_t n_permanent_taken;
    pthread_mutex_t lock;   /* guards what follows */
    pthread_cond_t changed; /* the status has */
    bool is_over;           /* nobody is to wait any more */
    struct archive_status status;
    struct keeping *keeping;  /* owned; NULL: taken */
    char *permanent;          /* owned; NULL: taken */
    struct kept_rooms *rooms; /* owned; NULL: taken */
};

void board_init(struct board *board);
void board_fini(struct board *board);

void board_get_status(struct board *board, struct archive_status *out);

/* Waits until the record of this number is archived. False: the archive fails, or that takes longer
 * than `ms`, or board_end_waiting() was called, after which nobody waits any more. */
must_check bool board_wait_for(struct board *board, uint64_t number, int ms);
void board_end_waiting(struct board *board);

/* Folded, each with a newline before and behind. -ENOMEM. */
must_check int board_set_permanent(struct board *board, const struct text *names, size_t n);
/* The caller's now; NULL: nothing new was set. */
char *board_take_permanent(struct board *board);

/* How much is kept; the board's from now on. */
void board_set_keeping(struct board *board, struct keeping *keeping);
/* The caller's now; NULL: nothing new was set. */
struct keeping *board_take_keeping(struct board *board);

/* What lasts of the rooms; the board's from now on. */
void board_set_rooms(struct board *board, struct kept_rooms *rooms);
/* The caller's now; NULL: nothing new was set. */
struct kept_rooms *board_take_rooms(struct board *board);

/* ---- for the archive ---- */

void board_fail(struct board *board, const char *why);
/* A step is done: it is not failing. Adds what the batch did. */
void board_advance(struct board *board, const struct archive_status *batch);
void board_set_last_number(struct board *board, uint64_t number);
void board_add_deleted(struct board *board, uint64_t n);

#endif
