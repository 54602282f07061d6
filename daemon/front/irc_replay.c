/* SPDX-License-Identifier: MIT */
/* What was, as it was: records in a batch, and the messages that somebody is shown on entering a
 * room who cannot ask for them. These come behind the JOIN, the topic and the names, as other
 * servers and bouncers have it, and only to who can tell them from new ones by their times.
 * Sources: ircv3.net/specs/extensions/chathistory, ircv3.net/specs/batches/chathistory. */
#include "front/irc.h"

#include "chat/members.h"
#include "chat/rooms.h"
#include "front/recall.h"

enum {
    IRC_PAST_RESERVE = 256, /* bytes: the end of the batch, or its beginning */
    IRC_REF_SIZE = 24,      /* of the name of a batch */
};

/* In wire_answer.until of IRC_ANSWER_REPLAY, above room.id: the batch is open; the archive is read,
 * and `at` is the number of the last record shown. */
#define IRC_REPLAY_BEGUN    (UINT64_C(1) << 32)
#define IRC_REPLAY_ARCHIVED (UINT64_C(1) << 33)

/* ---- batches ---- */

static bool irc_has_batches(const struct reader *reader)
{
    return (reader_person(reader)->caps & IRC_CAP_BATCH) != 0;
}

void irc_open_replay(struct reader *reader, const char *ref, const char *type_and_target)
{
    if (irc_has_batches(reader)) {
        irc_line(reader, "BATCH +%s %s", ref, type_and_target);
    }
}

void irc_close_replay(struct reader *reader, const char *ref)
{
    if (irc_has_batches(reader)) {
        irc_line(reader, "BATCH -%s", ref);
    }
}

static size_t irc_tagged_size(struct text lines, struct text tag)
{
    size_t size = lines.len;

    while (lines.len > 0) {
        (void)text_cut(&lines, '\n');
        size += tag.len + sizeof("@ ");
    }
    return size;
}

bool irc_put_replayed(struct reader *reader, const char *ref, const struct record *record,
                      uint32_t membership)
{
    char space[RENDERING_MAX], tag_space[IRC_REF_SIZE + sizeof("batch=")];
    struct buf lines = buf_over(space, sizeof(space));
    struct buf tag = buf_over(tag_space, sizeof(tag_space));
    struct buf *out = output_private(reader);

    irc_render(reader->exchange, record, irc_flavour_of_past(reader, record, membership), &lines);
    buf_format(&tag, "batch=%s", ref);
    if (buf_space(out) < irc_tagged_size(buf_text(&lines), buf_text(&tag)) + IRC_PAST_RESERVE) {
        return false;
    }
    if (irc_has_batches(reader)) {
        irc_tag_lines(out, buf_text(&lines), buf_text(&tag));
    } else {
        buf_text_put(out, buf_text(&lines));
    }
    return true;
}

/* ---- on entering ---- */

/* A replay while a part of it is written. */
struct irc_replay {
    uint32_t membership;
    struct cursor cursor;
    uint64_t shown;   /* in the archive */
    bool is_archived; /* it is read, not the log */
    bool is_begun;    /* the batch is open */
    char ref[IRC_REF_SIZE];
};

/* Not one who asks by itself, nor a bot, who would take it for new. */
static bool irc_wants_replay(const struct reader *reader)
{
    const struct person *person = reader_person(reader);

    return (person->caps & IRC_CAP_SERVER_TIME) && !(person->flags & PERSON_BOT) &&
           !(person->caps & (IRC_CAP_CHATHISTORY | IRC_CAP_EVENT_PLAYBACK));
}

/* False: the page is full. */
static bool irc_show_past(struct reader *reader, const struct wire_answer *answer,
                          struct irc_replay *replay, const struct record *record)
{
    char space[ROOM_NAME_SIZE + sizeof("chathistory ")];
    struct buf what = buf_over(space, sizeof(space));

    if (!replay->is_begun) {
        buf_format(&what, "chathistory %s%c", hub_room(reader_hub(reader), answer->row)->name,
                   '\0');
        irc_open_replay(reader, replay->ref, space);
        replay->is_begun = true;
    }
    return irc_put_replayed(reader, replay->ref, record, replay->membership);
}

/* Up to where the reader's own JOIN stands. False: the page is full. */
static bool irc_replay(struct reader *reader, const struct wire_answer *answer,
                       struct irc_replay *replay)
{
    const struct hub *hub = reader_hub(reader);
    const struct chain *chain = &hub_room(hub, answer->row)->chain;
    struct history_query query = { .asker = reader->row,
                                   .owner = answer->row,
                                   .kinds = HISTORY_SAID };
    uint64_t end = hub_membership(hub, replay->membership)->joined, pos;

    while (replay->cursor.due < end &&
           log_due(hub->state, answer->row, chain, &replay->cursor, &pos) == DUE_RECORD) {
        const struct record *record = log_record(hub->state, pos);

        if (history_shows(hub, &query, record) &&
            (buf_space(&reader->output) < 2 * (size_t)IRC_PAST_RESERVE ||
             !irc_show_past(reader, answer, replay, record))) {
            return false;
        }
        replay->cursor = cursor_after(&replay->cursor, pos);
    }
    return true;
}

static uint32_t irc_replay_length(const struct hub *hub, uint32_t room)
{
    return rooms_history_on_join(hub, text_of(hub_room(hub, room)->name));
}

static struct cursor irc_replay_cursor(const struct reader *reader,
                                       const struct wire_answer *answer, uint32_t m)
{
    const struct hub *hub = reader_hub(reader);
    struct history_query shown = { .asker = reader->row,
                                   .owner = answer->row,
                                   .kinds = HISTORY_SAID };

    return answer->at == 0 && !(answer->until & IRC_REPLAY_BEGUN)
               ? history_cursor(hub, &shown, hub_membership(hub, m)->joined,
                                irc_replay_length(hub, answer->row), NULL)
               : log_seek(hub->state, answer->row, &hub_room(hub, answer->row)->chain, answer->at);
}

/* The same out of the archive. RECALL_ASKED; HISTORY_OLDER: it cannot be read, and nothing was
 * written; HISTORY_PAUSED: the page is full; HISTORY_END. */
static int irc_replay_archived(struct reader *reader, const struct wire_answer *answer,
                               struct irc_replay *replay)
{
    struct history_query query;
    struct history_walk walk;
    const struct record *record;
    bool fits = true;
    int r;

    if (!recall_before_entering(reader, replay->membership, replay->shown, &query, &walk)) {
        return HISTORY_END;
    }
    r = recall_find(reader, &query, &walk);
    if (r != HISTORY_FOUND) {
        return r;
    }
    recall_note(reader, answer->row);
    while (fits && (r = recall_next(reader, &query, &walk, &record)) == HISTORY_RECORD) {
        fits = irc_show_past(reader, answer, replay, record);
        replay->shown = fits ? walk.shown : replay->shown;
    }
    return fits ? r : HISTORY_PAUSED;
}

static void irc_end_replay(struct reader *reader, const struct irc_replay *replay)
{
    if (replay->is_begun) {
        irc_close_replay(reader, replay->ref);
    }
    output_set_answer(reader, 0, 0, 0, 0);
}

/* Out of the log; false: the page is full. */
static bool irc_replay_kept(struct reader *reader, const struct wire_answer *answer,
                            struct irc_replay *replay)
{
    replay->cursor = irc_replay_cursor(reader, answer, replay->membership);
    return irc_replay(reader, answer, replay);
}

static void irc_pause_replay(struct reader *reader, const struct wire_answer *answer,
                             const struct irc_replay *replay)
{
    uint64_t until = (uint32_t)answer->until | (replay->is_begun ? IRC_REPLAY_BEGUN : 0) |
                     (replay->is_archived ? IRC_REPLAY_ARCHIVED : 0);

    output_set_answer(reader, IRC_ANSWER_REPLAY, answer->row,
                      replay->is_archived ? replay->shown : replay->cursor.due, until);
}

static void irc_replay_from(struct reader *reader, const struct wire_answer *answer,
                            struct irc_replay *replay)
{
    int r = replay->is_archived ? irc_replay_archived(reader, answer, replay) : HISTORY_OLDER;

    if (r == RECALL_ASKED) {
        return;
    }
    if (r == HISTORY_OLDER && replay->is_archived && replay->is_begun) {
        r = HISTORY_END;
    } else if (r == HISTORY_OLDER) { /* what the log has is better than nothing */
        replay->is_archived = false;
        r = irc_replay_kept(reader, answer, replay) ? HISTORY_END : HISTORY_PAUSED;
    }
    if (r == HISTORY_PAUSED) {
        irc_pause_replay(reader, answer, replay);
    } else {
        irc_end_replay(reader, replay);
    }
}

void irc_answer_replay(struct reader *reader, const struct wire_answer *answer)
{
    const struct hub *hub = reader_hub(reader);
    struct irc_replay replay = { .is_begun = (answer->until & IRC_REPLAY_BEGUN) != 0,
                                 .is_archived = (answer->until & IRC_REPLAY_ARCHIVED) != 0,
                                 .shown = answer->at };
    struct buf ref = buf_over(replay.ref, sizeof(replay.ref));

    buf_format(&ref, "j%x%c", (uint32_t)answer->until, '\0');
    if (rooms_exists(hub, answer->row, (uint32_t)answer->until) && irc_wants_replay(reader)) {
        replay.membership = members_find(hub, reader->row, answer->row);
    }
    if (replay.membership != 0) { /* and was not thrown out meanwhile */
        irc_replay_from(reader, answer, &replay);
    } else {
        irc_end_replay(reader, &replay);
    }
}

/* The archive is asked behind the names, not among them. */
void irc_begin_replay(struct reader *reader, const struct wire_answer *answer)
{
    struct wire_answer replay = { .row = answer->row, .until = (uint32_t)answer->until };

    if (irc_wants_replay(reader) &&
        recall_is_short(reader, answer->row, irc_replay_length(reader_hub(reader), answer->row))) {
        output_set_answer(reader, IRC_ANSWER_REPLAY, answer->row, 0,
                          replay.until | IRC_REPLAY_ARCHIVED);
    } else {
        irc_answer_replay(reader, &replay);
    }
}
