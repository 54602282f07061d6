/* SPDX-License-Identifier: MIT */
/* CHATHISTORY: a window of what was said in a room or between two people, or where something was
 * said lately. The line is worked through in steps, and stays until the last of them; a walk
 * through the log (chat/history.h) goes on from where the step before it left it. Source:
 * ircv3.net/specs/extensions/chathistory. */
#include "front/irc.h"

#include "chat/members.h"
#include "chat/names.h"
#include "chat/rooms.h"
#include "front/recall.h"
#include "lib/timestamp.h"
#include "lib/utf8.h"

enum { IRC_REF_SIZE = 16 };

/* A line as it is understood. */
struct irc_asked {
    const struct irc_message *message;
    struct text verb;               /* for answers: a word */
    struct text target;             /* none with TARGETS */
    struct history_point points[2]; /* from, to */
    uint32_t limit;
    char ref[IRC_REF_SIZE]; /* of the batch */
};

struct irc_history_verb {
    struct text name;
    enum history_window window;
    int n_points;
};

static const struct irc_history_verb IRC_HISTORY_VERBS[] = {
    { TEXT("LATEST"), HISTORY_LATEST, 1 },   { TEXT("BEFORE"), HISTORY_BEFORE, 1 },
    { TEXT("AFTER"), HISTORY_AFTER, 1 },     { TEXT("AROUND"), HISTORY_AROUND, 1 },
    { TEXT("BETWEEN"), HISTORY_BETWEEN, 2 },
};

/* ---- refusals ---- */

struct text irc_quoted(struct text t)
{
    struct text word = text_cut_word(&t);

    return word.len == 0 || word.at[0] == ':'
               ? TEXT("*")
               : (struct text){ word.at, utf8_fit(word, ROOM_NAME_SIZE) };
}

static int irc_fail(struct reader *reader, const char *code, struct text verb, struct text what,
                    const char *words)
{
    verb = irc_quoted(verb);
    if (what.len > 0) {
        what = irc_quoted(what);
        irc_line(reader, "FAIL CHATHISTORY %s %.*s %.*s :%s", code, TEXT_ARG(verb), TEXT_ARG(what),
                 words);
    } else {
        irc_line(reader, "FAIL CHATHISTORY %s %.*s :%s", code, TEXT_ARG(verb), words);
    }
    return FRONT_DONE;
}

/* ---- understanding the line ---- */

/* "123", or "123-2": a piece of a long message (irc_render.c). */
static bool irc_read_msgid(struct text t, struct history_point *out)
{
    struct text number = text_cut(&t, '-');
    uint64_t piece;

    if (t.len > 0 && !text_number(t, UINT32_MAX, &piece)) {
        return false;
    }
    out->kind = POINT_NUMBER;
    return text_number(number, UINT64_MAX - 1, &out->at);
}

/* NULL: it is one; else the code of what is wrong. */
static const char *irc_read_point(struct text t, bool may_be_open, struct history_point *out)
{
    static const struct text msgid = TEXT("msgid="), timestamp = TEXT("timestamp=");
    bool is_read;

    *out = (struct history_point){ .kind = POINT_NONE };
    if (may_be_open && text_equal(t, TEXT("*"))) {
        return NULL;
    }
    if (text_cut_prefix(&t, msgid)) {
        is_read = irc_read_msgid(t, out);
    } else if (text_cut_prefix(&t, timestamp)) {
        out->kind = POINT_TIME;
        is_read = timestamp_read(t, &out->at);
    } else {
        return text_find(t, '=') < t.len ? "INVALID_MSGREFTYPE" : "INVALID_PARAMS";
    }
    return is_read ? NULL : "INVALID_PARAMS";
}

/* The points and the limit, from parameter `at` on. False: it was refused. */
static bool irc_read_asked(struct reader *reader, int at, int n_points, bool may_be_open,
                           struct irc_asked *asked)
{
    const struct irc_message *message = asked->message;
    uint64_t limit;

    if (message->n_params != at + n_points + 1) {
        (void)irc_fail(reader, "INVALID_PARAMS", asked->verb, TEXT_NONE,
                       message->n_params < at + n_points + 1 ? "Insufficient parameters"
                                                             : "Too many parameters");
        return false;
    }
    for (int i = 0; i < n_points; i++) {
        const char *code = irc_read_point(message->params[at + i], may_be_open, &asked->points[i]);

        if (code != NULL) {
            (void)irc_fail(reader, code, asked->verb, message->params[at + i],
                           "It is neither a timestamp nor a msgid");
            return false;
        }
    }
    if (!text_number(message->params[at + n_points], UINT32_MAX, &limit) || limit == 0) {
        (void)irc_fail(reader, "INVALID_PARAMS", asked->verb, message->params[at + n_points],
                       "Invalid limit");
        return false;
    }
    asked->limit = (uint32_t)u64_min(limit, IRC_HISTORY_MAX);
    return true;
}

/* The name of the batch; the same in all steps of the line. */
static void irc_name_batch(const struct reader *reader, struct irc_asked *asked)
{
    struct buf ref = buf_over(asked->ref, sizeof(asked->ref));

    buf_format(&ref, "h%x%c", (uint32_t)reader_wire(reader)->in.consumed & 0xfffff, '\0');
}

/* ---- windows ---- */

static uint32_t irc_history_kinds(const struct reader *reader)
{
    uint32_t caps = reader_person(reader)->caps;

    if (!(caps & IRC_CAP_EVENT_PLAYBACK)) {
        return HISTORY_SAID;
    }
    return caps & IRC_CAP_MESSAGE_TAGS ? (uint32_t)HISTORY_EVENTS
                                       : (uint32_t)HISTORY_EVENTS & ~(1U << RECORD_TAGGED);
}

/* Whose history it is; 0: nothing that the reader may ask for. */
static uint32_t irc_history_owner(const struct reader *reader, struct text target)
{
    const struct hub *hub = reader_hub(reader);
    uint32_t room;

    if (target.len > 0 && target.at[0] == '#') {
        room = rooms_find_known(hub, reader->row, target);
        return room != 0 && members_find(hub, reader->row, room) != 0 ? room : 0;
    }
    return name_is_nick(target) ? reader->row | LINK_BOX : 0;
}

static int irc_show_window(struct reader *reader, const struct irc_asked *asked,
                           const struct history_query *query, struct history_walk *walk)
{
    uint32_t m =
        query->owner & LINK_BOX ? 0 : members_find(reader_hub(reader), reader->row, query->owner);
    struct history_walk before;
    const struct record *record;
    int r;

    do {
        before = *walk;
        r = recall_next(reader, query, walk, &record);
        if (r == HISTORY_PAUSED) {
            return recall_pause(reader, IRC_ANSWER_PAUSE, query, walk);
        }
        if (r == HISTORY_RECORD && !irc_put_replayed(reader, asked->ref, record, m)) {
            return recall_pause(reader, IRC_ANSWER_PAUSE, query, &before);
        }
    } while (r == HISTORY_RECORD);
    irc_close_replay(reader, asked->ref);
    return FRONT_DONE;
}

static void irc_open_window(struct reader *reader, const struct irc_asked *asked)
{
    char space[ROOM_NAME_SIZE + sizeof("chathistory ")];
    struct buf what = buf_over(space, sizeof(space));

    buf_format(&what, "chathistory %.*s%c", TEXT_ARG(asked->target), '\0');
    irc_open_replay(reader, asked->ref, space);
}

/* The archive fails in the middle of the window. */
static int irc_break_off(struct reader *reader, const struct irc_asked *asked)
{
    irc_close_replay(reader, asked->ref);
    return irc_fail(reader, "MESSAGE_ERROR", asked->verb, asked->target,
                    "The rest could not be retrieved");
}

static int irc_run_window(struct reader *reader, const struct irc_asked *asked,
                          enum history_window window)
{
    struct history_query query = { .asker = reader->row,
                                   .owner = irc_history_owner(reader, asked->target),
                                   .with = asked->target,
                                   .window = window,
                                   .from = asked->points[0],
                                   .to = asked->points[1],
                                   .limit = asked->limit,
                                   .kinds = irc_history_kinds(reader) };
    struct history_walk walk = recall_walk(reader, &query);
    bool is_open = walk.phase >= HISTORY_SHOW;
    int r = query.owner == 0 ? HISTORY_END : recall_find(reader, &query, &walk);

    if (query.owner == 0 && is_open) { /* thrown out between two steps */
        irc_close_replay(reader, asked->ref);
        return FRONT_DONE;
    }
    if (query.owner == 0) {
        return irc_fail(reader, "INVALID_TARGET", asked->verb, asked->target,
                        "Messages could not be retrieved");
    }
    if (r == HISTORY_PAUSED || r == RECALL_ASKED) {
        return r == RECALL_ASKED ? FRONT_ASKS
                                 : recall_pause(reader, IRC_ANSWER_PAUSE, &query, &walk);
    }
    if (r == HISTORY_OLDER && is_open) {
        return irc_break_off(reader, asked);
    }
    if (!is_open) {
        irc_open_window(reader, asked);
    }
    return irc_show_window(reader, asked, &query, &walk);
}

/* ---- TARGETS ---- */

static void irc_put_target(struct reader *reader, const struct irc_asked *asked,
                           const struct history_target *target)
{
    bool has_batches = (reader_person(reader)->caps & IRC_CAP_BATCH) != 0;
    struct buf *out = output_private(reader);

    if (has_batches) {
        buf_format(out, "@batch=%s ", asked->ref);
    }
    buf_format(out, ":%s CHATHISTORY TARGETS %.*s ", reader->exchange->server_name,
               TEXT_ARG(target->name));
    timestamp_put(target->ms, out);
    buf_text_put(out, TEXT("\r\n"));
}

/* walk.at: number of the last one that was told; walk.n: how many were. What is latest is looked up
 * anew in each step. */
static int irc_run_targets(struct reader *reader, const struct irc_asked *asked)
{
    bool is_back =
        asked->points[0].kind == asked->points[1].kind && asked->points[0].at > asked->points[1].at;
    struct irc_walk walk = irc_walk_begin(reader);
    struct history_targets targets;

    if (recall_targets(reader, &asked->points[is_back], &asked->points[!is_back], &targets) ==
        RECALL_ASKED) {
        return FRONT_ASKS;
    }
    if (reader_wire(reader)->in.step == 0) {
        irc_open_replay(reader, asked->ref, "draft/chathistory-targets");
    }
    for (uint32_t i = 0; i < targets.n && walk.n < asked->limit; i++) {
        const struct history_target *target = &targets.items[is_back ? targets.n - 1 - i : i];

        if (walk.n > 0 && (is_back ? target->number >= walk.at : target->number <= walk.at)) {
            continue;
        }
        if (!irc_walk_has_room(reader, &walk)) {
            return irc_walk_pause(reader, &walk);
        }
        irc_put_target(reader, asked, target);
        walk.at = target->number;
        walk.n++;
    }
    irc_close_replay(reader, asked->ref);
    return FRONT_DONE;
}

/* ---- the command ---- */

int irc_run_chathistory(struct reader *reader, const struct irc_message *message,
                        struct buf *reason)
{
    struct irc_asked asked = { .message = message,
                               .verb = message->n_params > 0 ? message->params[0] : TEXT_NONE };

    (void)reason;
    irc_name_batch(reader, &asked);
    if (asked.verb.len == 0) {
        return irc_fail(reader, "INVALID_PARAMS", TEXT_NONE, TEXT_NONE, "Insufficient parameters");
    }
    if (text_equal_nocase(asked.verb, TEXT("TARGETS"))) {
        return irc_read_asked(reader, 1, 2, false, &asked) ? irc_run_targets(reader, &asked)
                                                           : FRONT_DONE;
    }
    for (size_t i = 0; i < ARRAY_SIZE(IRC_HISTORY_VERBS); i++) {
        const struct irc_history_verb *verb = &IRC_HISTORY_VERBS[i];

        if (text_equal_nocase(asked.verb, verb->name)) {
            asked.target = message->n_params > 1 ? message->params[1] : TEXT_NONE;
            return irc_read_asked(reader, 2, verb->n_points, verb->window == HISTORY_LATEST, &asked)
                       ? irc_run_window(reader, &asked, verb->window)
                       : FRONT_DONE;
        }
    }
    return irc_fail(reader, "INVALID_PARAMS", asked.verb, TEXT_NONE, "Unknown command");
}
