/* SPDX-License-Identifier: MIT */
/* All conversations. Owns the list, which window is looked at, and what "unread" means. Where an
 * event belongs is the business of windows_take.c. */
#include "windows.h"

#include "lib/utf8.h"

#include <string.h>

enum { WINDOWS_MIB = 1024 * 1024 };

void windows_init(struct windows *ws, const struct model *model, const struct settings *settings)
{
    *ws = (struct windows){ .model = model, .settings = settings, .has_focus = true };
    (void)windows_open(ws, WINDOW_SERVER, TEXT("server"));
}

void windows_fini(struct windows *ws)
{
    for (size_t i = 0; i < ws->n; i++) {
        ws->list[i] = window_free(ws->list[i]);
    }
    ws->n = 0;
}

struct window *windows_current(const struct windows *ws)
{
    return ws->list[ws->current];
}

/* The server's window goes by no name: nobody can take it by being called that. */
struct window *windows_find(const struct windows *ws, struct text name)
{
    name.len = utf8_fit(name, MODEL_NAME_MAX); /* windows keep no more of it */
    for (size_t i = 1; i < ws->n; i++) {
        if (text_equal_nocase(window_name(ws->list[i]), name)) {
            return ws->list[i];
        }
    }
    return NULL;
}

struct window *windows_open(struct windows *ws, enum window_kind kind, struct text name)
{
    struct window *there = windows_find(ws, name);

    if (there != NULL) {
        return there;
    }
    if (ws->n == WINDOWS_MAX || (name.len == 0 && ws->n > 0)) {
        return ws->list[0];
    }
    ws->list[ws->n] = window_new(kind, name, (size_t)ws->settings->scrollback_mib * WINDOWS_MIB);
    return ws->list[ws->n++];
}

static size_t windows_index(const struct windows *ws, const struct window *w)
{
    size_t i = 0;

    while (i < ws->n && ws->list[i] != w) {
        i++;
    }
    return i;
}

/* What has been seen needs no line above it any more once the user looks elsewhere. */
void windows_show(struct windows *ws, size_t i)
{
    if (i >= ws->n || i == ws->current) {
        return;
    }
    windows_current(ws)->first_unread = SCROLLBACK_NOWHERE;
    ws->before = ws->current;
    ws->current = i;
    window_seen(ws->list[i]);
}

void windows_show_this(struct windows *ws, const struct window *w)
{
    windows_show(ws, windows_index(ws, w));
}

void windows_close(struct windows *ws, struct window *w)
{
    size_t i = windows_index(ws, w);

    if (i == 0 || i >= ws->n) {
        return;
    }
    if (ws->current == i) {
        windows_show(ws, ws->before == i ? i - 1 : ws->before);
        ws->before = i; /* which is about to go */
    }
    (void)window_free(w);
    ws->n--;
    memmove(&ws->list[i], &ws->list[i + 1], (ws->n - i) * sizeof(struct window *));
    ws->current -= ws->current > i ? 1 : 0;
    if (ws->before == i) {
        ws->before = ws->current > 0 ? ws->current - 1 : 0;
    } else if (ws->before > i) {
        ws->before--;
    }
}

void windows_show_next_unread(struct windows *ws)
{
    size_t unread = ws->n;

    for (size_t step = 1; step < ws->n; step++) {
        size_t i = (ws->current + step) % ws->n;

        if (ws->list[i]->n_mentions > 0) {
            windows_show(ws, i);
            return;
        }
        if (ws->list[i]->n_unread > 0 && unread == ws->n) {
            unread = i;
        }
    }
    windows_show(ws, unread < ws->n ? unread : ws->before);
}
