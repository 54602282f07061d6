/* SPDX-License-Identifier: MIT */
/* What a client is told on its own account: each answer once, in the order of the questions, behind
 * the records before it and before the records behind it. */
#include "torture/crowd.h"

#include <stdio.h>
#include <string.h>

void answers_owe(struct client *client, enum owed_kind kind, uint32_t room, uint32_t token)
{
    uint32_t at = (client->owed_first + client->n_owed) % CLIENT_OWED_MAX;

    client->owed[at] =
        (struct owed){ .kind = kind, .after = client->n_said, .room = room, .token = token };
    client->n_owed++;
}

static void answers_done(struct client *client)
{
    client->owed_first = (client->owed_first + 1) % CLIENT_OWED_MAX;
    client->n_owed--;
}

void answers_settle(struct client *client)
{
    const struct owed *owed = &client->owed[client->owed_first];

    if (client->n_owed > 0 && owed->kind == OWED_ROOM && owed->n_got > 0) {
        answers_done(client);
    }
}

static bool answers_is_not(struct crowd *crowd, const struct client *client, struct text line)
{
    return crowd_fails(crowd, client, "not the answer that was due (kind %d): %.*s",
                       client->n_owed > 0 ? (int)client->owed[client->owed_first].kind : -1,
                       TEXT_ARG(line));
}

static bool answers_has(struct text line, struct text part)
{
    return memmem(line.at, line.len, part.at, part.len) != NULL;
}

/* ---- answers that are always the same ---- */

static bool answers_learn(struct learned *learned, uint32_t at, struct text line)
{
    line.len = size_min(line.len, LEARNED_LINE_SIZE - 1);
    if (at >= LEARNED_LINES) {
        return false;
    }
    if (at == learned->n) {
        memcpy(learned->lines[learned->n++], line.at, line.len);
    }
    return text_equal(text_of(learned->lines[at]), line);
}

static bool answers_take_help(struct crowd *crowd, struct client *client, struct owed *owed,
                              struct text line)
{
    if (!answers_learn(&crowd->help, owed->n_got++, line)) {
        return answers_is_not(crowd, client, line);
    }
    if (text_starts_with(line, TEXT("-- //"))) {
        answers_done(client);
    }
    return true;
}

/* Only the numerics: the rest has names and counts in it. */
static bool answers_take_welcome(struct crowd *crowd, struct client *client, struct owed *owed,
                                 struct text line)
{
    struct text rest = line, code;

    (void)text_cut_word(&rest);
    code = text_cut_word(&rest);
    if (text_equal(code, TEXT("CAP")) || text_equal(code, TEXT("253"))) {
        return true; /* 253: there only while somebody has connected and not registered */
    }
    if (!answers_learn(&crowd->welcome, owed->n_got++, code)) {
        return answers_is_not(crowd, client, line);
    }
    if (text_equal(code, TEXT("422"))) {
        answers_done(client);
    }
    return true;
}

/* ---- the others ---- */

/* "-- welcome to partyline! you are guest12, and ...": 12 is the connection's number. */
static bool answers_take_greeting(struct crowd *crowd, struct client *client, struct owed *owed,
                                  struct text line)
{
    const struct text mark = TEXT("you are guest");
    const char *at = memmem(line.at, line.len, mark.at, mark.len);
    uint64_t id = 0;

    if (owed->n_got++ > 0) {
        answers_done(client);
        return text_starts_with(line, TEXT("-- /nick NAME")) || answers_is_not(crowd, client, line);
    }
    if (at == NULL || !text_starts_with(line, TEXT("-- welcome to "))) {
        return answers_is_not(crowd, client, line);
    }
    for (at += mark.len; *at >= '0' && *at <= '9'; at++) {
        id = id * 10 + (uint64_t)(*at - '0');
    }
    client->connection = id;
    return audit_bind(crowd->audit, id, client->life) ||
           crowd_fails(crowd, client, "%s", crowd->audit->wrong);
}

static bool answers_take_room(struct crowd *crowd, struct client *client, struct owed *owed,
                              struct text line)
{
    const char *room = ROOM_NAMES[owed->room];

    if (!(client->rooms & (1U << owed->room)) || !answers_has(line, text_of(room)) ||
        !(text_starts_with(line, TEXT("-- in #")) || answers_has(line, TEXT(" people are in ")) ||
          text_starts_with(line, TEXT("-- nobody else is in ")))) {
        return answers_is_not(crowd, client, line);
    }
    owed->n_got++;
    return true;
}

static bool answers_take_names(struct crowd *crowd, struct client *client, struct owed *owed,
                               struct text line)
{
    struct text rest = line, code;

    (void)text_cut_word(&rest);
    code = text_cut_word(&rest);
    if (!(client->rooms & (1U << owed->room)) ||
        !answers_has(line, text_of(ROOM_NAMES[owed->room])) ||
        !(text_equal(code, TEXT("353")) || text_equal(code, TEXT("366")))) {
        return answers_is_not(crowd, client, line);
    }
    if (text_equal(code, TEXT("366"))) {
        answers_done(client);
    }
    return true;
}

static bool answers_take_token(struct crowd *crowd, struct client *client, const struct owed *owed,
                               struct text line)
{
    char space[64];
    struct buf wanted = buf_over(space, sizeof(space));

    if (client->front == CLIENT_IRC) {
        buf_format(&wanted, ":partyline PONG partyline :%u", owed->token);
        if (!text_equal(buf_text(&wanted), line)) {
            return answers_is_not(crowd, client, line);
        }
    } else {
        buf_format(&wanted, "-- there is no command /x%u;", owed->token);
        if (!text_starts_with(line, buf_text(&wanted))) {
            return answers_is_not(crowd, client, line);
        }
    }
    answers_done(client);
    return true;
}

static bool answers_take_short(struct crowd *crowd, struct client *client, const struct owed *owed,
                               struct text line)
{
    const struct text goes_to = TEXT("-- what you type now goes to #");
    bool is_good = false;

    switch (owed->kind) {
    case OWED_LEFT:
        is_good = text_starts_with(line, TEXT("-- you are in no room now")) ||
                  text_starts_with(line, goes_to);
        break;
    case OWED_SWITCH:
        is_good =
            text_starts_with(line, goes_to) && answers_has(line, text_of(ROOM_NAMES[owed->room]));
        client->current = owed->room;
        break;
    case OWED_FAREWELL:
        is_good = text_starts_with(
            line, client->front == CLIENT_LINE ? TEXT("-- goodbye") : TEXT("ERROR :Closing link"));
        break;
    case OWED_GREETING:
    case OWED_ROOM:
    case OWED_TOKEN:
    case OWED_HELP:
    case OWED_WELCOME:
    case OWED_NAMES: break;
    }
    answers_done(client);
    return is_good || answers_is_not(crowd, client, line);
}

/* "you missed 12 messages" */
static bool answers_count_lost(struct text line, uint64_t *out_n)
{
    const struct text mark = TEXT("you missed ");
    const char *at = memmem(line.at, line.len, mark.at, mark.len);
    struct text rest;

    if (at == NULL) {
        return false;
    }
    rest = (struct text){ at + mark.len, line.len - mark.len - (size_t)(at - line.at) };
    return text_number(text_cut_word(&rest), UINT64_MAX, out_n);
}

bool answers_take(struct crowd *crowd, struct client *client, struct text line)
{
    struct owed *owed;
    uint64_t n;

    if (answers_count_lost(line, &n)) {
        return stream_lost(crowd, client, n);
    }
    owed = &client->owed[client->owed_first];
    if (client->n_owed > 0 && owed->kind == OWED_ROOM && owed->n_got > 0 &&
        !(text_starts_with(line, TEXT("-- in #")) &&
          answers_has(line, text_of(ROOM_NAMES[owed->room])))) {
        answers_done(client); /* how many lines of names there are is not told */
        owed = &client->owed[client->owed_first];
    }
    if (client->n_owed == 0) {
        return crowd_fails(crowd, client, "an answer to nothing: %.*s", TEXT_ARG(line));
    }
    if (!stream_pass_own(crowd, client, owed->after)) {
        return false;
    }
    crowd->counts.n_answers++;
    switch (owed->kind) {
    case OWED_GREETING: return answers_take_greeting(crowd, client, owed, line);
    case OWED_ROOM: return answers_take_room(crowd, client, owed, line);
    case OWED_HELP: return answers_take_help(crowd, client, owed, line);
    case OWED_WELCOME: return answers_take_welcome(crowd, client, owed, line);
    case OWED_NAMES: return answers_take_names(crowd, client, owed, line);
    case OWED_TOKEN: return answers_take_token(crowd, client, owed, line);
    case OWED_LEFT:
    case OWED_SWITCH:
    case OWED_FAREWELL: return answers_take_short(crowd, client, owed, line);
    }
    return false;
}
