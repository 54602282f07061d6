/* SPDX-License-Identifier: MIT */
/* Boxes over a fake service manager. A connection of number n is a file of n bytes, so that it can
 * be told from all others when it comes back. */
#ifndef SUPPORT_BOXES_RIG_H
#define SUPPORT_BOXES_RIG_H

#include "app/boxes.h"
#include "support/store_rig.h"

enum { BOXES_RIG_IDS = 21000 };

struct boxes_rig {
    struct store_rig store;
    struct boxes boxes;
    int fds[BOXES_RIG_IDS]; /* by id: the process's own descriptors of what is alive to it */
    size_t n_open;          /* descriptors when it began */
};

static inline int boxes_rig_setup(void **state)
{
    struct boxes_rig *rig = calloc(1, sizeof(*rig));

    assert_non_null(rig);
    memset(rig->fds, -1, sizeof(rig->fds));
    rig->n_open = store_rig_count_open();
    store_rig_init(&rig->store);
    assert_int_equal(boxes_init(&rig->boxes, &rig->store.notify), 0);
    *state = rig;
    return 0;
}

static inline void boxes_rig_close(struct boxes_rig *rig, uint64_t id)
{
    fd_close_slot(&rig->fds[id]);
    rig->fds[id] = -1;
}

static inline void boxes_rig_close_all(struct boxes_rig *rig)
{
    for (uint64_t id = 0; id < BOXES_RIG_IDS; id++) {
        boxes_rig_close(rig, id);
    }
}

static inline int boxes_rig_teardown(void **state)
{
    struct boxes_rig *rig = *state;
    size_t n_left;

    boxes_rig_close_all(rig);
    boxes_fini(&rig->boxes);
    store_rig_fini(&rig->store);
    n_left = store_rig_count_open();
    assert_int_equal(n_left, rig->n_open);
    free(rig);
    return 0;
}

static inline int boxes_rig_try_to_keep(struct boxes_rig *rig, uint64_t id)
{
    int r;

    boxes_rig_close(rig, id);
    rig->fds[id] = store_rig_connection(id);
    r = rig->boxes.keeper.keep(&rig->boxes.keeper, id, rig->fds[id]);
    store_rig_hear(&rig->store);
    return r;
}

static inline void boxes_rig_keep(struct boxes_rig *rig, uint64_t first, uint64_t last)
{
    for (uint64_t id = first; id <= last; id++) {
        assert_int_equal(boxes_rig_try_to_keep(rig, id), 0);
    }
}

/* Connections end. */
static inline void boxes_rig_forget(struct boxes_rig *rig, uint64_t first, uint64_t last)
{
    for (uint64_t id = first; id <= last; id++) {
        boxes_rig_close(rig, id);
        rig->boxes.keeper.forget(&rig->boxes.keeper, id);
        store_rig_hear(&rig->store);
    }
}

/* The process ends, the next one looks into what is stored, number `from` first. Each connection
 * comes back once, and is the right one. */
static inline void boxes_rig_restart_from(struct boxes_rig *rig, size_t from)
{
    size_t n = rig->store.n_stored, n_kept = 0;
    struct kept *kept = NULL;

    boxes_rig_close_all(rig);
    boxes_fini(&rig->boxes);
    assert_int_equal(boxes_init(&rig->boxes, &rig->store.notify), 0);
    for (size_t i = 0; i < n; i++) {
        size_t at = (from + i) % n;

        assert_int_equal(boxes_restore(&rig->boxes, rig->store.stored[at].name,
                                       rig->store.stored[at].fd, &kept, &n_kept),
                         0);
    }
    for (size_t i = 0; i < n_kept; i++) {
        assert_true(kept[i].id < BOXES_RIG_IDS);
        assert_int_equal(rig->fds[kept[i].id], -1);
        assert_int_equal(store_rig_identity(kept[i].fd), kept[i].id);
        rig->fds[kept[i].id] = kept[i].fd;
    }
    free(kept);
}

static inline void boxes_rig_restart(struct boxes_rig *rig)
{
    boxes_rig_restart_from(rig, 0);
}

static inline void boxes_rig_tidy(struct boxes_rig *rig)
{
    boxes_tidy(&rig->boxes);
    store_rig_hear(&rig->store);
}

static inline size_t boxes_rig_count_alive(const struct boxes_rig *rig)
{
    size_t n = 0;

    for (uint64_t id = 0; id < BOXES_RIG_IDS; id++) {
        n += rig->fds[id] >= 0;
    }
    return n;
}

/* first to last are alive, and nothing else. */
static inline void boxes_rig_expect_alive(const struct boxes_rig *rig, uint64_t first,
                                          uint64_t last)
{
    for (uint64_t id = first; id <= last; id++) {
        assert_int_not_equal(rig->fds[id], -1);
    }
    assert_int_equal(boxes_rig_count_alive(rig), last - first + 1);
}

#define BOXES_TEST(name) cmocka_unit_test_setup_teardown(name, boxes_rig_setup, boxes_rig_teardown)

#endif
