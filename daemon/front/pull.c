/* SPDX-License-Identifier: MIT */
/* The pull: moves a reader's cursors over the records that are due, merged by number over all of
 * its rooms and its box, and copies their renderings into its page. This is where broadcast,
 * history, slow readers and resuming are one and the same thing. Whoever stands where another
 * reader stood before in this round takes its bytes in one copy. */
#include "front/output.h"

#include "chat/rooms.h"

#include <assert.h>

enum { PULL_SOURCES_MAX = MEMBERSHIPS_PER_PERSON + 1 };

/* One chain that has something due. */
struct pull_source {
    uint32_t owner;
    uint32_t membership; /* 0: the box */
    const struct chain *chain;
    const struct cursor *stored;
    struct cursor cursor;
    uint64_t until;
    uint64_t pos;    /* of the due record */
    uint64_t number; /* of the due record; UINT64_MAX: none */
};

struct pull {
    struct reader *reader;
    struct pull_source sources[PULL_SOURCES_MAX];
    uint32_t n;
    uint64_t n_lost;
    uint64_t told_ms; /* real time of the last record passed; 0: none */
    struct run *run;  /* that this pull adds to; NULL: none */
};

/* Counts what the log took from this reader; history that it was only offered does not count. */
static void pull_skip_lost(struct pull *pull, struct pull_source *source)
{
    uint64_t first = u64_min(source->chain->first, source->until);
    uint64_t from = source->cursor.due;

    if (source->membership != 0) {
        uint64_t joined = hub_membership(reader_hub(pull->reader), source->membership)->joined;

        from = u64_max(from, u64_min(joined, first));
    }
    pull->n_lost += first - from;
    source->cursor = (struct cursor){ .due = first, .pos = 0 };
}

/* Finds the due record of a source; number says UINT64_MAX if there is none. */
static void pull_look(struct pull *pull, struct pull_source *source)
{
    const struct state *state = reader_hub(pull->reader)->state;
    enum due due;

    source->number = UINT64_MAX;
    if (source->cursor.due >= source->until) {
        return;
    }
    due = log_due(state, source->owner, source->chain, &source->cursor, &source->pos);
    if (due == DUE_OVERTAKEN) {
        pull_skip_lost(pull, source);
        if (source->cursor.due >= source->until) {
            return;
        }
        due = log_due(state, source->owner, source->chain, &source->cursor, &source->pos);
    }
    if (due == DUE_RECORD) {
        source->number = log_record(state, source->pos)->number;
    }
}

static void pull_add_source(struct pull *pull, uint32_t owner, uint32_t membership,
                            const struct cursor *stored, uint64_t until)
{
    struct pull_source *source = &pull->sources[pull->n];
    const struct chain *chain = state_chain(reader_hub(pull->reader)->state, owner);

    if (stored->due >= u64_min(chain->end, until) && stored->due < until) {
        return; /* nothing is due, and it is not at its end either */
    }
    *source = (struct pull_source){ .owner = owner,
                                    .membership = membership,
                                    .chain = chain,
                                    .stored = stored,
                                    .cursor = *stored,
                                    .until = until };
    pull->n++;
    pull_look(pull, source);
}

static void pull_collect(struct pull *pull)
{
    const struct hub *hub = reader_hub(pull->reader);
    uint32_t row = pull->reader->row;
    const struct person *person = hub_person(hub, row);

    pull_add_source(pull, row | LINK_BOX, 0, &person->box_cursor, UNTIL_OPEN);
    for (uint32_t m = person->first_membership; m != 0; m = hub_membership(hub, m)->own_next) {
        const struct membership *membership = hub_membership(hub, m);

        pull_add_source(pull, membership->room, m, &membership->cursor, membership->until);
    }
}

static struct pull_source *pull_earliest(struct pull *pull)
{
    struct pull_source *earliest = NULL;

    for (uint32_t i = 0; i < pull->n; i++) {
        struct pull_source *source = &pull->sources[i];

        if (source->number != UINT64_MAX &&
            (earliest == NULL || source->number < earliest->number)) {
            earliest = source;
        }
    }
    return earliest;
}

struct text output_rendering(const struct reader *reader, const struct record *record, uint64_t pos,
                             struct place place)
{
    struct renderings *renderings = &reader->exchange->renderings;
    uint32_t flavour = reader->front->flavour(reader, record, place);
    const struct rendering *kept;
    struct buf space;

    if (flavour == FLAVOUR_HIDDEN) {
        return TEXT_NONE;
    }
    kept = renderings_find(renderings, pos, flavour);
    if (kept != NULL) {
        return rendering_text(renderings, kept);
    }
    space = renderings_begin(renderings);
    reader->front->render(reader->exchange, record, flavour, &space);
    assert(!space.full);
    return renderings_end(renderings, pos, flavour, &space);
}

/* Does the reader see the source's due record, and all behind it, as others of its view do? Then
 * there is only this source, it has no history to go through, and nothing of the reader's own is
 * ahead. */
static bool pull_is_common(const struct pull *pull, const struct pull_source *source)
{
    const struct hub *hub = reader_hub(pull->reader);

    return pull->n == 1 && source->membership != 0 &&
           source->cursor.due >= hub_membership(hub, source->membership)->joined &&
           source->number > hub->spoke[pull->reader->row];
}

/* Copies what another reader of the same view was shown from the same place on. False: nobody was,
 * or there is no room for all of it. */
static bool pull_run(struct pull *pull, struct pull_source *source, size_t keep_free)
{
    struct reader *reader = pull->reader;
    struct run *run =
        runs_find(&reader->exchange->renderings.runs, source->owner,
                  reader->front->view(reader, source->membership), source->cursor.due);
    struct text bytes;

    if (run == NULL || run->behind.due > source->until) {
        return false;
    }
    bytes = run_from(run, source->cursor.due);
    if (buf_space(&reader->output) < bytes.len + keep_free) {
        return false;
    }
    buf_text_put(&reader->output, bytes);
    source->cursor = run->behind;
    pull->told_ms = run->real_ms;
    pull_look(pull, source);
    pull->run = run; /* what is due behind it may be added to it */
    return true;
}

/* Keeps what this reader is shown for the others. */
static void pull_keep(struct pull *pull, const struct pull_source *source,
                      const struct record *record, struct text bytes)
{
    struct reader *reader = pull->reader;

    if (pull->run == NULL || pull->run->behind.due != source->cursor.due ||
        !run_add(pull->run, record, source->pos, bytes)) {
        pull->run = runs_begin(&reader->exchange->renderings.runs, source->owner,
                               reader->front->view(reader, source->membership), source->cursor.due);
        if (!run_add(pull->run, record, source->pos, bytes)) {
            pull->run = NULL;
        }
    }
}

/* Appends the record's rendering, unless this reader does not see it. False: no room. */
static bool pull_put(struct pull *pull, const struct pull_source *source, size_t keep_free)
{
    struct reader *reader = pull->reader;
    const struct record *record = log_record(reader_hub(reader)->state, source->pos);
    struct place place = { .membership = source->membership, .ordinal = source->cursor.due };
    struct text bytes = output_rendering(reader, record, source->pos, place);

    if (buf_space(&reader->output) < bytes.len + keep_free) {
        return false;
    }
    buf_text_put(&reader->output, bytes);
    if (pull_is_common(pull, source)) {
        pull_keep(pull, source, record, bytes);
    }
    return true;
}

/* A record of several rooms is due in each of them, and read once. */
static void pull_pass(struct pull *pull, uint64_t number)
{
    for (uint32_t i = 0; i < pull->n; i++) {
        struct pull_source *source = &pull->sources[i];

        if (source->number == number) {
            pull->told_ms = log_record(reader_hub(pull->reader)->state, source->pos)->real_ms;
            source->cursor = cursor_after(&source->cursor, source->pos);
            pull_look(pull, source);
        }
    }
}

static bool pull_records(struct pull *pull, size_t keep_free)
{
    struct pull_source *source;

    while ((source = pull_earliest(pull)) != NULL) {
        if (pull_is_common(pull, source) && pull_run(pull, source, keep_free)) {
            continue;
        }
        if (!pull_put(pull, source, keep_free)) {
            return false;
        }
        pull_pass(pull, source->number);
    }
    return true;
}

static void pull_store(struct pull *pull)
{
    struct hub *hub = reader_hub(pull->reader);

    output_store_minute(hub->state, pull->reader->row, pull->told_ms);
    for (uint32_t i = 0; i < pull->n; i++) {
        struct pull_source *source = &pull->sources[i];

        if (source->cursor.due >= source->until) {
            rooms_forget_membership(hub, source->membership);
        } else if (source->cursor.due != source->stored->due) {
            *state_edit_cursor(hub->state, source->stored) = source->cursor;
        }
    }
}

enum { PULL_LOST_ROOM = 256 }; /* bytes of the notice of lost records */

bool output_pull(struct reader *reader, size_t keep_free)
{
    struct pull pull;
    bool is_all;

    pull.reader = reader;
    pull.n = 0;
    pull.n_lost = 0;
    pull.told_ms = 0;
    pull.run = NULL;
    pull_collect(&pull);
    if (pull.n_lost > 0) {
        if (buf_space(&reader->output) < PULL_LOST_ROOM + keep_free) {
            reader->is_behind = true;
            return false;
        }
        reader->pulled_to =
            reader->exchange->hub.state->header->log.tail; /* for output_private() */
        reader->front->lost(reader, pull.n_lost);
    }
    is_all = pull_records(&pull, keep_free);
    pull_store(&pull);
    reader->is_behind = !is_all;
    reader->pulled_to = is_all ? reader->exchange->hub.state->header->log.tail : UINT64_MAX;
    return is_all &&
           buf_space(&reader->output) >= keep_free; /* the page may be full of unsent ones */
}
