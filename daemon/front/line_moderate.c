/* SPDX-License-Identifier: MIT */
/* What operators of a room do: throwing out, banning, inviting, ranks, modes. Who may is the hub's
 * question, the same for all front ends. */
#include "front/line.h"

#include "chat/members.h"
#include "chat/people.h"
#include "chat/records.h"
#include "chat/rooms.h"
#include "lib/irc_format.h"
#include "lib/utf8.h"

#include <time.h>

#define LINE_NOTHING_CHANGED "that is so already; nothing was changed"

/* ---- one change ---- */

void line_say_done_outside(struct reader *reader, uint32_t room)
{
    if (members_find(reader_hub(reader), reader->row, room) == 0) {
        line_say(reader, "done in %s, where you are not", hub_room(reader_hub(reader), room)->name);
    }
}

static void line_end_changes(struct reader *reader, struct modes_change *change)
{
    modes_end(change);
    if (change->letters.len > 0) {
        line_say_done_outside(reader, change->room);
    }
}

/* Ends a change of which `outcome` came; says so if nothing was different. */
static int line_end_change(struct reader *reader, struct modes_change *change, int outcome,
                           struct text what)
{
    if (outcome != 0) {
        line_refuse_in(reader, outcome, change->room, what);
    } else if (change->letters.len == 0) {
        line_say(reader, LINE_NOTHING_CHANGED);
    }
    line_end_changes(reader, change);
    return FRONT_DONE;
}

static int line_change_one(struct reader *reader, uint32_t room, char letter, bool is_on,
                           struct text argument)
{
    struct modes_change change;

    modes_begin(&change, reader_hub(reader), reader->row, room, reader->exchange->now);
    return line_end_change(reader, &change, modes_set(&change, letter, is_on, argument), argument);
}

/* The name, behind a room that may be ahead of it. False after an explanation. */
static bool line_take_target(struct reader *reader, struct text *args, const char *usage,
                             uint32_t *out_room, struct text *out_name)
{
    *out_room = line_room_named(reader, args);
    if (*out_room == 0) {
        return false;
    }
    *out_name = text_cut_word(args);
    if (out_name->len == 0) {
        line_say(reader, "it goes like this: %s", usage);
    }
    return out_name->len > 0;
}

static int line_change_rank(struct reader *reader, struct text args, char letter, bool is_on)
{
    struct text name;
    uint32_t room;

    if (!line_take_target(reader, &args, "/op NAME, /voice NAME; or with #ROOM before the name",
                          &room, &name)) {
        return FRONT_DONE;
    }
    return line_change_one(reader, room, letter, is_on, name);
}

int line_run_op(struct reader *reader, struct text args, struct buf *reason)
{
    (void)reason;
    return line_change_rank(reader, args, 'o', true);
}

int line_run_deop(struct reader *reader, struct text args, struct buf *reason)
{
    (void)reason;
    return line_change_rank(reader, args, 'o', false);
}

int line_run_voice(struct reader *reader, struct text args, struct buf *reason)
{
    (void)reason;
    return line_change_rank(reader, args, 'v', true);
}

int line_run_devoice(struct reader *reader, struct text args, struct buf *reason)
{
    (void)reason;
    return line_change_rank(reader, args, 'v', false);
}

/* ---- people ---- */

int line_run_kick(struct reader *reader, struct text args, struct buf *reason)
{
    struct hub *hub = reader_hub(reader);
    struct text name;
    struct kick kick;
    bool was_there;
    int r = CHAT_NO_PERSON;

    (void)reason;
    if (!line_take_target(reader, &args, "/kick [#ROOM] NAME [WHY]", &kick.room, &name)) {
        return FRONT_DONE;
    }
    kick.target = people_find_registered(hub, name);
    kick.reason = (struct text){ args.at, utf8_fit(args, REASON_MAX) };
    was_there = members_find(hub, reader->row, kick.room) != 0;
    if (kick.target != 0) {
        r = rooms_kick(hub, reader->row, &kick, reader->exchange->now);
    }
    if (r != 0) {
        line_refuse_in(reader, r, kick.room, name);
    } else if (!was_there) {
        line_say_done_outside(reader, kick.room);
    }
    return FRONT_DONE;
}

int line_run_invite(struct reader *reader, struct text args, struct buf *reason)
{
    struct hub *hub = reader_hub(reader);
    struct text name = text_cut_word(&args);
    uint32_t room = line_room_named(reader, &args);
    uint32_t target = people_find_registered(hub, name);
    int r = CHAT_NO_PERSON;

    (void)reason;
    if (room == 0) {
        return FRONT_DONE;
    }
    if (target != 0) {
        r = rooms_invite(hub, reader->row, room, target, reader->exchange->now);
    }
    if (r != 0) {
        line_refuse_in(reader, r, room, name);
        return FRONT_DONE;
    }
    if (target != reader->row && members_find(hub, reader->row, room) == 0) {
        line_say(reader, "you have invited %s to %s", hub_person(hub, target)->nick,
                 hub_room(hub, room)->name);
    }
    line_put_away(reader, target);
    return FRONT_DONE;
}

/* ---- bans ---- */

/* Somebody's name means the host that this one comes from, since a name is changed easily. */
static struct text line_mask_of(const struct reader *reader, struct text name, char space[MASK_MAX])
{
    uint32_t row = people_find_registered(reader_hub(reader), name);
    struct buf mask = buf_over(space, MASK_MAX);

    if (row == 0) {
        return name;
    }
    buf_text_put(&mask, TEXT("*!*@"));
    people_host(reader_hub(reader), row, &mask);
    return buf_text(&mask);
}

int line_run_ban(struct reader *reader, struct text args, struct buf *reason)
{
    char space[MASK_MAX];
    struct text name;
    uint32_t room;

    (void)reason;
    if (!line_take_target(reader, &args, "/ban [#ROOM] NAME, or a mask: /ban *!*@*.example.org",
                          &room, &name)) {
        return FRONT_DONE;
    }
    return line_change_one(reader, room, 'b', true, line_mask_of(reader, name, space));
}

/* A name may have been banned by its host, or as a mask while nobody had it. */
int line_run_unban(struct reader *reader, struct text args, struct buf *reason)
{
    struct modes_change change;
    char space[MASK_MAX];
    struct text name;
    uint32_t room;
    int r;

    (void)reason;
    if (!line_take_target(reader, &args, "/unban [#ROOM] NAME, or a mask that /bans shows", &room,
                          &name)) {
        return FRONT_DONE;
    }
    modes_begin(&change, reader_hub(reader), reader->row, room, reader->exchange->now);
    r = modes_set(&change, 'b', false, line_mask_of(reader, name, space));
    if (r == 0 && change.letters.len == 0) {
        r = modes_set(&change, 'b', false, name);
    }
    if (r == 0 && change.letters.len == 0) {
        line_say(reader, "%.*s is not banned as such; /bans shows who is",
                 (int)utf8_fit(name, MASK_MAX), name.at);
        return FRONT_DONE;
    }
    return line_end_change(reader, &change, r, name);
}

int line_run_bans(struct reader *reader, struct text args, struct buf *reason)
{
    uint32_t room = line_room_named(reader, &args);

    (void)reason;
    if (room != 0) {
        output_set_answer(reader, LINE_ANSWER_BANS, room, 0,
                          hub_room(reader_hub(reader), room)->id);
    }
    return FRONT_DONE;
}

static const struct mode *line_mode_of_list(enum room_list list)
{
    for (size_t n = 0; mode_at(n) != NULL; n++) {
        if (mode_at(n)->kind == MODE_LIST && mode_at(n)->what == (uint32_t)list) {
            return mode_at(n);
        }
    }
    return NULL;
}

/* "-- #tea bans *!*@192.0.2.1 (by ann, Mar  1 12:00)" */
static void line_put_mask(struct reader *reader, const char *room, enum room_list list,
                          const struct mask_entry *entry)
{
    struct buf *out = &reader->output;
    time_t then = (time_t)entry->set_s;
    struct tm t;
    char text[32];

    (void)localtime_r(&then, &t);
    (void)strftime(text, sizeof(text), "%b %e %H:%M", &t);
    buf_format(out, "-- %s %s ", room, line_mode_of_list(list)->on);
    irc_format_strip(entry->mask, out);
    buf_format(out, " (by %.*s, %s)\r\n", TEXT_ARG(entry->by), text);
}

enum { LINE_MASK_NEEDED = 512 };

void line_answer_masks(struct reader *reader, const struct wire_answer *answer)
{
    enum room_list list = ROOM_BANS + (answer->kind - LINE_ANSWER_BANS);
    char space[MASKS_SIZE];
    struct text rest;
    struct mask_entry entry;
    const char *room;

    if (!line_answer_may_go_on(reader, answer)) {
        output_set_answer(reader, 0, 0, 0, 0);
        return;
    }
    room = hub_room(reader_hub(reader), answer->row)->name;
    rest = masks_read(reader_hub(reader), answer->row, list, space);
    if (rest.len == 0) {
        line_say(reader,
                 list == ROOM_BANS ? "nobody is banned from %s" : "that list of %s is empty", room);
    }
    for (uint64_t n = 0; masks_next(&rest, &entry); n++) {
        if (n < answer->at) {
            continue;
        }
        if (buf_space(&reader->output) < LINE_MASK_NEEDED) {
            output_set_answer(reader, answer->kind, answer->row, n, answer->until);
            return;
        }
        line_put_mask(reader, room, list, &entry);
    }
    output_set_answer(reader, 0, 0, 0, 0);
}

/* ---- modes ---- */

/* All that one line may ask for; false after an explanation. */
static bool line_may_try(struct reader *reader, struct line_changes changes)
{
    struct line_change change;
    uint32_t n = 0, n_lists = 0;

    while (line_next_change(&changes, &change)) {
        n++;
        n_lists += change.mode != NULL && change.mode->kind == MODE_LIST;
    }
    if (n > LINE_CHANGES_MAX || n_lists > 1) {
        line_say(reader, "at most %d modes in one line, and one mask; nothing was changed",
                 LINE_CHANGES_MAX);
        return false;
    }
    return n > 0;
}

/* "b" alone asks for the list. */
static bool line_asks_for_list(struct reader *reader, uint32_t room, struct line_changes changes)
{
    struct line_change change;

    if (!line_next_change(&changes, &change) || change.mode == NULL ||
        change.mode->kind != MODE_LIST || change.argument.len > 0 || changes.letters.len > 0) {
        return false;
    }
    output_set_answer(reader, LINE_ANSWER_BANS + change.mode->what, room, 0,
                      hub_room(reader_hub(reader), room)->id);
    return true;
}

static void line_change_modes(struct reader *reader, uint32_t room, struct line_changes changes)
{
    struct modes_change all;
    struct line_change change;
    bool is_refused = false;

    modes_begin(&all, reader_hub(reader), reader->row, room, reader->exchange->now);
    while (line_next_change(&changes, &change)) {
        int r = modes_set(&all, change.letter, change.is_on, change.argument);
        struct text letter = { .at = &change.letter, .len = 1 };

        if (r != 0) {
            line_refuse_in(reader, r, room, change.argument.len > 0 ? change.argument : letter);
            is_refused = true;
        }
        if (r == CHAT_NOT_OPERATOR || r == CHAT_NOT_MEMBER) {
            break; /* so are all others refused */
        }
    }
    if (all.letters.len == 0 && !is_refused) {
        line_say(reader, LINE_NOTHING_CHANGED);
    }
    line_end_changes(reader, &all);
}

int line_run_mode(struct reader *reader, struct text args, struct buf *reason)
{
    uint32_t room = line_room_named(reader, &args);
    struct line_changes changes = line_changes_in(args);

    (void)reason;
    if (room == 0) {
        return FRONT_DONE;
    }
    if (changes.letters.len == 0) {
        line_say_modes(reader, room);
    } else if (!line_asks_for_list(reader, room, changes) && line_may_try(reader, changes)) {
        line_change_modes(reader, room, changes);
    }
    return FRONT_DONE;
}
