/* SPDX-License-Identifier: MIT */
/* The full-screen client without socket and terminal: lines of a server and keys in, a screen as
 * text and lines to the server out. */
#ifndef SUPPORT_DESK_RIG_H
#define SUPPORT_DESK_RIG_H

#include "desk.h"
#include "heard.h"
#include "typed.h"

#include <assert.h>

enum { DESK_RIG_SCREEN_MAX = 256 * 1024, DESK_RIG_MORNING = 1795305600 /* 2026-11-22 00:00 UTC */ };

struct desk_rig {
    struct model model;
    struct desk desk;
    time_t now;
};

static inline void desk_rig_begin(struct desk_rig *r, unsigned rows, unsigned columns)
{
    static const char *const rooms[] = { "#lobby" };
    const struct model_config config = { .nick = TEXT("ann"),
                                         .rooms = rooms,
                                         .n_rooms = 1,
                                         .shows_own = true,
                                         .keeps_state = true,
                                         .n_history = 50 };

    struct settings settings;

    settings_init(&settings);
    r->now = DESK_RIG_MORNING + 14 * 3600 + 2 * 60;
    model_init(&r->model, &config);
    desk_init(&r->desk, &r->model, &settings, true);
    desk_resize(&r->desk, rows, columns);
    desk_set_connection(&r->desk, TEXT("connected"));
}

static inline void desk_rig_end(struct desk_rig *r)
{
    desk_fini(&r->desk);
    model_fini(&r->model);
}

static inline void desk_rig_hear(struct desk_rig *r, struct text line)
{
    struct event event;

    heard_line(&r->model, line, r->now, &event);
    desk_take(&r->desk, &event);
    while (heard_more(&r->model, r->now, &event)) {
        desk_take(&r->desk, &event);
    }
}

static inline void desk_rig_enter(struct desk_rig *r)
{
    desk_rig_hear(r, TEXT(":irc 001 ann :Welcome"));
    desk_rig_hear(r, TEXT(":ann!a@h JOIN #lobby"));
    desk_rig_hear(r, TEXT(":irc PONG irc :partyline-1"));
    bytes_fini(&r->model.out);
}

/* The connection is gone, and there is another one. */
static inline void desk_rig_lose(struct desk_rig *r)
{
    const struct event event = { .kind = EVENT_LOST,
                                 .at = r->now,
                                 .text = TEXT("the connection is lost") };

    desk_take(&r->desk, &event);
    model_restart(&r->model);
    model_start(&r->model);
}

static inline void desk_rig_say(struct desk_rig *r)
{
    struct text line;

    while (desk_next_line(&r->desk, &line)) {
        struct event event;

        typed_line(&r->model, line, r->now, &event);
        desk_take(&r->desk, &event);
    }
}

static inline void desk_rig_type(struct desk_rig *r, struct text bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        (void)!desk_feed(&r->desk, bytes.at[i], r->now);
        desk_rig_say(r);
    }
}

/* Rows without the spaces at their ends; the cursor stands as '|' before its cell. */
static inline void desk_rig_put_screen(struct desk_rig *r, struct buf *out)
{
    const struct grid *g = &r->desk.grid;

    desk_draw(&r->desk);
    for (unsigned row = 0; row < g->rows; row++) {
        size_t end = out->len;

        for (unsigned column = 0; column < g->columns; column++) {
            const struct cell *cell = grid_cell(g, row, column);

            if (row == g->cursor_row && column == g->cursor_column) {
                buf_char(out, '|');
                end = out->len;
            }
            buf_put(out, cell->bytes, cell->len);
            end = cell->len == 1 && cell->bytes[0] == ' ' ? end : out->len;
        }
        out->len = end;
        buf_char(out, '\n');
    }
    assert(!out->full);
}

#endif
