/* SPDX-License-Identifier: MIT */
/* Bugs that can be planted in the torture build, to show that the test sees them: each breaks one
 * rule that docs/architecture.md gives for surviving a crash. */
#include "torture/points.h"

#include "torture/wraps.h"

#include <stdlib.h>
#include <string.h>

static enum bug bugs_planted(void)
{
    static bool is_asked;
    static enum bug planted;
    const char *name = getenv(BUGS_VARIABLE);

    for (int i = 0; !is_asked && name != NULL && i < BUGS; i++) {
        if (strcmp(name, BUG_NAMES[i]) == 0) {
            planted = (enum bug)i;
        }
    }
    is_asked = true;
    return planted;
}

/* ---- one byte too many ---- */

int __wrap_kernel_tcp_totals(int fd, struct kernel_totals *out)
{
    int r = __real_kernel_tcp_totals(fd, out);

    if (r == 0 && bugs_planted() == BUG_WRITTEN) {
        out->written++;
    }
    return r;
}

/* ---- the commit late ---- */

static struct state *bugs_uncommitted; /* its commit is due */

static void bugs_commit(void)
{
    struct state *state = bugs_uncommitted;

    if (state != NULL) {
        bugs_uncommitted = NULL;
        __real_state_commit(state);
    }
}

void bugs_after_send(void)
{
    bugs_commit();
}

void __wrap_state_begin(struct state *state)
{
    bugs_commit();
    __real_state_begin(state);
}

void __wrap_state_commit(struct state *state)
{
    if (bugs_planted() == BUG_COMMIT) {
        bugs_uncommitted = state;
        return;
    }
    __real_state_commit(state);
}

/* ---- the eviction in the transaction that overwrites ---- */

void __wrap_log_make_room(struct state *state)
{
    if (bugs_planted() != BUG_EVICTION) {
        __real_log_make_room(state);
    }
}

static void bugs_give_up_oldest(struct state *state)
{
    const struct record *record = log_record(state, state->header->log.head);
    const struct link *links = (const struct link *)(const void *)(record + 1);

    for (int i = 0; i < record->n_links; i++) {
        if (state_tenant(state, links[i].owner) == links[i].tenant) {
            struct chain *chain = state_edit_chain(state, state_chain(state, links[i].owner));

            chain->first = links[i].ordinal + 1;
            chain->first_pos = links[i].next;
        }
    }
    state_edit_log(state)->head += record->size;
}

uint64_t __wrap_log_append(struct state *state, const struct draft *draft, const uint32_t *owners,
                           uint32_t n_owners)
{
    const struct log_state *log = &state->header->log;
    size_t size = sizeof(struct record) + n_owners * sizeof(struct link) + draft->who.len +
                  draft->source.len + draft->where.len + draft->text.len;

    size = (size + 7) / 8 * 8;
    while (bugs_planted() == BUG_EVICTION &&
           log->tail - log->head + size > state->header->sizes.log_bytes) {
        bugs_give_up_oldest(state);
    }
    return __real_log_append(state, draft, owners, n_owners);
}

/* ---- no journal entry ---- */

struct cursor *__wrap_state_edit_cursor(struct state *state, const struct cursor *cursor)
{
    char *base = (char *)state->region.header;

    if (bugs_planted() == BUG_JOURNAL) {
        return (struct cursor *)(void *)(base + ((const char *)cursor - base));
    }
    return __real_state_edit_cursor(state, cursor);
}

/* ---- a page that is free too early ---- */

enum { BUGS_PAGES_MAX = 4096 };
static bool bugs_is_early[BUGS_PAGES_MAX];

void __wrap_output_close(struct reader *reader)
{
    struct pages *pages = &reader->exchange->hub.state->pages;
    uint32_t page = reader->page;
    bool is_used = reader->output.len > reader->output_start;

    __real_output_close(reader);
    if (bugs_planted() == BUG_PAGE && is_used && page < BUGS_PAGES_MAX && !bugs_is_early[page]) {
        bugs_is_early[page] = true;
        __real_pages_give_back(pages, page, PAGE_OUTPUT);
    }
}

void __wrap_pages_give_back(struct pages *pages, uint32_t page, enum page_use use)
{
    if (use == PAGE_OUTPUT && page < BUGS_PAGES_MAX && bugs_is_early[page]) {
        bugs_is_early[page] = false;
        return;
    }
    __real_pages_give_back(pages, page, use);
}

/* ---- a box that goes too early ---- */

enum { BUGS_MOVES_MAX = BOX_SIZE };

static struct {
    bool is_tidying;
    uint32_t n;
    struct {
        uint64_t id;
        int socket, fd; /* owned duplicates */
    } moves[BUGS_MOVES_MAX];
} bugs_box;

void __wrap_boxes_tidy(struct boxes *boxes)
{
    bugs_box.is_tidying = bugs_planted() == BUG_BOX;
    __real_boxes_tidy(boxes);
    bugs_box.is_tidying = false;
    bugs_after_unstore();
}

/* 0: it is done later. */
int bugs_rights_send(int socket, const void *bytes, size_t len, int fd)
{
    if (!bugs_box.is_tidying || bugs_box.n == BUGS_MOVES_MAX) {
        return 1;
    }
    memcpy(&bugs_box.moves[bugs_box.n].id, bytes, size_min(len, sizeof(uint64_t)));
    bugs_box.moves[bugs_box.n].socket = dup(socket);
    bugs_box.moves[bugs_box.n].fd = dup(fd);
    bugs_box.n++;
    return 0;
}

void bugs_after_unstore(void)
{
    for (uint32_t i = 0; i < bugs_box.n; i++) {
        (void)!__real_rights_send(bugs_box.moves[i].socket, &bugs_box.moves[i].id, sizeof(uint64_t),
                                  bugs_box.moves[i].fd, MSG_DONTWAIT);
        (void)close(bugs_box.moves[i].socket);
        (void)close(bugs_box.moves[i].fd);
    }
    bugs_box.n = 0;
}
