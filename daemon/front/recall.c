/* SPDX-License-Identifier: MIT */
/* Questions of chat (chat/history.h) as questions to the archive (store/question.h). */
#include "front/recall.h"

#include "chat/members.h"
#include "chat/rooms.h"

#include <string.h>

/* ---- whose ---- */

static uint64_t recall_conversation(const struct reader *reader)
{
    return reader_hub(reader)->state->header->counters.started_ms;
}

static void recall_put_name(struct scope *scope, struct text name)
{
    struct buf out = buf_over(scope->name, sizeof(scope->name) - 1);

    buf_text_put(&out, name);
    scope->name[out.len] = '\0';
}

void recall_scope_room(const struct reader *reader, uint32_t room, struct scope *out)
{
    const struct hub *hub = reader_hub(reader);
    uint32_t rank = members_rank(hub, reader->row, room);

    *out = (struct scope){ .kind = SCOPE_ROOM,
                           .conversation = recall_conversation(reader),
                           .owner = hub_room(hub, room)->id,
                           .reader = reader_wire(reader)->id,
                           .rank = rank & MEMBER_OPERATOR ? 2 : rank != 0 };
    if (hub_room(hub, room)->flags & ROOM_PERMANENT) {
        out->kind = SCOPE_PERMANENT;
        recall_put_name(out, text_of(hub_room(hub, room)->name));
    }
}

void recall_scope_talk(const struct reader *reader, struct text with, struct scope *out)
{
    *out = (struct scope){ .kind = SCOPE_BOX,
                           .conversation = recall_conversation(reader),
                           .owner = reader_wire(reader)->id };
    recall_put_name(out, with);
}

uint32_t recall_scopes(const struct reader *reader, struct scope scopes[RECALL_SCOPES_MAX])
{
    const struct hub *hub = reader_hub(reader);
    uint32_t n = 0;

    for (uint32_t m = reader_person(reader)->first_membership; m != 0;
         m = hub_membership(hub, m)->own_next) {
        if (hub_membership(hub, m)->until == UNTIL_OPEN) {
            recall_scope_room(reader, hub_membership(hub, m)->room, &scopes[n++]);
        }
    }
    recall_scope_talk(reader, TEXT_NONE, &scopes[n++]); /* last: one who talked with hundreds may
                                                           have more places than are looked at */
    return n;
}

struct inquiry *recall_inquire(const struct reader *reader, enum inquiry_kind kind,
                               uint32_t n_scopes)
{
    struct inquiry *inquiry = inquiry_new(kind, n_scopes);

    if (inquiry != NULL) {
        inquiry->row = reader->row;
        inquiry->up_to = reader_hub(reader)->state->header->log.next_number - 1;
    }
    return inquiry;
}

/* ---- windows ---- */

/* A number of 0 would be no bound. Nothing has one so low as 1, so that it says the same. */
static struct bound recall_bound(const struct history_point *point)
{
    switch (point->kind) {
    case POINT_NONE: break;
    case POINT_NUMBER: return (struct bound){ .at = u64_max(point->at, 1) };
    case POINT_TIME: return (struct bound){ .is_ms = true, .at = point->at };
    }
    return (struct bound){ .at = 0 };
}

static void recall_put_window(const struct history_query *query, struct history_question *question)
{
    static const enum window windows[] = { [HISTORY_LATEST] = WINDOW_LATEST,
                                           [HISTORY_BEFORE] = WINDOW_BEFORE,
                                           [HISTORY_AFTER] = WINDOW_AFTER,
                                           [HISTORY_BETWEEN] = WINDOW_BETWEEN,
                                           [HISTORY_AROUND] = WINDOW_AROUND };

    question->window = windows[query->window];
    question->from = recall_bound(&query->from);
    question->to = recall_bound(query->window == HISTORY_BEFORE ? &query->from : &query->to);
}

/* What is behind the last one passed, when the log has given that up meanwhile. In a window whose
 * end has no bound, what has been said since counts too, up to the limit. */
static void recall_put_overtaken(const struct history_query *query, const struct history_walk *walk,
                                 struct history_question *question)
{
    bool ends_at_from = query->window == HISTORY_BEFORE || query->window == HISTORY_BETWEEN;

    question->window = WINDOW_BETWEEN;
    question->from = (struct bound){ .at = walk->shown };
    if (walk->phase == HISTORY_SHOW_TO) {
        question->to = recall_bound(&query->to);
    } else if (ends_at_from) {
        question->to = recall_bound(&query->from);
    }
    question->limit = (uint32_t)u64_min(walk->n, QUESTION_LIMIT_MAX);
}

/* What is behind the last one shown. */
static void recall_put_rest(const struct history_walk *walk, struct history_question *question)
{
    question->window = WINDOW_BETWEEN;
    question->from = (struct bound){ .at = walk->shown };
    question->to = (struct bound){ .at = walk->newest + 1 };
}

static int recall_ask(struct reader *reader, const struct history_query *query,
                      const struct history_walk *walk)
{
    struct inquiry *inquiry = recall_inquire(reader, INQUIRY_HISTORY, 1);

    if (inquiry == NULL) {
        return HISTORY_OLDER;
    }
    if (query->owner & LINK_BOX) {
        recall_scope_talk(reader, query->with, &inquiry->scopes[0]);
    } else {
        recall_scope_room(reader, query->owner, &inquiry->scopes[0]);
    }
    inquiry->history.limit = (uint32_t)u64_min(query->limit, QUESTION_LIMIT_MAX);
    inquiry->history.kinds = query->kinds;
    if (walk->is_overtaken) {
        recall_put_overtaken(query, walk, &inquiry->history);
    } else if (walk->phase == HISTORY_ARCHIVED && walk->shown > 0) {
        recall_put_rest(walk, &inquiry->history);
    } else {
        recall_put_window(query, &inquiry->history);
    }
    reader->exchange->asked = inquiry;
    return RECALL_ASKED;
}

/* The answer is there. A window without end goes up to what there was when it was asked for. */
static int recall_begin(struct reader *reader, const struct history_query *query,
                        struct history_walk *walk)
{
    const struct inquiry *answer = reader->answer;

    if (answer->state != INQUIRY_ANSWERED) {
        return HISTORY_OLDER;
    }
    if (walk->phase != HISTORY_ARCHIVED) {
        uint32_t limit = walk->is_overtaken ? walk->n : query->limit;

        *walk =
            (struct history_walk){ .phase = HISTORY_ARCHIVED,
                                   .newest = limit > QUESTION_LIMIT_MAX ? answer->up_to
                                                                        : answer->window.newest };
    }
    return HISTORY_FOUND;
}

static bool recall_room_has_past(const struct reader *reader, uint32_t room)
{
    const struct room *its = hub_room(reader_hub(reader), room);
    const struct exchange_archive *archive = &reader->exchange->archive;

    return (its->flags & ROOM_PERMANENT) && archive->no_past[room] != its->id;
}

int recall_find(struct reader *reader, struct history_query *query, struct history_walk *walk)
{
    bool is_there = reader->exchange->archive.is_there;
    int r = HISTORY_OLDER;

    /* without an archive it goes on with the oldest that the log has */
    walk->is_overtaken = walk->is_overtaken && reader->exchange->archive.is_configured;
    if (walk->phase != HISTORY_ARCHIVED && !walk->is_overtaken) {
        query->has_past =
            is_there && !(query->owner & LINK_BOX) && recall_room_has_past(reader, query->owner);
        r = history_find(reader_hub(reader), query, walk);
    }
    if (r != HISTORY_OLDER) {
        return r;
    }
    if (reader->answer != NULL) {
        return recall_begin(reader, query, walk);
    }
    return is_there ? recall_ask(reader, query, walk) : HISTORY_OLDER;
}

static int recall_next_archived(struct reader *reader, struct history_walk *walk,
                                const struct record **out_record)
{
    struct inquiry *answer = reader->answer;
    const struct record *record;

    if (answer == NULL || answer->state != INQUIRY_ANSWERED) {
        return HISTORY_END;
    }
    while ((record = inquiry_next(answer, NULL)) != NULL) {
        walk->shown = record->number;
        if (!(HISTORY_TALK >> record->kind & 1) || history_is_talk(record)) {
            *out_record = record;
            return HISTORY_RECORD;
        }
    }
    return answer->is_full || (answer->window.n == QUESTION_LIMIT_MAX &&
                               walk->shown < walk->newest && inquiry_first(answer) != NULL)
               ? HISTORY_PAUSED
               : HISTORY_END;
}

int recall_next(struct reader *reader, const struct history_query *query, struct history_walk *walk,
                const struct record **out_record)
{
    return walk->phase == HISTORY_ARCHIVED
               ? recall_next_archived(reader, walk, out_record)
               : history_next(reader_hub(reader), query, walk, out_record);
}

/* ---- where something was said ---- */

static int recall_ask_targets(struct reader *reader, const struct history_point *after)
{
    struct scope scopes[RECALL_SCOPES_MAX];
    uint32_t n = recall_scopes(reader, scopes);
    struct inquiry *inquiry = recall_inquire(reader, INQUIRY_TARGETS, n);

    if (inquiry == NULL) {
        return HISTORY_OLDER;
    }
    memcpy(inquiry->scopes, scopes, n * sizeof(scopes[0]));
    inquiry->history.from = recall_bound(after);
    inquiry->history.limit = HISTORY_TARGETS_MAX + MEMBERSHIPS_PER_PERSON;
    reader->exchange->asked = inquiry;
    return RECALL_ASKED;
}

int recall_targets(struct reader *reader, const struct history_point *after,
                   const struct history_point *before, struct history_targets *out)
{
    const struct inquiry *answer = reader->answer;
    bool may_ask = reader->exchange->archive.is_there && answer == NULL;

    if (may_ask && recall_ask_targets(reader, after) == RECALL_ASKED) {
        return RECALL_ASKED;
    }
    if (answer == NULL || answer->state != INQUIRY_ANSWERED) {
        history_find_targets(reader_hub(reader), reader->row, after, before, out);
        return HISTORY_FOUND;
    }
    out->n = answer->n_targets;
    for (uint32_t i = 0; i < answer->n_targets; i++) {
        const struct target *target = &answer->targets[i];

        out->items[i] = (struct history_target){ .name = text_of(target->name),
                                                 .number = target->number,
                                                 .ms = target->ms };
    }
    history_sort_targets(out, after, before);
    return HISTORY_FOUND;
}

/* ---- searching ---- */

static uint32_t recall_search_scopes(const struct reader *reader,
                                     const struct recall_search *search, struct scope *scopes)
{
    if (search->room != 0) {
        recall_scope_room(reader, search->room, &scopes[0]);
        return 1;
    }
    if (search->with.len > 0) {
        recall_scope_talk(reader, search->with, &scopes[0]);
        return 1;
    }
    return recall_scopes(reader, scopes);
}

static void recall_put_search(const struct recall_search *search, struct search_question *question)
{
    struct buf words = buf_over(question->words, sizeof(question->words) - 1);
    struct buf who = buf_over(question->who, sizeof(question->who) - 1);

    buf_text_put(&words, search->words);
    buf_text_put(&who, search->who);
    question->from = search->shown > 0 ? (struct bound){ .at = search->shown } : search->from;
    question->to = search->to;
    question->end = search->end; /* what is said while it is gone on with is not looked for */
    question->is_from_oldest = search->is_from_oldest;
    question->is_said_only = search->is_said_only;
    question->limit = search->limit;
    question->budget_ms = INQUIRY_SEARCH_MS;
}

int recall_search(struct reader *reader, const struct recall_search *search)
{
    struct scope scopes[RECALL_SCOPES_MAX];
    struct inquiry *inquiry;
    uint32_t n;

    if (reader->answer != NULL) {
        return reader->answer->state == INQUIRY_ANSWERED ? HISTORY_FOUND : HISTORY_OLDER;
    }
    if (!reader->exchange->archive.is_there) {
        return HISTORY_OLDER;
    }
    n = recall_search_scopes(reader, search, scopes);
    inquiry = recall_inquire(reader, INQUIRY_SEARCH, n);
    if (inquiry == NULL) {
        return HISTORY_OLDER;
    }
    memcpy(inquiry->scopes, scopes, n * sizeof(scopes[0]));
    recall_put_search(search, &inquiry->search);
    reader->exchange->asked = inquiry;
    return RECALL_ASKED;
}

/* ---- on entering ---- */

bool recall_is_short(const struct reader *reader, uint32_t room, uint32_t n)
{
    const struct hub *hub = reader_hub(reader);
    const struct chain *chain = &hub_room(hub, room)->chain;
    struct history_query shown = { .asker = reader->row, .owner = room, .kinds = HISTORY_SAID };
    uint32_t n_found;

    if (n == 0 || !reader->exchange->archive.is_there ||
        (chain->first == 0 && !recall_room_has_past(reader, room))) {
        return false;
    }
    (void)history_cursor(hub, &shown, chain->end, n, &n_found);
    return n_found < n;
}

bool recall_before_entering(const struct reader *reader, uint32_t membership, uint64_t shown,
                            struct history_query *out_query, struct history_walk *out_walk)
{
    const struct hub *hub = reader_hub(reader);
    const struct membership *its = hub_membership(hub, membership);
    const struct chain *chain = &hub_room(hub, its->room)->chain;
    struct cursor cursor = log_seek(hub->state, its->room, chain, its->joined);
    uint64_t pos, number;

    if (log_due(hub->state, its->room, chain, &cursor, &pos) != DUE_RECORD ||
        cursor.due != its->joined) {
        return false;
    }
    number = log_record(hub->state, pos)->number;
    *out_query = (struct history_query){ .asker = reader->row,
                                         .owner = its->room,
                                         .window = HISTORY_BEFORE,
                                         .from = { .kind = POINT_NUMBER, .at = number },
                                         .limit = rooms_history_on_join(
                                             hub, text_of(hub_room(hub, its->room)->name)),
                                         .kinds = HISTORY_SAID };
    *out_walk =
        (struct history_walk){ .phase = HISTORY_ARCHIVED, .shown = shown, .newest = number - 1 };
    return true;
}

/* The log has all that was said in the room since it began, and that is all. */
void recall_note(struct reader *reader, uint32_t room)
{
    const struct hub *hub = reader_hub(reader);
    const struct chain *chain = &hub_room(hub, room)->chain;
    const struct record *oldest = inquiry_first(reader->answer);

    if (reader->answer->state == INQUIRY_ANSWERED && chain->first == 0 && chain->end > 0 &&
        (oldest == NULL || oldest->number >= log_record(hub->state, chain->first_pos)->number)) {
        reader->exchange->archive.no_past[room] = hub_room(hub, room)->id;
    }
}
