/* SPDX-License-Identifier: MIT */
/* One conversation. Owns its scrollback, members and counts. All text from the network is cleaned
 * here, on its way in, so whoever draws it finds formatting codes and no other control. */
#include "window.h"

#include "lib/utf8.h"

#include <stdlib.h>

enum { WINDOW_TEXT_MAX = 20 * 1024, WINDOW_WHO_MAX = 64 };

struct window *window_new(enum window_kind kind, struct text name, size_t max_bytes)
{
    struct window *w = calloc(1, sizeof(*w));

    if (w == NULL) {
        abort();
    }
    w->kind = kind;
    model_name_set(&w->name, name);
    w->scrollback.max_bytes = max_bytes;
    w->first_unread = SCROLLBACK_NOWHERE;
    w->scroll.at = SCROLLBACK_NOWHERE;
    w->found = SCROLLBACK_NOWHERE;
    return w;
}

struct window *window_free(struct window *w)
{
    if (w != NULL) {
        scrollback_fini(&w->scrollback);
        roster_fini(&w->members);
        free(w);
    }
    return NULL;
}

struct text window_name(const struct window *w)
{
    return (struct text){ .at = w->name.at, .len = w->name.len };
}

struct text window_topic(const struct window *w)
{
    return (struct text){ .at = w->topic, .len = w->topic_len };
}

void window_set_topic(struct window *w, struct text topic)
{
    struct buf b = buf_over(w->topic, sizeof(w->topic));

    utf8_clean(topic, UTF8_KEEP_FORMAT, &b);
    w->topic_len = b.len;
}

uint64_t window_add(struct window *w, const struct scrollback_record *record)
{
    char text_bytes[WINDOW_TEXT_MAX], who_bytes[WINDOW_WHO_MAX];
    struct buf text = buf_over(text_bytes, sizeof(text_bytes));
    struct buf who = buf_over(who_bytes, sizeof(who_bytes));
    struct scrollback_record clean = *record;

    utf8_clean(record->text, UTF8_KEEP_FORMAT, &text);
    utf8_clean(record->who, UTF8_KEEP_NONE, &who);
    clean.text = buf_text(&text);
    clean.who = buf_text(&who);
    return scrollback_add(&w->scrollback, &clean);
}

void window_seen(struct window *w)
{
    w->n_unread = 0;
    w->n_mentions = 0;
}
