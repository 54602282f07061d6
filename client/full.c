/* SPDX-License-Identifier: MIT */
/* The full screen. Owns the moments at which the screen is drawn: not more often than a monitor
 * shows it, however much arrives, so that the keyboard is always listened to. What somebody waits
 * for is seen sooner. */
#include "full.h"

#include "clock.h"

#include <errno.h>
#include <time.h>

enum {
    FULL_FRAME_MS = 16,  /* between two drawings */
    FULL_WAIT_MS = 4,    /* the same, while somebody waits */
    FULL_ESCAPE_MS = 50, /* until a lone Escape is a key of its own */
    FULL_READ_BYTES = 4096
};

static struct full *full_of(struct face *face)
{
    return container_of(face, struct full, face);
}

static void full_show(struct face *face, const struct event *event)
{
    desk_take(&full_of(face)->desk, event);
}

static int full_read(struct face *face)
{
    struct full *f = full_of(face);
    char bytes[FULL_READ_BYTES];
    ssize_t n = read(face->in, bytes, sizeof(bytes));

    if (n < 0 && (errno == EINTR || errno == EAGAIN)) {
        return 0;
    }
    if (n < 0 && errno != EIO) { /* EIO: the terminal is gone, which is an end like any other */
        return -errno;
    }
    if (n <= 0) {
        face->has_ended = true;
        face->is_broken = true;
        return 0;
    }
    f->read_ms = clock_now_ms();
    f->is_awaited = true;
    bytes_put(&f->input, (struct text){ .at = bytes, .len = (size_t)n });
    return 0;
}

static int full_next_line(struct face *face, struct text *out_line)
{
    struct full *f = full_of(face);

    for (;;) {
        struct text input = bytes_text(&f->input);
        enum desk_outcome outcome;
        char byte;

        if (desk_next_line(&f->desk, out_line)) {
            return FACE_LINE;
        }
        if (input.len == 0) {
            return face->has_ended ? FACE_END : FACE_AGAIN;
        }
        byte = input.at[0];
        bytes_drop(&f->input, 1);
        outcome = desk_feed(&f->desk, byte, time(NULL));
        switch (outcome) {
        case DESK_AGAIN:
        case DESK_LINE: break;
        case DESK_END: return FACE_END;
        case DESK_STOP: return FACE_STOP;
        case DESK_REDRAW: screen_redraw(f->screen); break;
        }
    }
}

static int64_t full_draw_ms(const struct full *f)
{
    return f->desk.is_dirty ? f->drawn_ms + (f->is_awaited ? FULL_WAIT_MS : FULL_FRAME_MS)
                            : INT64_MAX;
}

static int64_t full_due_ms(const struct full *f)
{
    int64_t draw = full_draw_ms(f);
    int64_t escape = keys_is_waiting(&f->desk.keys) ? f->read_ms + FULL_ESCAPE_MS : INT64_MAX;
    int64_t alert = alert_due_ms(&f->desk.windows.alert);
    int64_t due = draw < escape ? draw : escape;

    return alert < due ? alert : due;
}

static void full_tell_desktop(struct full *f, int64_t now)
{
    char bytes[ALERT_BYTES_MAX];
    struct buf sequence = buf_over(bytes, sizeof(bytes));

    if (now < alert_due_ms(&f->desk.windows.alert)) {
        return;
    }
    alert_put(&f->desk.windows.alert, f->desk.settings.notify, &f->place, now, &sequence);
    screen_send(f->screen, buf_text(&sequence));
}

static void full_settle(struct face *face, struct text connection)
{
    struct full *f = full_of(face);
    int64_t now = clock_now_ms();

    if (keys_is_waiting(&f->desk.keys) && now >= f->read_ms + FULL_ESCAPE_MS) {
        desk_flush_keys(&f->desk, time(NULL));
    }
    desk_set_connection(&f->desk, connection);
    f->is_awaited |= f->desk.model->state < MODEL_READY;
    if (f->desk.windows.rings) {
        f->desk.windows.rings = false;
        screen_ring(f->screen);
    }
    full_tell_desktop(f, now);
    if (now >= full_draw_ms(f)) {
        desk_draw(&f->desk);
        screen_show(f->screen, &f->desk.grid);
        f->drawn_ms = now;
        f->is_awaited = false;
    }
}

static int full_timeout_ms(struct face *face)
{
    int64_t due = full_due_ms(full_of(face));
    int64_t now = clock_now_ms();

    if (due == INT64_MAX) {
        return -1;
    }
    return due <= now ? 0 : (int)(due - now);
}

static void full_resize(struct face *face)
{
    struct full *f = full_of(face);
    unsigned rows, columns;

    if (screen_measure(f->screen, &rows, &columns)) {
        desk_resize(&f->desk, rows, columns);
    }
}

static void full_pause(struct face *face)
{
    screen_pause(full_of(face)->screen);
}

static void full_resume(struct face *face)
{
    struct full *f = full_of(face);

    screen_resume(f->screen);
    full_resize(face);
    f->desk.is_dirty = true;
}

static const struct face_ops full_ops = {
    .show = full_show,
    .read = full_read,
    .next_line = full_next_line,
    .settle = full_settle,
    .timeout_ms = full_timeout_ms,
    .resize = full_resize,
    .pause = full_pause,
    .resume = full_resume,
};

int full_init(struct full *f, const struct full_config *config)
{
    int r;

    *f = (struct full){ .place = config->place,
                        .face = { .ops = &full_ops,
                                  .in = STDIN_FILENO,
                                  .is_terminal = true,
                                  .is_editing = true,
                                  .is_full = true } };
    r = screen_new(config->type, &f->screen);
    if (r != 0) {
        return r;
    }
    desk_init(&f->desk, config->model, config->settings,
              config->wants_colour && screen_has_colour(f->screen));
    full_resize(&f->face);
    return 0;
}

void full_fini(struct full *f)
{
    f->screen = screen_free(f->screen);
    desk_fini(&f->desk);
    bytes_fini(&f->input);
}
