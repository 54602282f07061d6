/* SPDX-License-Identifier: MIT */
/* What we say in rooms and to people. A part of model. Owns how a long text is cut so that every
 * receiver gets all of it, and what has been said and not been heard yet. */
#include "model.h"

#include "lib/irc.h"
#include "lib/utf8.h"

enum {
    MODEL_MASK_GUESS = 10 + 1 + 63, /* the longest user@host that servers commonly make */
    MODEL_SPLIT_BACK = 40,          /* how far back a space is worth a shorter part */
    MODEL_TEXT_LEAST = 32,
    MODEL_UNHEARD_MAX = 64 * 1024,
};

/* The server puts ":nick!user@host " in front, and the whole must fit into everybody's line. */
static size_t model_text_max(const struct model *m, struct text target, bool is_action)
{
    size_t mask = m->mask_len == 0 ? MODEL_MASK_GUESS : m->mask_len;
    size_t around = sizeof(":! PRIVMSG  :") - 1 + m->nick.len + mask + target.len +
                    (is_action ? sizeof("\001ACTION \001") - 1 : 0);

    return around + MODEL_TEXT_LEAST > IRC_LINE_MAX ? MODEL_TEXT_LEAST : IRC_LINE_MAX - around;
}

/* Between words if there is a space near the end, else between characters. */
static size_t model_split(struct text text, size_t max)
{
    size_t fit = utf8_fit(text, max);

    if (fit == text.len) {
        return fit;
    }
    for (size_t back = 0; back < MODEL_SPLIT_BACK && back < fit; back++) {
        if (text.at[fit - back] == ' ') {
            return fit - back;
        }
    }
    return fit;
}

static void model_await(struct model *m, struct text target, struct text text, bool is_action)
{
    if (!m->has_echo || bytes_text(&m->unheard).len > MODEL_UNHEARD_MAX) {
        return;
    }
    bytes_put(&m->unheard, target);
    bytes_put(&m->unheard, is_action ? TEXT(" \001ACTION ") : TEXT(" "));
    bytes_put(&m->unheard, text);
    bytes_put(&m->unheard, is_action ? TEXT("\001\n") : TEXT("\n"));
}

/* The space between two parts goes: at the end of a line servers drop it anyway. */
void model_say(struct model *m, struct text target, struct text text, bool is_action)
{
    size_t max = model_text_max(m, target, is_action);

    do {
        size_t n = model_split(text, max);
        size_t space = n < text.len && text.at[n] == ' ' ? 1 : 0;

        model_send(m, is_action ? "PRIVMSG %.*s :\001ACTION %.*s\001" : "PRIVMSG %.*s :%.*s",
                   TEXT_ARG(target), (int)n, text.at);
        model_await(m, target, (struct text){ .at = text.at, .len = n }, is_action);
        text = (struct text){ .at = text.at + n + space, .len = text.len - n - space };
    } while (text.len > 0);
}

/* What was said before it has been heard as well, or refused. A server may change a text a little,
 * so one that is not found stands for the first. */
void model_was_heard(struct model *m, struct text target, struct text text)
{
    struct text rest = bytes_text(&m->unheard);
    size_t first = size_min(text_find(rest, '\n') + 1, rest.len);

    while (rest.len > 0) {
        struct text said = text_cut(&rest, '\n');
        struct text whom = text_cut(&said, ' ');

        if (text_equal_nocase(whom, target) && text_equal(said, text)) {
            bytes_drop(&m->unheard, bytes_text(&m->unheard).len - rest.len);
            return;
        }
    }
    bytes_drop(&m->unheard, first);
}
