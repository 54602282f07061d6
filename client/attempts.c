/* SPDX-License-Identifier: MIT */
/* Which address to try next, and when. Owns the order and the clock of the attempts; knows no
 * address and no socket. */
#include "attempts.h"

/* Index of the first address from `from` on that is of the first one's family, or is not. */
static size_t attempts_find(const int families[], size_t n, size_t from, bool is_first_family)
{
    while (from < n && (families[from] == families[0]) != is_first_family) {
        from++;
    }
    return from;
}

void attempts_order(const int families[], size_t n, size_t out_order[])
{
    size_t next[2] = { attempts_find(families, n, 0, false), 0 };
    bool is_first_family = true;

    for (size_t k = 0; k < n; k++) {
        if (next[is_first_family] == n) {
            is_first_family = !is_first_family; /* the other one is used up */
        }
        out_order[k] = next[is_first_family];
        next[is_first_family] = attempts_find(families, n, out_order[k] + 1, is_first_family);
        is_first_family = !is_first_family;
    }
}

void attempts_init(struct attempts *a, size_t n, int timeout_ms, int64_t now_ms)
{
    *a = (struct attempts){ .n = n, .next_ms = now_ms, .timeout_ms = timeout_ms };
}

bool attempts_begin(struct attempts *a, int64_t now_ms, size_t *out_i)
{
    if (a->n_begun == a->n || now_ms < a->next_ms) {
        return false;
    }
    *out_i = a->n_begun++;
    a->each[*out_i].is_running = true;
    a->each[*out_i].deadline_ms = now_ms + a->timeout_ms;
    a->next_ms = now_ms + ATTEMPTS_DELAY_MS;
    return true;
}

void attempts_fail(struct attempts *a, size_t i, int64_t now_ms)
{
    a->each[i].is_running = false;
    a->next_ms = now_ms;
}

bool attempts_find_expired(const struct attempts *a, int64_t now_ms, size_t *out_i)
{
    for (size_t i = 0; i < a->n_begun; i++) {
        if (a->each[i].is_running && now_ms >= a->each[i].deadline_ms) {
            *out_i = i;
            return true;
        }
    }
    return false;
}

bool attempts_are_over(const struct attempts *a)
{
    for (size_t i = 0; i < a->n_begun; i++) {
        if (a->each[i].is_running) {
            return false;
        }
    }
    return a->n_begun == a->n;
}

int attempts_wait_ms(const struct attempts *a, int64_t now_ms)
{
    int64_t until = a->n_begun < a->n ? a->next_ms : INT64_MAX;

    for (size_t i = 0; i < a->n_begun; i++) {
        if (a->each[i].is_running && a->each[i].deadline_ms < until) {
            until = a->each[i].deadline_ms;
        }
    }
    return until <= now_ms ? 0 : (int)(until - now_ms);
}
