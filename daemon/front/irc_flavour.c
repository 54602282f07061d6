/* SPDX-License-Identifier: MIT */
/* Who sees what, and which differences between readers make a difference to a record: all else is
 * masked away, so that a record is rendered once for everybody who is shown the same bytes. */
#include "front/irc.h"

#include "chat/members.h"
#include "chat/talk.h"

enum { IRC_TWICE_MAX = 600 }; /* bytes of text and tags: two pieces, twice */

struct irc_cap_flavour {
    uint32_t cap, flavour;
};

static const struct irc_cap_flavour IRC_CAP_FLAVOURS[] = {
    { IRC_CAP_SERVER_TIME, IRC_TIMED },      { IRC_CAP_MESSAGE_TAGS, IRC_TAGGED },
    { IRC_CAP_AWAY_NOTIFY, IRC_AWAY },       { IRC_CAP_EXTENDED_JOIN, IRC_WHOLE_JOIN },
    { IRC_CAP_ACCOUNT_TAG, IRC_BY_ACCOUNT }, { IRC_CAP_CHGHOST, IRC_HOSTS },
    { IRC_CAP_SETNAME, IRC_REALNAMES },      { IRC_CAP_ACCOUNT_NOTIFY, IRC_ACCOUNTS },
    { IRC_CAP_INVITE_NOTIFY, IRC_INVITES },
};

uint32_t irc_view_of(const struct reader *reader, uint32_t membership)
{
    uint32_t caps = reader_person(reader)->caps;
    uint32_t rank = membership == 0 ? 0 : hub_membership(reader_hub(reader), membership)->flags;
    uint32_t view = IRC_BASE;

    for (size_t i = 0; i < ARRAY_SIZE(IRC_CAP_FLAVOURS); i++) {
        view |= caps & IRC_CAP_FLAVOURS[i].cap ? IRC_CAP_FLAVOURS[i].flavour : 0;
    }
    view |= rank != 0 ? (uint32_t)IRC_VOICED : 0;
    return view | (rank & MEMBER_OPERATOR ? (uint32_t)IRC_RUNS_ROOM : 0);
}

/* What of a view this record is rendered by. */
static uint32_t irc_relevant_to(const struct record *record)
{
    uint32_t relevant = (uint32_t)IRC_BASE | IRC_TIMED | IRC_TAGGED;

    if (record_extra(record, RECORD_BY_ACCOUNT).len > 0) {
        relevant |= IRC_BY_ACCOUNT;
    }
    return record->kind == RECORD_JOINED ? relevant | IRC_WHOLE_JOIN : relevant;
}

/* The part of a view without which a record of this kind is not shown; 0: everybody sees it. */
static uint32_t irc_needed_for(const struct record *record, struct place place)
{
    struct text where = record_field(record, RECORD_WHERE);

    switch ((enum record_kind)record->kind) {
    case RECORD_AWAY: return IRC_AWAY;
    case RECORD_REALNAME: return IRC_REALNAMES;
    case RECORD_HOST: return IRC_HOSTS;
    case RECORD_ACCOUNT: return IRC_ACCOUNTS;
    case RECORD_INVITED: return place.membership != 0 ? IRC_INVITES : 0;
    case RECORD_TAGGED:
    case RECORD_SAID:
    case RECORD_ACTION:
    case RECORD_NOTICE:
        return (record->kind == RECORD_TAGGED ? (uint32_t)IRC_TAGGED : 0) |
               (text_starts_with(where, TEXT("@")) ? (uint32_t)IRC_RUNS_ROOM : 0) |
               (text_starts_with(where, TEXT("+")) ? (uint32_t)IRC_VOICED : 0);
    case RECORD_JOINED:
    case RECORD_LEFT:
    case RECORD_QUIT:
    case RECORD_RENAMED:
    case RECORD_TOPIC:
    case RECORD_KICKED:
    case RECORD_MODES:
    case RECORD_WALLOPS: return 0;
    }
    return 0;
}

static bool irc_is_talk(const struct record *record)
{
    return talk_is_message(record) || record->kind == RECORD_TAGGED;
}

/* By the names of then. */
static bool irc_is_to_author(const struct record *record)
{
    return text_equal(record_field(record, RECORD_WHERE), record_field(record, RECORD_WHO));
}

/* One's own doings that the server answers in another way, or not at all. */
static bool irc_is_own_hidden(const struct reader *reader, const struct record *record)
{
    if (record->kind == RECORD_AWAY || record->kind == RECORD_QUIT ||
        record->kind == RECORD_INVITED) {
        return true;
    }
    /* A message to oneself arrives; any other of one's own only with echo-message. */
    return irc_is_talk(record) && !(reader_person(reader)->caps & IRC_CAP_ECHO_MESSAGE) &&
           !irc_is_to_author(record);
}

/* With echo-message, what one says to oneself is shown as the echo and as what arrives: once only
 * if both, in all their pieces, would be too long for TALK_ROOM. */
static bool irc_is_twice(const struct reader *reader, const struct record *record)
{
    return irc_is_talk(record) && irc_is_to_author(record) &&
           (reader_person(reader)->caps & IRC_CAP_ECHO_MESSAGE) &&
           record_extra(record, RECORD_TAGS).len + record->len[RECORD_TEXT] <= IRC_TWICE_MAX;
}

uint32_t irc_flavour_of(const struct reader *reader, const struct record *record,
                        struct place place)
{
    bool is_own = record->author_id == reader_wire(reader)->id;
    uint32_t view = irc_view_of(reader, place.membership);
    uint32_t needed = irc_needed_for(record, place);

    if (is_own) {
        needed &= ~(uint32_t)(IRC_RUNS_ROOM | IRC_VOICED); /* one may read what one said */
    }
    if ((view & needed) != needed || (is_own && irc_is_own_hidden(reader, record))) {
        return FLAVOUR_HIDDEN;
    }
    view &= irc_relevant_to(record);
    return is_own && irc_is_twice(reader, record) ? view | (uint32_t)IRC_TWICE : view;
}

uint32_t irc_flavour_of_past(const struct reader *reader, const struct record *record,
                             uint32_t membership)
{
    return irc_view_of(reader, membership) & irc_relevant_to(record);
}
