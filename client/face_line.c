/* SPDX-License-Identifier: MIT */
/* Line mode. Owns nothing but the order of things: lines.h says how an event reads, term.h puts it
 * above what is being typed. */
#include "face_line.h"

#include "json.h"
#include "lines.h"
#include "settings.h"

static struct face_line *face_line_of(struct face *face)
{
    return container_of(face, struct face_line, face);
}

static void face_line_note_ends(struct face_line *f)
{
    f->face.has_ended = f->term.has_ended;
    f->face.is_broken = f->term.is_broken;
}

/* Who comes, goes and is renamed, if that is not wanted: only a person can say so. */
static bool face_line_hides(const struct face_line *f, const struct event *event)
{
    const struct settings *settings = f->model->config.settings;
    bool is_coming = event->kind == EVENT_JOIN || event->kind == EVENT_LEAVE ||
                     event->kind == EVENT_QUIT || event->kind == EVENT_NICK;

    return settings != NULL && !settings->shows_comings && is_coming && !event->is_own;
}

static void face_line_show(struct face *face, const struct event *event)
{
    struct face_line *f = face_line_of(face);
    const struct lines_look look = { .has_colour = f->term.has_colour };
    char bytes[JSON_BYTES_MAX];
    struct buf lines = buf_over(bytes, sizeof(bytes));

    if (face_line_hides(f, event)) {
        return;
    }
    if (f->is_json) {
        json_render(event, &lines);
    } else {
        lines_render(event, &look, &lines);
    }
    if (lines.len > 0) {
        term_print(&f->term, buf_text(&lines));
    }
    face_line_note_ends(f);
}

static int face_line_read(struct face *face)
{
    struct face_line *f = face_line_of(face);
    int r = term_read(&f->term);

    face_line_note_ends(f);
    return r;
}

static int face_line_next_line(struct face *face, struct text *out_line)
{
    struct face_line *f = face_line_of(face);

    switch ((enum term_outcome)term_next_line(&f->term, out_line)) {
    case TERM_LINE: return FACE_LINE;
    case TERM_AGAIN: return FACE_AGAIN;
    case TERM_STOP: return FACE_STOP;
    case TERM_END: break;
    }
    return FACE_END;
}

/* The prompt is the room that plain text goes to. */
static void face_line_settle(struct face *face, struct text connection)
{
    struct face_line *f = face_line_of(face);
    char bytes[MODEL_NAME_MAX + 2];
    struct buf b = buf_over(bytes, sizeof(bytes));

    (void)connection;
    buf_text_put(&b, model_room(f->model));
    buf_text_put(&b, TEXT("> "));
    term_set_prompt(&f->term, buf_text(&b));
    face_line_note_ends(f);
}

static int face_line_timeout_ms(struct face *face)
{
    (void)face;
    return -1;
}

static void face_line_resize(struct face *face)
{
    term_redraw(&face_line_of(face)->term);
}

static void face_line_pause(struct face *face)
{
    term_pause(&face_line_of(face)->term);
}

static void face_line_resume(struct face *face)
{
    term_resume(&face_line_of(face)->term);
}

static const struct face_ops face_line_ops = {
    .show = face_line_show,
    .read = face_line_read,
    .next_line = face_line_next_line,
    .settle = face_line_settle,
    .timeout_ms = face_line_timeout_ms,
    .resize = face_line_resize,
    .pause = face_line_pause,
    .resume = face_line_resume,
};

int face_line_init(struct face_line *f, const struct term_config *config, const struct model *model)
{
    int r = term_init(&f->term, config);

    f->model = model;
    f->face = (struct face){ .ops = &face_line_ops,
                             .in = config->in,
                             .is_terminal = f->term.is_terminal,
                             .is_editing = f->term.is_editing };
    return r;
}

void face_line_fini(struct face_line *f)
{
    term_fini(&f->term);
}
