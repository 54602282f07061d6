/* SPDX-License-Identifier: MIT */
/* /search: what was said that contains some words, in all that one may read or in one room, by
 * somebody, before or after a time. The newest of it, in the order in which it was said. */
#include "front/line.h"

#include "chat/members.h"
#include "front/recall.h"
#include "lib/timestamp.h"

#include <string.h>

enum { LINE_FOUND_MAX = 20, LINE_FOUND_ROOM = RENDERING_MAX + 256 };

static int line_explain_search(struct reader *reader)
{
    line_say(reader, "/search WORDS finds what was said; also with #ROOM, from:NAME, since:TIME, "
                     "before:TIME");
    line_say(reader, "TIME is 10:30, 2026-11-22, or 45m, 2h, 3d ago");
    return FRONT_DONE;
}

static bool line_read_time(const struct reader *reader, struct text word, struct bound *out)
{
    out->is_ms = true;
    return timestamp_read_typed(word, reader->exchange->now.real_ms, &out->at);
}

enum line_narrowing { LINE_IS_WORD, LINE_NARROWS, LINE_IS_WRONG, LINE_NOT_THERE };

/* Is the word one to be found, or one that narrows the search? */
static enum line_narrowing line_narrow(struct reader *reader, struct text word,
                                       struct recall_search *search)
{
    const struct hub *hub = reader_hub(reader);

    if (word.at[0] == '#' && name_is_room(word)) {
        search->room = rooms_find_known(hub, reader->row, word);
        return search->room != 0 && members_find(hub, reader->row, search->room) != 0
                   ? LINE_NARROWS
                   : LINE_NOT_THERE;
    }
    if (text_cut_prefix(&word, TEXT("from:"))) {
        search->who = word;
        return name_is_nick(word) ? LINE_NARROWS : LINE_IS_WRONG;
    }
    if (text_cut_prefix(&word, TEXT("since:"))) {
        bool is_time = line_read_time(reader, word, &search->from);

        search->from.at -= search->from.at > 0; /* that millisecond included */
        return is_time ? LINE_NARROWS : LINE_IS_WRONG;
    }
    if (text_cut_prefix(&word, TEXT("before:"))) {
        return line_read_time(reader, word, &search->to) ? LINE_NARROWS : LINE_IS_WRONG;
    }
    return LINE_IS_WORD;
}

/* False: it was explained. */
static bool line_read_search(struct reader *reader, struct text args, struct buf *words,
                             struct recall_search *search)
{
    struct text word;

    while ((word = text_cut_word(&args)).len > 0) {
        switch (line_narrow(reader, word, search)) {
        case LINE_NARROWS: break;
        case LINE_IS_WORD:
            buf_format(words, "%s%.*s", words->len > 0 ? " " : "", TEXT_ARG(word));
            break;
        case LINE_IS_WRONG: (void)line_explain_search(reader); return false;
        case LINE_NOT_THERE: line_refuse(reader, CHAT_NOT_MEMBER, word); return false;
        }
    }
    search->words = buf_text(words);
    if (words->full || (words->len == 0 && search->who.len == 0)) {
        (void)line_explain_search(reader);
        return false;
    }
    return true;
}

/* The last words. */
static void line_end_search(struct reader *reader, uint32_t n)
{
    const struct search_answer *found = &reader->answer->found;

    if (n == 0 && !found->is_cut) {
        line_say(reader, "nothing was found");
    } else if (found->is_cut) {
        line_say(reader, "there is much to look through, and not all of it was; before:TIME looks "
                         "further back");
    } else if (n == LINE_FOUND_MAX) {
        line_say(reader, "these are the newest %d; before:TIME shows earlier ones", LINE_FOUND_MAX);
    } else {
        line_say(reader, "that was all of it");
    }
}

/* wire.answer: how many were shown; the number of the last one; the first that is too new. */
static int line_show_found(struct reader *reader, struct recall_search *search, uint32_t n_shown)
{
    struct buf *out = output_private(reader);
    const struct record *record;

    while (buf_space(out) >= LINE_FOUND_ROOM &&
           (record = inquiry_next(reader->answer, NULL)) != NULL) {
        if (history_is_talk(record) || record->kind == RECORD_TOPIC) {
            uint32_t own = record->author_id == reader_wire(reader)->id ? LINE_OWN : 0;

            line_render(reader->exchange, record, LINE_BASE | LINE_EARLIER | LINE_OTHER_ROOM | own,
                        out);
        }
        search->shown = record->number;
        n_shown++;
    }
    if (n_shown < LINE_FOUND_MAX && (buf_space(out) < LINE_FOUND_ROOM || reader->answer->is_full)) {
        output_set_answer(reader, LINE_ANSWER_PAUSE, n_shown, search->shown, search->end);
        return FRONT_MORE;
    }
    line_end_search(reader, n_shown);
    return FRONT_DONE;
}

int line_run_search(struct reader *reader, struct text args, struct buf *reason)
{
    const struct wire *wire = reader_wire(reader);
    char space[QUESTION_WORDS_SIZE];
    struct buf words = buf_over(space, sizeof(space) - 1);
    struct recall_search search = { 0 };
    uint32_t n_shown = 0;
    int r;

    (void)reason;
    if (!line_read_search(reader, args, &words, &search)) {
        return FRONT_DONE;
    }
    search.end = reader_hub(reader)->state->header->log.next_number;
    if (wire->in.step > 0) {
        n_shown = wire->answer.row;
        search.shown = wire->answer.at;
        search.end = wire->answer.until;
    }
    search.limit = LINE_FOUND_MAX - n_shown;
    r = recall_search(reader, &search);
    if (r == RECALL_ASKED) {
        return FRONT_ASKS;
    }
    if (r == HISTORY_OLDER) {
        line_say(reader, reader->exchange->archive.is_configured
                             ? "what was said cannot be searched just now"
                             : "nothing can be searched here: there is no archive");
        return FRONT_DONE;
    }
    return line_show_found(reader, &search, n_shown);
}
