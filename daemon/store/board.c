/* SPDX-License-Identifier: MIT */
/* Copies in, copies out. */
#include "store/board.h"

#include "store/filing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

void board_init(struct board *board)
{
    pthread_condattr_t monotonic;

    *board = (struct board){ 0 };
    (void)pthread_mutex_init(&board->lock, NULL);
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&board->changed, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
}

void board_fini(struct board *board)
{
    (void)pthread_cond_destroy(&board->changed);
    (void)pthread_mutex_destroy(&board->lock);
    free(board->permanent);
    (void)keeping_free(board->keeping);
    (void)kept_rooms_free(board->rooms);
}

static void board_lock(struct board *board)
{
    (void)pthread_mutex_lock(&board->lock);
}

static void board_unlock(struct board *board)
{
    (void)pthread_mutex_unlock(&board->lock);
}

void board_get_status(struct board *board, struct archive_status *out)
{
    board_lock(board);
    *out = board->status;
    board_unlock(board);
}

static struct timespec board_deadline(int ms)
{
    struct timespec at;
    long ns;

    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    ns = at.tv_nsec + ms % 1000 * 1000000L;
    at.tv_sec += ms / 1000 + ns / 1000000000;
    at.tv_nsec = ns % 1000000000;
    return at;
}

bool board_wait_for(struct board *board, uint64_t number, int ms)
{
    struct timespec deadline = board_deadline(ms);
    bool is_there;
    int r = 0;

    board_lock(board);
    while (board->status.last_number < number && !board->status.is_failing && !board->is_over &&
           r == 0) {
        r = pthread_cond_timedwait(&board->changed, &board->lock, &deadline);
    }
    is_there = board->status.last_number >= number;
    board_unlock(board);
    return is_there;
}

void board_end_waiting(struct board *board)
{
    board_lock(board);
    board->is_over = true;
    (void)pthread_cond_broadcast(&board->changed);
    board_unlock(board);
}

void board_set_keeping(struct board *board, struct keeping *keeping)
{
    struct keeping *old;

    board_lock(board);
    old = board->keeping;
    board->keeping = keeping;
    board_unlock(board);
    (void)keeping_free(old);
}

struct keeping *board_take_keeping(struct board *board)
{
    struct keeping *keeping;

    board_lock(board);
    keeping = give(board->keeping);
    board_unlock(board);
    return keeping;
}

int board_set_permanent(struct board *board, const struct text *names, size_t n)
{
    struct buf list = { .size = 2 };
    char *old;

    for (size_t i = 0; i < n; i++) {
        list.size += names[i].len + 1;
    }
    list.at = calloc(1, list.size);
    if (list.at == NULL) {
        return -ENOMEM;
    }
    buf_char(&list, '\n');
    for (size_t i = 0; i < n; i++) {
        filing_fold(&list, names[i]);
        buf_char(&list, '\n');
    }
    board_lock(board);
    old = board->permanent;
    board->permanent = list.at;
    board_unlock(board);
    free(old);
    __atomic_fetch_add(&board->n_permanent_set, 1, __ATOMIC_RELEASE);
    return 0;
}

char *board_take_permanent(struct board *board)
{
    uint32_t n = __atomic_load_n(&board->n_permanent_set, __ATOMIC_ACQUIRE);
    char *permanent;

    if (n == board->n_permanent_taken) {
        return NULL;
    }
    board->n_permanent_taken = n;
    board_lock(board);
    permanent = give(board->permanent);
    board_unlock(board);
    return permanent;
}

void board_set_rooms(struct board *board, struct kept_rooms *rooms)
{
    struct kept_rooms *old;

    board_lock(board);
    old = board->rooms;
    board->rooms = rooms;
    board_unlock(board);
    (void)kept_rooms_free(old);
}

struct kept_rooms *board_take_rooms(struct board *board)
{
    struct kept_rooms *rooms;

    board_lock(board);
    rooms = give(board->rooms);
    board_unlock(board);
    return rooms;
}

void board_fail(struct board *board, const char *why)
{
    board_lock(board);
    board->status.is_failing = true;
    board->status.n_failures++;
    (void)snprintf(board->status.why, sizeof(board->status.why), "%s", why);
    (void)pthread_cond_broadcast(&board->changed);
    board_unlock(board);
    __atomic_store_n(&board->is_failing, true, __ATOMIC_RELEASE);
}

void board_advance(struct board *board, const struct archive_status *batch)
{
    struct archive_status *status = &board->status;

    board_lock(board);
    *status =
        (struct archive_status){ .last_number = u64_max(status->last_number, batch->last_number),
                                 .lag_bytes = batch->lag_bytes,
                                 .n_archived = status->n_archived + batch->n_archived,
                                 .n_lost = status->n_lost + batch->n_lost,
                                 .n_deleted = status->n_deleted };
    (void)pthread_cond_broadcast(&board->changed);
    board_unlock(board);
    __atomic_store_n(&board->is_failing, false, __ATOMIC_RELEASE);
}

void board_set_last_number(struct board *board, uint64_t number)
{
    board_lock(board);
    board->status.last_number = number;
    board_unlock(board);
}

void board_add_deleted(struct board *board, uint64_t n)
{
    board_lock(board);
    board->status.n_deleted += n;
    board_unlock(board);
}
