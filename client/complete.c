/* SPDX-License-Identifier: MIT */
/* Tab. Owns what fits a word, and in which order. */
#include "complete.h"

#include <stdlib.h>

enum { COMPLETE_MOST = 200, COMPLETE_WORD_MAX = 128 };

void complete_reset(struct complete *c)
{
    bytes_fini(&c->found);
    *c = (struct complete){ .n_found = 0 };
}

static bool complete_fits(struct text word, struct text candidate)
{
    return candidate.len >= word.len &&
           text_equal_nocase(word, (struct text){ .at = candidate.at, .len = word.len });
}

static void complete_add(struct complete *c, const char *before, struct text word,
                         const char *behind)
{
    if (c->n_found == COMPLETE_MOST) {
        return;
    }
    bytes_put(&c->found, text_of(before));
    bytes_put(&c->found, word);
    bytes_put(&c->found, text_of(behind));
    bytes_put(&c->found, TEXT("\n"));
    c->n_found++;
}

static void complete_commands(struct complete *c, struct text word, const char *const *commands)
{
    for (; *commands != NULL; commands++) {
        if (complete_fits(word, text_of(*commands))) {
            complete_add(c, "/", text_of(*commands), " ");
        }
    }
}

static void complete_rooms(struct complete *c, struct text word, const struct windows *ws)
{
    for (size_t i = 1; i < ws->n; i++) {
        if (ws->list[i]->kind == WINDOW_ROOM && complete_fits(word, window_name(ws->list[i]))) {
            complete_add(c, "", window_name(ws->list[i]), " ");
        }
    }
}

static int complete_compare(const void *a, const void *b)
{
    uint64_t x = (*(const struct member *const *)a)->spoke;
    uint64_t y = (*(const struct member *const *)b)->spoke;

    return (x < y) - (x > y);
}

/* Sorting keeps no order among those who are alike, so the name decides: members are sorted. */
static int complete_compare_members(const void *a, const void *b)
{
    const struct member *x = *(const struct member *const *)a;
    const struct member *y = *(const struct member *const *)b;
    int r = complete_compare(a, b);

    return r != 0 ? r : (x > y) - (x < y);
}

static void complete_members(struct complete *c, struct text word, const struct windows *ws,
                             const char *behind)
{
    const struct roster *members = &windows_current(ws)->members;
    const struct member **fits = malloc((members->n + 1) * sizeof(const struct member *));
    size_t n = 0;

    if (fits == NULL) {
        abort();
    }
    for (size_t i = 0; i < members->n; i++) {
        if (complete_fits(word, member_name(&members->list[i])) &&
            !model_is_me(ws->model, member_name(&members->list[i]))) {
            fits[n++] = &members->list[i];
        }
    }
    qsort(fits, n, sizeof(const struct member *), complete_compare_members);
    for (size_t i = 0; i < n; i++) {
        complete_add(c, "", member_name(fits[i]), behind);
    }
    free(fits);
}

static void complete_people(struct complete *c, struct text word, const struct windows *ws,
                            const char *behind)
{
    complete_members(c, word, ws, behind);
    for (size_t i = 1; i < ws->n; i++) {
        const struct window *w = ws->list[i];

        if (w->kind == WINDOW_QUERY && complete_fits(word, window_name(w)) &&
            roster_find(&windows_current(ws)->members, window_name(w)) == NULL) {
            complete_add(c, "", window_name(w), behind);
        }
    }
}

/* The word before the cursor; begins at a space or at the beginning of the line. */
static struct text complete_word(const struct edit *e)
{
    struct text before = edit_before(e);
    size_t at = before.len;

    while (at > 0 && before.at[at - 1] != ' ') {
        at--;
    }
    return (struct text){ .at = before.at + at, .len = before.len - at };
}

/* Is the word the one behind /help? That may be shortened, as any command. */
static bool complete_is_about(const struct edit *e, struct text word)
{
    static const struct text help = { .at = "/help", .len = 5 };
    struct text before = { .at = e->line, .len = (size_t)(word.at - e->line) };
    struct text first = text_cut_word(&before);

    return first.len >= sizeof("/he") - 1 && first.len <= help.len && before.len == 0 &&
           text_equal_nocase(first, (struct text){ .at = help.at, .len = first.len });
}

/* What /help tells about; with or without its slash. */
static void complete_topics(struct complete *c, struct text word, const char *const *commands)
{
    static const char *const topics[] = { "all", "keys" };
    bool has_slash = text_starts_with(word, TEXT("/"));

    word = (struct text){ .at = word.at + has_slash, .len = word.len - has_slash };
    for (; *commands != NULL; commands++) {
        if (complete_fits(word, text_of(*commands))) {
            complete_add(c, has_slash ? "/" : "", text_of(*commands), "");
        }
    }
    for (size_t i = 0; i < ARRAY_SIZE(topics) && !has_slash; i++) {
        if (complete_fits(word, text_of(topics[i]))) {
            complete_add(c, "", text_of(topics[i]), "");
        }
    }
}

static void complete_begin(struct complete *c, const struct edit *e, const struct windows *ws,
                           const char *const *commands)
{
    struct text word = complete_word(e);
    bool is_first = word.at == e->line;

    complete_reset(c);
    c->is_active = true;
    c->len = word.len;
    if (word.len == 0 && is_first) {
        return;
    }
    if (is_first && word.at[0] == '/') {
        complete_commands(c, (struct text){ .at = word.at + 1, .len = word.len - 1 }, commands);
    } else if (!is_first && complete_is_about(e, word)) {
        complete_topics(c, word, commands);
    } else if (irc_is_room(word)) {
        complete_rooms(c, word, ws);
    } else {
        complete_people(c, word, ws, is_first ? ": " : " ");
    }
}

static struct text complete_get(const struct complete *c, size_t i)
{
    struct text rest = bytes_text(&c->found);
    struct text word = text_cut(&rest, '\n');

    while (i-- > 0) {
        word = text_cut(&rest, '\n');
    }
    return word;
}

void complete_next(struct complete *c, struct edit *e, const struct windows *ws,
                   const char *const *commands)
{
    struct text word;

    if (!c->is_active) {
        complete_begin(c, e, ws, commands);
    } else if (c->n_found > 0) {
        c->i = (c->i + 1) % c->n_found;
    }
    if (c->n_found == 0) {
        return;
    }
    word = complete_get(c, c->i);
    edit_replace_before(e, c->len, word);
    c->len = word.len;
}
