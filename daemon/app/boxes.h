/* SPDX-License-Identifier: MIT */
/* The keeper over the service manager's fd store. Descriptors are not stored one by one, which
 * costs the manager a comparison with every other: they wait as messages in the queue of a
 * socketpair, a box, of which the manager holds the reading end. So 10,000 connections are some 80
 * descriptors to it. A start peeks into the boxes and leaves them as they are: a crash during it
 * loses nothing.
 *
 * An entry of a connection that has ended is dead weight. A box that is mostly dead has its living
 * put into a newer one, and is removed only after that one is stored.
 *
 * Arithmetic: descriptors in flight per user stay below RLIMIT_NOFILE. With full boxes emptied at
 * BOX_DEAD_LIMIT, n connections have at most n * 4/3 entries, and three more boxes: one that is
 * filled, one that is emptied, a small one of an earlier process. */
#ifndef APP_BOXES_H
#define APP_BOXES_H

#include "app/keeper.h"
#include "app/notify.h"
#include "lib/index.h"

enum {
    BOX_SIZE = 128,  /* entries: fits the default buffer of a socketpair */
    BOXES_MAX = 480, /* below FileDescriptorStoreMax= of the unit, with the region and listeners */
    BOX_DEAD_LIMIT = 32, /* dead entries at which a full box is emptied */
};

struct box {
    uint32_t number; /* in its name; 0: no box */
    int write_fd;    /* owned; -1 when it is full, or was filled by an earlier process */
    uint16_t n_entries, n_dead;
    uint64_t ids[BOX_SIZE]; /* 0: dead */
    int fds[BOX_SIZE];      /* borrowed: the living descriptors, to put them into another box */
};

struct boxes {
    struct keeper keeper;  /* what the server calls */
    struct notify *notify; /* borrowed */
    struct box *boxes;     /* owned; BOXES_MAX */
    struct index by_id;    /* of entries: box * BOX_SIZE + place + 1 */
    uint32_t next_number;
    uint32_t open; /* place of the box that is being filled; BOXES_MAX: none */
    uint32_t n_boxes;
};

/* -ENOMEM. */
must_check int boxes_init(struct boxes *boxes, struct notify *notify);
/* Closes what belongs to this process; the manager's boxes stay. */
void boxes_fini(struct boxes *boxes);

/* True if a stored descriptor's name is a box's. */
bool boxes_is_name(const char *name);
enum boxes_outcome { BOXES_UNREADABLE = 1 /* it is none of ours, or one too many: left alone */ };

/* Peeks into a box that came back; `fd` stays the caller's. What is found, less what was found in
 * an earlier box already, is appended to `*kept` (grown with realloc; *n_kept entries; owned by the
 * caller, descriptors too). An entry that can't be read counts as dead. -ENOMEM, or an outcome. */
must_check int boxes_restore(struct boxes *boxes, const char *name, int fd, struct kept **kept,
                             size_t *n_kept);
/* All boxes go, whatever is in them. */
void boxes_remove_all(struct boxes *boxes);

/* After a start, when the server has taken up its connections and forgotten the others: boxes with
 * few living entries are emptied into a new one, those with none are removed. */
void boxes_tidy(struct boxes *boxes);

#endif
