/* SPDX-License-Identifier: MIT */
/* Taking IRC lines apart: everything that is handed out lies within the line, a message that is
 * put together again parses to the same, and unescaping a tag makes it no longer. */
#include "lib/irc.h"
#include "lib/irc_format.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FUZZ_LINE_MAX = 9000 };

static void fuzz_assert(bool is_true)
{
    if (!is_true) {
        abort();
    }
}

static void fuzz_assert_within(struct text part, struct text line)
{
    fuzz_assert(part.len == 0 || (part.at >= line.at && part.at + part.len <= line.at + line.len));
}

static void fuzz_put_together(const struct irc_message *m, struct buf *out)
{
    if (m->tags.len > 0) {
        buf_char(out, '@');
        buf_text_put(out, m->tags);
        buf_char(out, ' ');
    }
    if (m->source.len > 0) {
        buf_char(out, ':');
        buf_text_put(out, m->source);
        buf_char(out, ' ');
    }
    buf_text_put(out, m->command);
    for (int i = 0; i < m->n_params; i++) {
        buf_text_put(out, i + 1 == m->n_params ? TEXT(" :") : TEXT(" "));
        buf_text_put(out, m->params[i]);
    }
}

static void fuzz_assert_equal(const struct irc_message *a, const struct irc_message *b)
{
    fuzz_assert(text_equal(a->tags, b->tags) && text_equal(a->source, b->source));
    fuzz_assert(text_equal(a->command, b->command) && a->n_params == b->n_params);
    for (int i = 0; i < a->n_params; i++) {
        fuzz_assert(text_equal(a->params[i], b->params[i]));
    }
}

static void fuzz_tags(struct text tags)
{
    static char space[FUZZ_LINE_MAX];
    struct text rest = tags;

    while (rest.len > 0) {
        struct text key = text_cut(&rest, ';');
        struct buf value = buf_over(space, sizeof(space));

        key.len = text_find(key, '=');
        fuzz_assert(irc_tag(tags, key, &value));
        fuzz_assert(!value.full && value.len <= tags.len);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char space[FUZZ_LINE_MAX + 64], plain_space[FUZZ_LINE_MAX];
    struct text line = { (const char *)data, size_min(size, FUZZ_LINE_MAX) };
    struct buf again = buf_over(space, sizeof(space));
    struct buf plain = buf_over(plain_space, line.len);
    struct irc_message message, second;

    irc_format_strip(line, &plain);
    fuzz_assert(!plain.full);
    if (irc_parse(line, &message) != 0) {
        return 0;
    }
    fuzz_assert(message.command.len > 0);
    fuzz_assert(message.n_params >= 0 && message.n_params <= IRC_PARAMS_MAX);
    fuzz_assert_within(message.tags, line);
    fuzz_assert_within(message.source, line);
    fuzz_assert_within(message.command, line);
    for (int i = 0; i < message.n_params; i++) {
        fuzz_assert_within(message.params[i], line);
    }
    fuzz_tags(message.tags);
    fuzz_put_together(&message, &again);
    /* "@ X" has empty tags, and ": X" an empty source: the command may then look like one. */
    if (message.command.at[0] != '@' && message.command.at[0] != ':') {
        fuzz_assert(irc_parse(buf_text(&again), &second) == 0);
        fuzz_assert_equal(&message, &second);
    }
    return 0;
}
