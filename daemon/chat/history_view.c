/* SPDX-License-Identifier: MIT */
/* What of the past is shown to whom, and where a record stands to a point. */
#include "chat/history.h"

#include "chat/members.h"
#include "chat/talk.h"

/* ---- who may see what ---- */

bool history_may_ask(const struct hub *hub, const struct history_query *query)
{
    if (query->owner & LINK_BOX) {
        return (query->owner & ~LINK_BOX) == query->asker;
    }
    return members_find(hub, query->asker, query->owner) != 0;
}

/* What is said to operators is for them, what is said to those with voice for them and for
 * operators, and for whoever said it. */
static bool history_has_rank(const struct hub *hub, const struct history_query *query,
                             const struct record *record)
{
    struct text where = record_field(record, RECORD_WHERE);
    uint32_t rank;

    if (where.len == 0 || (where.at[0] != '@' && where.at[0] != '+') ||
        record->author_id == hub->state->wires[query->asker].id) {
        return true;
    }
    rank = members_rank(hub, query->asker, query->owner);
    return where.at[0] == '@' ? (rank & MEMBER_OPERATOR) != 0 : rank != 0;
}

struct text history_other_end(const struct hub *hub, uint32_t asker, const struct record *record)
{
    struct text where = record_field(record, RECORD_WHERE);

    if ((!talk_is_message(record) && record->kind != RECORD_TAGGED) ||
        text_find(where, '#') < where.len) {
        return TEXT_NONE; /* or said in a room from outside */
    }
    return record->author_id == hub->state->wires[asker].id ? where
                                                            : record_field(record, RECORD_WHO);
}

static bool history_is_typing(const struct record *record)
{
    struct text tags = record_extra(record, RECORD_TAGS);

    return record->kind == RECORD_TAGGED && text_find(tags, ';') == tags.len &&
           (text_starts_with(tags, TEXT("+typing")) ||
            text_starts_with(tags, TEXT("+draft/typing")));
}

bool history_is_talk(const struct record *record)
{
    struct text text = record_field(record, RECORD_TEXT);

    if (record->kind == RECORD_TAGGED) {
        return !history_is_typing(record);
    }
    return talk_is_message(record) &&
           (record->kind == RECORD_ACTION || !text_starts_with(text, TEXT("\x01")));
}

bool history_shows(const struct hub *hub, const struct history_query *query,
                   const struct record *record)
{
    bool is_change = !(HISTORY_TALK >> record->kind & 1);

    if (!(query->kinds >> record->kind & 1) || (!is_change && !history_is_talk(record))) {
        return false;
    }
    if (query->owner & LINK_BOX) {
        return !is_change &&
               text_equal_nocase(history_other_end(hub, query->asker, record), query->with);
    }
    return history_has_rank(hub, query, record);
}

/* ---- points ---- */

bool history_is_before(const struct record *record, const struct history_point *point)
{
    switch (point->kind) {
    case POINT_NONE: break;
    case POINT_NUMBER: return record->number < point->at;
    case POINT_TIME: return record->real_ms < point->at;
    }
    return true;
}

bool history_is_after(const struct record *record, const struct history_point *point)
{
    switch (point->kind) {
    case POINT_NONE: break;
    case POINT_NUMBER: return record->number > point->at;
    case POINT_TIME: return record->real_ms > point->at;
    }
    return true;
}
