/* SPDX-License-Identifier: MIT */
/* /history: what was said in a room, the newest messages of it or all since a time; and the word
 * that somebody missed something, which names the command that shows it. The command is worked
 * through in steps, a page each; a walk through the log goes on from where the step before it left
 * it. */
#include "front/line.h"

#include "chat/members.h"
#include "chat/rooms.h"
#include "front/recall.h"
#include "lib/timestamp.h"

enum { LINE_PAST_ROOM = RENDERING_MAX + 256, LINE_STEPS_MAX = UINT16_MAX - 1 };

/* A number, "since TIME" or "all". False: it is none of these. */
static bool line_read_history(const struct reader *reader, struct text args,
                              struct history_query *query)
{
    struct text word = text_cut_word(&args);
    uint64_t n = LINE_HISTORY_DEFAULT;

    if (text_equal_nocase(word, TEXT("all")) && args.len == 0) {
        query->window = HISTORY_AFTER;
        query->limit = HISTORY_ALL;
        return true;
    }
    if (text_equal_nocase(word, TEXT("since"))) {
        query->window = HISTORY_AFTER;
        query->from.kind = POINT_TIME;
        query->limit = HISTORY_ALL;
        if (!timestamp_read_typed(args, reader->exchange->now.real_ms, &query->from.at)) {
            return false;
        }
        query->from.at -= query->from.at > 0; /* that millisecond included */
        return true;
    }
    if (args.len > 0 || (word.len > 0 && !text_number(word, LINE_HISTORY_MAX, &n))) {
        return false;
    }
    query->limit = (uint32_t)n;
    return true;
}

static int line_history_pause(struct reader *reader, const struct history_query *query,
                              const struct history_walk *walk)
{
    if (reader_wire(reader)->in.step >= LINE_STEPS_MAX) {
        line_say(reader, "that is enough at a time; /history since TIME shows the rest");
        return FRONT_DONE;
    }
    return recall_pause(reader, LINE_ANSWER_PAUSE, query, walk);
}

/* The last words: `found` as of recall_find(). */
static int line_end_history(struct reader *reader, int found)
{
    line_say(reader, found == HISTORY_OLDER && reader->answer != NULL
                         ? "what is older cannot be read just now"
                         : "that was all of it");
    return FRONT_DONE;
}

static int line_show_history(struct reader *reader, struct history_query *query)
{
    struct history_walk walk = recall_walk(reader, query);
    bool is_begun = walk.phase >= HISTORY_SHOW;
    int found = recall_find(reader, query, &walk);
    const struct record *record;
    struct buf *out;
    int r;

    if (found == HISTORY_PAUSED || found == RECALL_ASKED) {
        return found == RECALL_ASKED ? FRONT_ASKS : line_history_pause(reader, query, &walk);
    }
    if (found == HISTORY_OLDER && is_begun) {
        line_say(reader, "the rest cannot be read just now");
        return FRONT_DONE;
    }
    out = output_private(reader);
    do {
        if (buf_space(out) < LINE_PAST_ROOM) {
            return line_history_pause(reader, query, &walk);
        }
        r = recall_next(reader, query, &walk, &record);
        if (r == HISTORY_PAUSED) {
            return line_history_pause(reader, query, &walk);
        }
        if (r == HISTORY_RECORD) {
            line_render(reader->exchange, record, LINE_BASE | LINE_EARLIER, out);
        }
    } while (r == HISTORY_RECORD);
    return line_end_history(reader, found);
}

int line_run_history(struct reader *reader, struct text args, struct buf *reason)
{
    const struct hub *hub = reader_hub(reader);
    struct history_query query = { .asker = reader->row,
                                   .owner = line_room_named(reader, &args),
                                   .window = HISTORY_LATEST,
                                   .kinds = HISTORY_SAID };

    (void)reason;
    if (query.owner == 0) {
        return FRONT_DONE;
    }
    if (!history_may_ask(hub, &query)) {
        line_refuse(reader, CHAT_NOT_MEMBER, text_of(hub_room(hub, query.owner)->name));
        return FRONT_DONE;
    }
    if (!line_read_history(reader, args, &query)) {
        line_say(reader, "/history takes a number from 0 to %d, since TIME, or all",
                 LINE_HISTORY_MAX);
        line_say(reader, "TIME is 10:30, 2026-11-22, 2026-11-22 10:30, or 45m, 2h, 3d ago");
        return FRONT_DONE;
    }
    return line_show_history(reader, &query);
}

/* ---- on entering ---- */

/* The next part. RECALL_ASKED, HISTORY_PAUSED, HISTORY_END, HISTORY_OLDER: it cannot be read. */
static int line_show_past(struct reader *reader, const struct wire_answer *answer,
                          uint32_t membership, uint64_t *shown)
{
    struct history_query query;
    struct history_walk walk;
    const struct record *record;
    int r;

    if (!recall_before_entering(reader, membership, answer->at, &query, &walk)) {
        return HISTORY_END;
    }
    r = recall_find(reader, &query, &walk);
    if (r != HISTORY_FOUND) {
        return r;
    }
    recall_note(reader, answer->row);
    do {
        *shown = walk.shown;
        if (buf_space(&reader->output) < LINE_PAST_ROOM) {
            return HISTORY_PAUSED;
        }
        r = recall_next(reader, &query, &walk, &record);
        if (r == HISTORY_RECORD) {
            line_render(reader->exchange, record, LINE_BASE | LINE_EARLIER, &reader->output);
        }
    } while (r == HISTORY_RECORD);
    return r;
}

void line_answer_past(struct reader *reader, const struct wire_answer *answer)
{
    const struct hub *hub = reader_hub(reader);
    bool is_there = rooms_exists(hub, answer->row, (uint32_t)answer->until);
    uint32_t m = is_there ? members_find(hub, reader->row, answer->row) : 0;
    uint64_t shown = answer->at;
    int r = m == 0 ? HISTORY_END : line_show_past(reader, answer, m, &shown);

    if (r == RECALL_ASKED) {
        return;
    }
    if (r == HISTORY_PAUSED) {
        output_set_answer(reader, LINE_ANSWER_PAST, answer->row, shown, answer->until);
        return;
    }
    if (r == HISTORY_OLDER) {
        line_say(reader, "what was said before cannot be read just now");
    }
    output_set_answer(reader, LINE_ANSWER_ROOM, answer->row, 0, answer->until);
}

/* Behind the last record that was passed before: the minute of that one is where the gap begins. */
void line_lost(struct reader *reader, uint64_t n)
{
    uint64_t told_ms = reader_wire(reader)->flood.told_minute * UINT64_C(60000);
    char space[32];
    struct buf since = buf_over(space, sizeof(space));

    if (told_ms == 0) {
        buf_text_put(&since, TEXT("all"));
    } else {
        buf_text_put(&since, TEXT("since "));
        timestamp_put_typed(told_ms, reader->exchange->now.real_ms, &since);
    }
    line_say(reader,
             "you missed %llu %s while you were not reading; /history %.*s shows what is kept",
             (unsigned long long)n, n == 1 ? "message" : "messages", TEXT_ARG(buf_text(&since)));
}
