/* SPDX-License-Identifier: MIT */
/* What the server says about itself. Owns the defaults and the reading of MODE. */
#include "support.h"

#include <string.h>

void support_init(struct support *s)
{
    *s = (struct support){ .ranks = "ohv", .signs = "@%+", .always = "beIk", .set_only = "lfj" };
}

static void support_copy(struct text t, char *to, size_t size)
{
    size_t n = size_min(t.len, size - 1);

    memcpy(to, t.at, n);
    to[n] = '\0';
}

/* "(ov)@+"; anything else is no answer that helps. */
static void support_take_prefix(struct support *s, struct text value)
{
    struct text signs = value;
    struct text ranks = text_cut(&signs, ')');

    if (ranks.len == 0 || ranks.at[0] != '(' || ranks.len - 1 != signs.len) {
        return;
    }
    ranks = (struct text){ .at = ranks.at + 1, .len = ranks.len - 1 };
    support_copy(ranks, s->ranks, sizeof(s->ranks));
    support_copy(signs, s->signs, sizeof(s->signs));
}

/* "lists,always,when set,never" */
static void support_take_modes(struct support *s, struct text value)
{
    char bytes[SUPPORT_LETTERS_MAX];
    struct buf always = buf_over(bytes, sizeof(bytes));

    buf_text_put(&always, text_cut(&value, ','));
    buf_text_put(&always, text_cut(&value, ','));
    support_copy(buf_text(&always), s->always, sizeof(s->always));
    support_copy(text_cut(&value, ','), s->set_only, sizeof(s->set_only));
}

static void support_take_history(struct support *s, struct text value)
{
    uint64_t limit;

    if (text_number(value, UINT32_MAX, &limit)) {
        s->history_limit = (unsigned)limit;
    }
}

/* "msgid,timestamp" */
static void support_take_references(struct support *s, struct text value)
{
    s->history_by_time = true;
    while (value.len > 0) {
        s->history_by_time &= !text_equal(text_cut(&value, ','), TEXT("msgid"));
    }
}

void support_take(struct support *s, struct text token)
{
    struct text value = token;
    struct text name = text_cut(&value, '=');

    if (text_equal(name, TEXT("PREFIX"))) {
        support_take_prefix(s, value);
    } else if (text_equal(name, TEXT("CHANMODES"))) {
        support_take_modes(s, value);
    } else if (text_equal(name, TEXT("CHATHISTORY"))) {
        support_take_history(s, value);
    } else if (text_equal(name, TEXT("MSGREFTYPES"))) {
        support_take_references(s, value);
    } else if (text_equal(name, TEXT("MONITOR"))) {
        s->has_monitor = true;
    }
}

static bool support_has(const char *letters, char c)
{
    return c != '\0' && strchr(letters, c) != NULL;
}

bool support_is_sign(const struct support *s, char c)
{
    return support_has(s->signs, c);
}

static void support_apply_rank(const struct support *s, char letter, bool is_set,
                               struct member *member)
{
    size_t i = (size_t)(strchr(s->ranks, letter) - s->ranks);

    if (member != NULL && i < strlen(s->signs)) {
        member_set_sign(member, s->signs[i], is_set, s->signs);
    }
}

void support_apply_mode(const struct support *s, struct text change, struct roster *members)
{
    struct text letters = text_cut_word(&change);
    bool is_set = true;

    for (size_t i = 0; i < letters.len; i++) {
        char c = letters.at[i];

        if (c == '+' || c == '-') {
            is_set = c == '+';
        } else if (support_has(s->ranks, c)) {
            support_apply_rank(s, c, is_set, roster_find(members, text_cut_word(&change)));
        } else if (support_has(s->always, c) || (is_set && support_has(s->set_only, c))) {
            (void)text_cut_word(&change);
        }
    }
}
