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

/* The label goes before the line, where it does not count for its length (message-tags). */
static void model_await(struct model *m, struct text target, struct text text, bool is_action)
{
    char bytes[32];
    struct buf label = buf_over(bytes, sizeof(bytes));

    if (!m->has_echo || bytes_text(&m->unheard).len > MODEL_UNHEARD_MAX) {
        return;
    }
    buf_format(&label, "%u ", ++m->labels);
    bytes_put(&m->unheard, buf_text(&label));
    bytes_put(&m->unheard, target);
    bytes_put(&m->unheard, is_action ? TEXT(" \001ACTION ") : TEXT(" "));
    bytes_put(&m->unheard, text);
    bytes_put(&m->unheard, is_action ? TEXT("\001\n") : TEXT("\n"));
    if (m->has_labels) {
        bytes_put(&m->out, TEXT("@label="));
        bytes_put(&m->out, buf_text(&label));
    }
}

/* The space between two parts goes: at the end of a line servers drop it anyway. */
void model_say(struct model *m, struct text target, struct text text, bool is_action)
{
    size_t max = model_text_max(m, target, is_action);

    do {
        size_t n = model_split(text, max);
        size_t space = n < text.len && text.at[n] == ' ' ? 1 : 0;

        model_await(m, target, (struct text){ .at = text.at, .len = n }, is_action);
        model_send(m, is_action ? "PRIVMSG %.*s :\001ACTION %.*s\001" : "PRIVMSG %.*s :%.*s",
                   TEXT_ARG(target), (int)n, text.at);
        text = (struct text){ .at = text.at + n + space, .len = text.len - n - space };
    } while (text.len > 0);
}

/* -- what came of it: lines "LABEL WHOM TEXT" -- */

struct model_said {
    struct text label, whom, text; /* of what is looked for: one that is NULL does not matter */
};

static struct model_said model_cut_said(struct text *rest)
{
    struct text line = text_cut(rest, '\n');
    struct model_said said;

    said.label = text_cut(&line, ' ');
    said.whom = text_cut(&line, ' ');
    said.text = line;
    return said;
}

/* Which line it is, counted from 0; false: there is none. */
static bool model_find_said(const struct bytes *list, const struct model_said *wanted, size_t *out)
{
    struct text rest = bytes_text(list);

    for (size_t i = 0; rest.len > 0; i++) {
        struct model_said said = model_cut_said(&rest);

        if ((wanted->label.at == NULL || text_equal(said.label, wanted->label)) &&
            (wanted->whom.at == NULL || text_equal_nocase(said.whom, wanted->whom)) &&
            (wanted->text.at == NULL || text_equal(said.text, wanted->text))) {
            *out = i;
            return true;
        }
    }
    return false;
}

/* Takes line number `n` out. */
static void model_take_line(struct bytes *list, size_t n)
{
    struct bytes left = { .at = NULL };
    struct text rest = bytes_text(list);

    for (size_t i = 0; rest.len > 0; i++) {
        struct text line = text_cut(&rest, '\n');

        if (i != n) {
            bytes_put(&left, line);
            bytes_put(&left, TEXT("\n"));
        }
    }
    bytes_fini(list);
    *list = left;
}

/* What was said before it has been answered as well. */
static void model_drop_lines(struct bytes *list, size_t n)
{
    struct text rest = bytes_text(list);

    for (size_t i = 0; i < n; i++) {
        (void)text_cut(&rest, '\n');
    }
    bytes_drop(list, bytes_text(list).len - rest.len);
}

static void model_take_said(struct model *m, const struct model_said *wanted)
{
    size_t n;

    if (model_find_said(&m->unheard, wanted, &n)) {
        model_take_line(&m->unheard, n);
    }
}

/* A server may change a text a little, so one that is not found stands for the first; with labels
 * it need not be guessed. */
void model_was_heard(struct model *m, struct text target, struct text text)
{
    const struct model_said wanted = { .whom = target, .text = text };
    size_t n;

    if (model_find_said(&m->doubtful, &wanted, &n)) {
        model_take_line(&m->doubtful, n);
    } else if (model_find_said(&m->unheard, &wanted, &n)) {
        model_drop_lines(&m->unheard, n + 1);
    } else if (!m->has_labels) {
        model_drop_lines(&m->unheard, 1);
    }
}

void model_was_answered(struct model *m, struct text label)
{
    model_take_said(m, &(struct model_said){ .label = label });
}

void model_was_refused(struct model *m, struct text target)
{
    model_take_said(m, &(struct model_said){ .whom = target });
}

void model_doubt(struct model *m)
{
    bytes_put(&m->doubtful, bytes_text(&m->unheard));
    bytes_fini(&m->unheard);
}

bool model_next_unsaid(struct model *m, struct text *out_whom, struct text *out_text)
{
    struct text line = bytes_text(&m->doubtful), rest = line;
    size_t before = bytes_text(&m->unsaid).len;
    struct model_said said;

    if (m->state != MODEL_READY || !resume_is_idle(&m->resume) || rest.len == 0) {
        return false;
    }
    (void)model_cut_said(&rest);
    line.len -= rest.len;
    bytes_put(&m->unsaid, line);
    bytes_drop(&m->doubtful, line.len);
    rest = bytes_text(&m->unsaid);
    rest = (struct text){ .at = rest.at + before, .len = rest.len - before };
    said = model_cut_said(&rest);
    *out_whom = said.whom;
    *out_text = said.text;
    return true;
}

bool model_say_again(struct model *m)
{
    struct text rest = bytes_text(&m->unsaid);
    bool has_any = rest.len > 0;

    while (rest.len > 0) {
        struct model_said said = model_cut_said(&rest);
        bool is_action = irc_cut_action(&said.text);

        model_say(m, said.whom, said.text, is_action);
    }
    bytes_fini(&m->unsaid);
    return has_any;
}
