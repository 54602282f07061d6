/* SPDX-License-Identifier: MIT */
/* A small region with a shadow that looks on: a byte that is changed without being announced to the
 * journal fails the test. It can also play a crash: at the n-th point of its transactions the
 * process "dies", which is a longjmp. */
#ifndef SUPPORT_STATE_RIG_H
#define SUPPORT_STATE_RIG_H

#include "state/log.h"
#include "support/shadow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { STATE_RIG_LOG_BYTES = 65536 };

#ifndef STATE_RIG_WIRES
#define STATE_RIG_WIRES 80 /* rows: a test that needs more says so before it includes this */
#endif
#ifndef STATE_RIG_CELLS
#define STATE_RIG_CELLS 900
#endif

static const struct region_sizes state_rig_sizes = { .wires = STATE_RIG_WIRES,
                                                     .rooms = 72,
                                                     .memberships = 300,
                                                     .cells = STATE_RIG_CELLS,
                                                     .pages = 160,
                                                     .log_bytes = STATE_RIG_LOG_BYTES };

struct state_rig {
    struct state state;
    struct tx_observer observer;
    struct shadow shadow;
    uint64_t journal_peak; /* bytes */
    uint64_t n_points;
    uint64_t dies_at; /* the point; 0: never */
    jmp_buf death;
};

static inline void state_rig_on_point(struct tx_observer *observer, enum tx_point point,
                                      const void *at, size_t len)
{
    struct state_rig *rig = container_of(observer, struct state_rig, observer);

    rig->journal_peak = u64_max(rig->journal_peak, rig->state.header->journal_len);
    shadow_on_point(&rig->shadow, point, at, len);
    if (++rig->n_points == rig->dies_at) {
        longjmp(rig->death, 1);
    }
}

static inline void state_rig_open(struct state_rig *rig, struct region *region)
{
    assert_int_equal(state_open(&rig->state, region, &rig->observer), 0);
    pages_open(&rig->state.pages);
}

static inline void state_rig_init(struct state_rig *rig)
{
    struct region region = { .fd = -1 };

    *rig = (struct state_rig){ .observer = { .on_point = state_rig_on_point } };
    shadow_init(&rig->shadow, &rig->state);
    assert_int_equal(region_create(&region, &state_rig_sizes), 0);
    state_rig_open(rig, &region);
    rig->state.region.header->log.next_number = 1;
}

static inline void state_rig_fini(struct state_rig *rig)
{
    (void)state_close(&rig->state, false);
    shadow_fini(&rig->shadow);
}

static inline void state_rig_check(const struct state_rig *rig)
{
    const char *wrong = shadow_check(&rig->shadow);

    assert_string_equal(wrong == NULL ? "" : wrong, "");
    wrong = state_check(&rig->state);
    assert_string_equal(wrong == NULL ? "" : wrong, "");
}

/* The process is gone, the next one starts over what it left. */
static inline void state_rig_restart(struct state_rig *rig)
{
    struct region region = { .fd = -1 };
    int fd = state_close(&rig->state, true);

    shadow_restart(&rig->shadow);
    assert_int_equal(region_adopt(&region, fd), 0);
    state_rig_open(rig, &region);
    state_begin(&rig->state); /* the shadow compares */
    state_commit(&rig->state);
}

static inline void state_rig_begin(struct state_rig *rig)
{
    log_make_room(&rig->state);
    state_begin(&rig->state);
}

static inline void state_rig_commit(struct state_rig *rig)
{
    state_commit(&rig->state);
    state_rig_check(rig);
}

/* ---- what tests of the log need ---- */

static inline uint32_t state_rig_room(struct state_rig *rig)
{
    uint32_t room;

    state_begin(&rig->state);
    room = state_take_room(&rig->state);
    state_commit(&rig->state);
    return room;
}

static inline uint32_t state_rig_wire(struct state_rig *rig)
{
    uint32_t wire;

    state_begin(&rig->state);
    wire = state_take_wire(&rig->state);
    state_commit(&rig->state);
    return wire;
}

/* Appends a record of `len` bytes of text in a transaction of its own; returns its number. */
static inline uint64_t state_rig_append(struct state_rig *rig, const uint32_t *owners, uint32_t n,
                                        size_t len)
{
    static char text[RECORD_TEXT_MAX];
    struct draft draft = { .kind = RECORD_SAID, .who = TEXT("ann"), .text = { text, len } };
    uint64_t number;

    memset(text, 'x', sizeof(text));
    state_rig_begin(rig);
    number = log_append(&rig->state, &draft, owners, n);
    state_commit(&rig->state);
    return number;
}

#endif
