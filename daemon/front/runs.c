/* SPDX-License-Identifier: MIT */
/* A handful of runs, searched from the newest: in a flood all readers of a room ask for the same
 * one. */
#include "front/runs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int runs_init(struct runs *runs)
{
    *runs = (struct runs){ .runs = calloc(RUNS, sizeof(struct run)) };
    return runs->runs == NULL ? -ENOMEM : 0;
}

void runs_fini(struct runs *runs)
{
    free(runs->runs);
    *runs = (struct runs){ 0 };
}

void runs_reset(struct runs *runs)
{
    runs->n = 0;
    runs->newest = 0; /* the next round writes where this one did: that is still at hand */
}

struct run *runs_find(const struct runs *runs, uint32_t room, uint32_t view, uint64_t due)
{
    for (uint32_t i = 0; i < runs->n; i++) {
        struct run *run = &runs->runs[(runs->newest + RUNS - i) % RUNS];

        if (run_has(run, room, view, due)) {
            return run;
        }
    }
    return NULL;
}

struct text run_from(const struct run *run, uint64_t due)
{
    uint32_t start = run_start(run, due);

    return (struct text){ .at = run->bytes + start, .len = run->n_bytes - start };
}

struct run *runs_begin(struct runs *runs, uint32_t room, uint32_t view, uint64_t due)
{
    struct run *run;

    runs->newest = (runs->newest + 1) % RUNS;
    runs->n += runs->n < RUNS;
    run = &runs->runs[runs->newest];
    run->room = room;
    run->view = view;
    run->first = due;
    run->behind = (struct cursor){ .due = due };
    run->n_bytes = 0;
    return run;
}

bool run_add(struct run *run, const struct record *record, uint64_t pos, struct text bytes)
{
    uint64_t n = run->behind.due - run->first;

    if (n >= RUN_RECORDS || run->n_bytes + bytes.len > RUN_BYTES) {
        return false;
    }
    memcpy(run->bytes + run->n_bytes, bytes.at, bytes.len);
    run->n_bytes += (uint32_t)bytes.len;
    run->ends[n] = (uint16_t)run->n_bytes;
    run->number = n == 0 ? record->number : run->number;
    run->real_ms = record->real_ms;
    run->behind = (struct cursor){ .due = run->behind.due + 1, .pos = pos };
    return true;
}
