/* SPDX-License-Identifier: MIT */
/* Who of the line front end is shown what, and all that the words depend on besides the record. */
#include "front/line.h"

#include "chat/talk.h"

enum { CTCP_MARK = 0x01 };

static bool line_is_coming_or_going(const struct record *record)
{
    return record->kind == RECORD_JOINED || record->kind == RECORD_LEFT ||
           record->kind == RECORD_QUIT || record->kind == RECORD_AWAY;
}

/* What programs say to each other is not for people to read. */
static bool line_is_ctcp(const struct record *record)
{
    struct text text = record_field(record, RECORD_TEXT);

    return record->kind != RECORD_ACTION && text.len > 0 && text.at[0] == CTCP_MARK;
}

/* What only programs have a use for. */
static bool line_is_for_programs(const struct record *record)
{
    return record->kind == RECORD_REALNAME || record->kind == RECORD_HOST ||
           record->kind == RECORD_ACCOUNT || record->kind == RECORD_TAGGED ||
           (talk_is_message(record) && line_is_ctcp(record));
}

uint32_t line_view_of(const struct reader *reader, uint32_t membership)
{
    uint32_t rank = hub_membership(reader_hub(reader), membership)->flags;
    uint32_t view = LINE_BASE;

    if (membership != reader_person(reader)->current) {
        view |= LINE_OTHER_ROOM;
    }
    view |= rank != 0 ? (uint32_t)LINE_VOICED : 0;
    return view | (rank & MEMBER_OPERATOR ? (uint32_t)LINE_RUNS_ROOM : 0);
}

/* What is said to operators is for them, what is said to those with voice for them and for
 * operators, and for whoever said it. */
static bool line_is_meant_for(const struct reader *reader, const struct record *record,
                              uint32_t membership)
{
    struct text where = record_field(record, RECORD_WHERE);
    uint32_t view = line_view_of(reader, membership);

    if (record->author_id == reader_wire(reader)->id) {
        return true;
    }
    return !(text_starts_with(where, TEXT("@")) && !(view & LINE_RUNS_ROOM)) &&
           !(text_starts_with(where, TEXT("+")) && !(view & LINE_VOICED));
}

static bool line_is_shown(const struct reader *reader, const struct record *record,
                          struct place place)
{
    const struct hub *hub = reader_hub(reader);
    const struct membership *membership = hub_membership(hub, place.membership);
    bool is_own = record->author_id == reader_wire(reader)->id;

    if (!line_is_meant_for(reader, record, place.membership)) {
        return false;
    }
    if (place.ordinal < membership->joined) {
        return talk_is_message(record);
    }
    if (is_own) {
        return !talk_is_message(record) && record->kind != RECORD_QUIT; /* lines are not echoed */
    }
    return !line_is_coming_or_going(record) ||
           hub_room(hub, membership->room)->n_members <= LINE_QUIET_ABOVE;
}

/* Where the lines go of who was thrown out: its words say so. */
static uint32_t line_kicked_flavour(const struct reader *reader, struct place place)
{
    const struct hub *hub = reader_hub(reader);
    uint32_t current = reader_person(reader)->current;

    if (hub_membership(hub, place.membership)->until != place.ordinal + 1) {
        return 0; /* it was not this membership that ended */
    }
    return LINE_TARGET |
           (current == 0 ? 0 : hub_membership(hub, current)->room << LINE_DETAIL_SHIFT);
}

/* What is special in this record for this reader. */
static uint32_t line_detail(const struct reader *reader, const struct record *record,
                            struct place place)
{
    uint32_t view = line_view_of(reader, place.membership);

    switch ((enum record_kind)record->kind) {
    case RECORD_SAID:
    case RECORD_ACTION:
    case RECORD_NOTICE: return view & LINE_OTHER_ROOM;
    case RECORD_JOINED:
        return record->author_id == reader_wire(reader)->id ? view & LINE_RUNS_ROOM : 0;
    case RECORD_KICKED: return line_kicked_flavour(reader, place);
    case RECORD_MODES:
        return line_changes_about(record_field(record, RECORD_TEXT),
                                  text_of(reader_person(reader)->nick))
               << LINE_DETAIL_SHIFT;
    case RECORD_LEFT:
    case RECORD_QUIT:
    case RECORD_RENAMED:
    case RECORD_TOPIC:
    case RECORD_AWAY:
    case RECORD_INVITED:
    case RECORD_REALNAME:
    case RECORD_HOST:
    case RECORD_ACCOUNT:
    case RECORD_TAGGED:
    case RECORD_WALLOPS: return 0;
    }
    return 0;
}

uint32_t line_flavour_of(const struct reader *reader, const struct record *record,
                         struct place place)
{
    uint32_t flavour = LINE_BASE;

    if (line_is_for_programs(record)) {
        return FLAVOUR_HIDDEN;
    }
    if (record->author_id == reader_wire(reader)->id) {
        flavour |= LINE_OWN;
    }
    if (place.membership == 0) { /* an invitation in one's own box is for oneself */
        return record->kind == RECORD_INVITED ? flavour | LINE_TARGET : flavour;
    }
    if (!line_is_shown(reader, record, place)) {
        return FLAVOUR_HIDDEN;
    }
    if (place.ordinal < hub_membership(reader_hub(reader), place.membership)->joined) {
        flavour |= LINE_EARLIER;
    }
    return flavour | line_detail(reader, record, place);
}
