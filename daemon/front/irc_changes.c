/* SPDX-License-Identifier: MIT */
/* One walk over the letters; arguments are taken from the parameters as letters need them. */
#include "front/irc_changes.h"

#include "chat/modes.h"

struct irc_changes_walk {
    const struct irc_message *message; /* borrowed */
    struct text letters;
    int next_param;
    bool is_on;
    uint32_t n_with, n_without; /* changes so far: with an argument, without one */
    uint32_t asked;             /* lists, as bits */
};

static struct irc_changes_walk irc_changes_start(const struct irc_message *message)
{
    return (struct irc_changes_walk){ .message = message,
                                      .letters =
                                          message->n_params > 1 ? message->params[1] : TEXT_NONE,
                                      .next_param = 2,
                                      .is_on = true };
}

/* The next byte that is a letter. Of a character beyond ASCII the first byte counts. */
static bool irc_changes_letter(struct irc_changes_walk *walk, char *out_letter)
{
    while (walk->letters.len > 0) {
        char c = walk->letters.at[0];

        walk->letters = (struct text){ walk->letters.at + 1, walk->letters.len - 1 };
        if (c == '+' || c == '-') {
            walk->is_on = c == '+';
        } else if (((unsigned char)c & 0xc0) != 0x80) {
            *out_letter = (char)(c > ' ' && c <= '~' ? c : '?');
            return true;
        }
    }
    return false;
}

static void irc_changes_take_argument(struct irc_changes_walk *walk, const struct mode *mode,
                                      struct irc_change *change)
{
    if (mode == NULL || !mode_needs_argument(mode, change->is_on)) {
        return;
    }
    if (walk->next_param < walk->message->n_params) {
        change->argument = walk->message->params[walk->next_param++];
    }
    change->is_question = mode->kind == MODE_LIST && change->argument.len == 0;
}

/* A list that was asked for already is not asked for again: its answer is long. */
static bool irc_changes_is_repeated(struct irc_changes_walk *walk, const struct mode *mode,
                                    const struct irc_change *change)
{
    uint32_t bit;

    if (!change->is_question) {
        return false;
    }
    bit = 1U << mode->what;
    if (walk->asked & bit) {
        return true;
    }
    walk->asked |= bit;
    return false;
}

static bool irc_changes_next(struct irc_changes_walk *walk, struct irc_change *out_change)
{
    char letter;

    while (irc_changes_letter(walk, &letter)) {
        const struct mode *mode = mode_find(letter);
        struct irc_change change = { .letter = letter,
                                     .is_on = walk->is_on,
                                     .argument = TEXT_NONE };
        uint32_t *n;

        irc_changes_take_argument(walk, mode, &change);
        if (irc_changes_is_repeated(walk, mode, &change)) {
            continue;
        }
        n = change.argument.len > 0 ? &walk->n_with : &walk->n_without;
        if (++*n > (change.argument.len > 0 ? IRC_MODES_MAX : IRC_FLAGS_MAX)) {
            walk->letters = TEXT_NONE;
            return false;
        }
        *out_change = change;
        return true;
    }
    return false;
}

static bool irc_changes_is_list(const struct irc_change *change)
{
    const struct mode *mode = mode_find(change->letter);

    return mode != NULL && mode->kind == MODE_LIST;
}

/* The next group, empty at the end. A list is the last of its group. */
static uint32_t irc_changes_take(struct irc_changes_walk *walk,
                                 struct irc_change out_changes[IRC_MODE_GROUP_MAX])
{
    uint32_t len = 0;

    while (len < IRC_MODE_GROUP_MAX && irc_changes_next(walk, &out_changes[len])) {
        if (irc_changes_is_list(&out_changes[len++])) {
            break;
        }
    }
    return len;
}

uint32_t irc_changes_group(const struct irc_message *message, uint32_t n,
                           struct irc_change out_changes[IRC_MODE_GROUP_MAX], bool *out_is_last)
{
    struct irc_changes_walk walk = irc_changes_start(message);

    for (;;) {
        struct irc_change beyond;
        uint32_t len = irc_changes_take(&walk, out_changes);

        if (len == 0 || n-- == 0) {
            *out_is_last = !irc_changes_next(&walk, &beyond);
            return len;
        }
    }
}
