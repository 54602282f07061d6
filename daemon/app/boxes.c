/* SPDX-License-Identifier: MIT */
/* Boxes: filling, peeking, emptying. The order is what keeps a promise: an entry is in a stored box
 * before its connection is seen, and a box goes only after what lives in it stands elsewhere. */
#include "app/boxes.h"

#include "lib/rights.h"
#include "lib/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define BOX_NAME_FORMAT "box-%u"
enum { BOX_NAME_SIZE = 16, BOXES_NONE = BOXES_MAX };

static uint32_t boxes_entry(uint32_t box, uint32_t place)
{
    return box * BOX_SIZE + place + 1;
}

static uint64_t boxes_id_at(const struct boxes *boxes, uint32_t entry)
{
    return boxes->boxes[(entry - 1) / BOX_SIZE].ids[(entry - 1) % BOX_SIZE];
}

/* The entry of a connection; 0: none. */
static uint32_t boxes_find(const struct boxes *boxes, uint64_t id)
{
    uint32_t entry = index_first(&boxes->by_id, index_hash(&boxes->by_id, &id, sizeof(id)));

    while (entry != 0 && boxes_id_at(boxes, entry) != id) {
        entry = index_next(&boxes->by_id, entry);
    }
    return entry;
}

static void boxes_note(struct boxes *boxes, uint32_t at, uint64_t id, int fd)
{
    struct box *box = &boxes->boxes[at];
    uint32_t place = box->n_entries++;

    box->ids[place] = id;
    box->fds[place] = fd;
    index_add(&boxes->by_id, index_hash(&boxes->by_id, &id, sizeof(id)), boxes_entry(at, place));
}

static void boxes_forget_entry(struct boxes *boxes, uint32_t entry)
{
    struct box *box = &boxes->boxes[(entry - 1) / BOX_SIZE];
    uint64_t id = boxes_id_at(boxes, entry);

    if (id == 0) {
        return; /* it is dead already */
    }
    index_remove(&boxes->by_id, index_hash(&boxes->by_id, &id, sizeof(id)), entry);
    box->ids[(entry - 1) % BOX_SIZE] = 0;
    box->n_dead++;
}

/* ---- filling ---- */

static uint32_t boxes_free_place(const struct boxes *boxes)
{
    uint32_t at = 0;

    while (at < BOXES_MAX && boxes->boxes[at].number != 0) {
        at++;
    }
    return at;
}

/* A new box: the manager has its reading end before anything is put into it. */
static int boxes_open(struct boxes *boxes)
{
    uint32_t at = boxes_free_place(boxes);
    char name[BOX_NAME_SIZE];
    int pair[2];
    int r;

    if (at == BOXES_MAX) {
        return -ENOSPC;
    }
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) < 0) {
        return -errno;
    }
    (void)snprintf(name, sizeof(name), BOX_NAME_FORMAT, boxes->next_number);
    r = notify_store(boxes->notify, name, pair[0], false);
    (void)close(pair[0]);
    if (r < 0) {
        (void)close(pair[1]);
        return r;
    }
    boxes->boxes[at] = (struct box){ .number = boxes->next_number++, .write_fd = pair[1] };
    boxes->open = at;
    boxes->n_boxes++;
    return 0;
}

static void boxes_seal(struct boxes *boxes)
{
    if (boxes->open != BOXES_NONE) {
        fd_close_slot(&boxes->boxes[boxes->open].write_fd);
        boxes->boxes[boxes->open].write_fd = -1;
        boxes->open = BOXES_NONE;
    }
}

static bool boxes_is_refusal(int r)
{
    return r == -EAGAIN || r == -EPIPE || r == -ECONNRESET;
}

/* Sees to it that a box is open and not full. */
static int boxes_make_room(struct boxes *boxes)
{
    if (boxes->open != BOXES_NONE && boxes->boxes[boxes->open].n_entries == BOX_SIZE) {
        boxes_seal(boxes);
    }
    return boxes->open == BOXES_NONE ? boxes_open(boxes) : 0;
}

/* Into the open box; one that takes no more (by count, by its buffer, or because the manager did
 * not want it) is followed by a new one. */
static int boxes_put(struct boxes *boxes, uint64_t id, int fd)
{
    int r = -EAGAIN;

    for (int attempt = 0; attempt < 2 && boxes_is_refusal(r); attempt++) {
        r = boxes_make_room(boxes);
        if (r < 0) {
            return r;
        }
        r = rights_send(boxes->boxes[boxes->open].write_fd, &id, sizeof(id), fd, MSG_DONTWAIT);
        if (boxes_is_refusal(r)) {
            boxes_seal(boxes);
        }
    }
    if (r == 0) {
        boxes_note(boxes, boxes->open, id, fd);
    }
    return r;
}

/* ---- emptying ---- */

static void boxes_remove(struct boxes *boxes, uint32_t at)
{
    struct box *box = &boxes->boxes[at];
    char name[BOX_NAME_SIZE];

    if (boxes->open == at) {
        boxes_seal(boxes);
    }
    (void)snprintf(name, sizeof(name), BOX_NAME_FORMAT, box->number);
    if (notify_unstore(boxes->notify, name) < 0) {
        return; /* the manager is behind: it is tried again when the next box is opened */
    }
    *box = (struct box){ .write_fd = -1 };
    boxes->n_boxes--;
}

/* The living move to the open box. Only when all of them stand there does the old box go. */
static void boxes_empty(struct boxes *boxes, uint32_t at)
{
    struct box *box = &boxes->boxes[at];

    if (boxes->open == at) {
        boxes_seal(boxes);
    }
    for (uint32_t place = 0; place < box->n_entries; place++) {
        uint64_t id = box->ids[place];
        int fd = box->fds[place];

        if (id == 0) {
            continue;
        }
        boxes_forget_entry(boxes, boxes_entry(at, place));
        if (boxes_put(boxes, id, fd) < 0) {
            /* It stays where it is: the box is kept, and emptied another time. */
            box->ids[place] = id;
            box->n_dead--;
            index_add(&boxes->by_id, index_hash(&boxes->by_id, &id, sizeof(id)),
                      boxes_entry(at, place));
            return;
        }
    }
    boxes_remove(boxes, at);
}

static void boxes_look_after(struct boxes *boxes, uint32_t at)
{
    struct box *box = &boxes->boxes[at];

    if (box->number == 0 || at == boxes->open) {
        return;
    }
    if (box->n_dead == box->n_entries) {
        boxes_remove(boxes, at);
    } else if (box->n_dead >= BOX_DEAD_LIMIT) {
        boxes_empty(boxes, at);
    }
}

static void boxes_look_after_all(struct boxes *boxes)
{
    for (uint32_t at = 0; at < BOXES_MAX; at++) {
        boxes_look_after(boxes, at);
    }
}

/* ---- what the server calls ---- */

static int boxes_keep(struct keeper *keeper, uint64_t id, int fd)
{
    struct boxes *boxes = container_of(keeper, struct boxes, keeper);
    uint32_t number = boxes->next_number;
    int r = boxes_put(boxes, id, fd);

    if (r == -ETOOMANYREFS) { /* dead entries count as descriptors in flight */
        boxes_tidy(boxes);
        r = boxes_put(boxes, id, fd);
    }
    if (boxes->next_number != number) {
        boxes_look_after_all(boxes); /* the one before: many may have died while it was open */
    }
    return r;
}

static void boxes_forget(struct keeper *keeper, uint64_t id)
{
    struct boxes *boxes = container_of(keeper, struct boxes, keeper);
    uint32_t entry = boxes_find(boxes, id);

    if (entry != 0) {
        boxes_forget_entry(boxes, entry);
        boxes_look_after(boxes, (entry - 1) / BOX_SIZE);
    }
}

int boxes_init(struct boxes *boxes, struct notify *notify)
{
    int r;

    *boxes = (struct boxes){ .keeper = { .keep = boxes_keep, .forget = boxes_forget },
                             .notify = notify,
                             .next_number = 1,
                             .open = BOXES_NONE };
    r = index_init(&boxes->by_id, BOXES_MAX * BOX_SIZE + 1);
    if (r < 0) {
        return r;
    }
    boxes->boxes = calloc(BOXES_MAX, sizeof(*boxes->boxes));
    if (boxes->boxes == NULL) {
        index_fini(&boxes->by_id);
        return -ENOMEM;
    }
    return 0;
}

void boxes_fini(struct boxes *boxes)
{
    if (boxes->boxes != NULL) {
        boxes_seal(boxes);
    }
    free(boxes->boxes);
    index_fini(&boxes->by_id);
    *boxes = (struct boxes){ 0 };
}

/* ---- coming back ---- */

static bool boxes_parse_name(const char *name, uint32_t *out_number)
{
    struct text t = text_of(name);
    uint64_t number;

    if (!text_starts_with(t, TEXT("box-")) ||
        !text_number((struct text){ t.at + 4, t.len - 4 }, UINT32_MAX - 1, &number)) {
        return false;
    }
    *out_number = (uint32_t)number;
    return true;
}

bool boxes_is_name(const char *name)
{
    uint32_t number;

    return boxes_parse_name(name, &number);
}

static int boxes_append_kept(struct kept **kept, size_t *n_kept, struct kept entry)
{
    struct kept *grown;

    if ((*n_kept & (*n_kept - 1)) == 0) { /* a power of two, or none: full */
        grown = realloc(*kept, (*n_kept == 0 ? 1 : 2 * *n_kept) * sizeof(**kept));
        if (grown == NULL) {
            return -ENOMEM;
        }
        *kept = grown;
    }
    (*kept)[(*n_kept)++] = entry;
    return 0;
}

static void boxes_note_dead(struct box *box)
{
    box->ids[box->n_entries++] = 0;
    box->n_dead++;
}

/* One entry of a box that came back. One that stands in an earlier box too is a move that a crash
 * cut short: the second is skipped. */
static int boxes_take_entry(struct boxes *boxes, uint32_t at, struct kept entry, struct kept **kept,
                            size_t *n_kept)
{
    bool is_new = entry.id != 0 && boxes_find(boxes, entry.id) == 0;
    int r = is_new ? boxes_append_kept(kept, n_kept, entry) : 0;

    if (!is_new || r < 0) {
        (void)close(entry.fd);
        boxes_note_dead(&boxes->boxes[at]);
        return r;
    }
    boxes_note(boxes, at, entry.id, entry.fd);
    return 0;
}

int boxes_restore(struct boxes *boxes, const char *name, int fd, struct kept **kept, size_t *n_kept)
{
    uint32_t at = boxes_free_place(boxes);
    int from_start = 0;
    uint32_t number;

    if (at == BOXES_MAX || !boxes_parse_name(name, &number)) {
        return BOXES_UNREADABLE;
    }
    /* From here on each peek goes on behind the last (unix(7), SO_PEEK_OFF). */
    if (setsockopt(fd, SOL_SOCKET, SO_PEEK_OFF, &from_start, sizeof(from_start)) < 0) {
        return BOXES_UNREADABLE;
    }
    boxes->boxes[at] = (struct box){ .number = number, .write_fd = -1 };
    boxes->n_boxes++;
    boxes->next_number = number >= boxes->next_number ? number + 1 : boxes->next_number;
    while (boxes->boxes[at].n_entries < BOX_SIZE) {
        struct kept entry = { .fd = -1 };
        int r = rights_receive(fd, &entry.id, sizeof(entry.id), MSG_PEEK | MSG_DONTWAIT, &entry.fd);

        if (r == -EBADMSG) {
            boxes_note_dead(&boxes->boxes[at]);
            continue;
        }
        if (r < 0) {
            break; /* that was all */
        }
        r = boxes_take_entry(boxes, at, entry, kept, n_kept);
        if (r < 0) {
            return r;
        }
    }
    return 0;
}

void boxes_remove_all(struct boxes *boxes)
{
    for (uint32_t at = 0; at < BOXES_MAX; at++) {
        for (uint32_t place = 0; place < boxes->boxes[at].n_entries; place++) {
            boxes_forget_entry(boxes, boxes_entry(at, place));
        }
        if (boxes->boxes[at].number != 0) {
            boxes_remove(boxes, at);
        }
    }
}

static bool boxes_is_small(const struct boxes *boxes, uint32_t at)
{
    const struct box *box = &boxes->boxes[at];

    return box->number != 0 && at != boxes->open && box->n_entries - box->n_dead < BOX_SIZE / 2;
}

/* A box that came back can't be filled any more, so each start would leave a small one behind. */
void boxes_tidy(struct boxes *boxes)
{
    uint32_t n_small = 0;

    boxes_look_after_all(boxes);
    for (uint32_t at = 0; at < BOXES_MAX; at++) {
        n_small += boxes_is_small(boxes, at);
    }
    for (uint32_t at = 0; n_small > 1 && at < BOXES_MAX; at++) {
        if (boxes_is_small(boxes, at)) {
            boxes_empty(boxes, at);
        }
    }
}
