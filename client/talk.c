/* SPDX-License-Identifier: MIT */
/* What goes on between a person and a server. Owns the patience with both; knows neither IRC nor
 * escape sequences. Input from a pipe is only read when the model can take it, so what has been
 * read is either proven to have arrived, or the exit code says that it may not have. */
#include "talk.h"

#include "clock.h"
#include "heard.h"
#include "typed.h"

#include "lib/utf8.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { TALK_LINE_MAX = 4096 }; /* bytes a face hands out at once; more of it is cut */

/* A connection that stands; `where` is told to the user. */
void talk_take_link(struct talk *t, int fd, struct tls *tls, struct text where)
{
    struct buf b = buf_over(t->where, sizeof(t->where) - 1);

    buf_text_put(&b, where);
    buf_text_put(&b, tls == NULL ? TEXT_NONE : TEXT(" over TLS"));
    t->where[b.len] = '\0';
    link_init(&t->link, fd, tls);
    t->started_ms = clock_now_ms();
}

void talk_init(struct talk *t, int fd, struct tls *tls, struct text where)
{
    *t = (struct talk){ .exit = TALK_GOES_ON, .dial = -1 };
    talk_take_link(t, fd, tls, where);
    t->quiet_since_ms = t->started_ms;
}

void talk_fini(struct talk *t)
{
    link_fini(&t->link);
    model_fini(&t->model);
    bytes_fini(&t->early);
    if (t->dial >= 0) {
        (void)close(t->dial);
    }
}

void talk_finish(struct talk *t, enum exit_code code, const char *format, ...)
{
    struct buf b = buf_over(t->why, sizeof(t->why) - 1);
    va_list arguments;

    if (t->exit != TALK_GOES_ON) {
        return;
    }
    va_start(arguments, format);
    buf_vformat(&b, format, arguments);
    va_end(arguments);
    t->why[b.len] = '\0';
    t->exit = (int)code;
}

static void talk_show(struct talk *t, const struct event *event)
{
    char bytes[PATH_MAX + 256];
    struct buf why = buf_over(bytes, sizeof(bytes));

    t->face->ops->show(t->face, event);
    if (t->model.config.is_logged && logbook_take(t->log, event, &why) == LOGBOOK_FAILED) {
        const struct event failure = { .kind = EVENT_ERROR,
                                       .at = time(NULL),
                                       .text = buf_text(&why) };

        t->face->ops->show(t->face, &failure);
    }
}

void talk_say(struct talk *t, enum event_kind kind, const char *format, ...)
{
    char bytes[512];
    struct buf b = buf_over(bytes, sizeof(bytes));
    struct event event = { .kind = kind, .at = time(NULL) };
    va_list arguments;

    va_start(arguments, format);
    buf_vformat(&b, format, arguments);
    va_end(arguments);
    event.text = buf_text(&b);
    talk_show(t, &event);
}

void talk_leave(struct talk *t)
{
    model_leave(&t->model, TEXT_NONE);
}

void talk_hurry(struct talk *t)
{
    if (t->model.state >= MODEL_LEAVING) {
        talk_finish(t, EXIT_CODE_LOST, "left without waiting for the server");
        return;
    }
    talk_leave(t);
}

/* -- what the user says -- */

/* For later. Text goes to whom it is meant for now, wherever the user looks then. */
static void talk_keep(struct talk *t, struct text line)
{
    struct text target = model_target(&t->model);
    bool is_text = line.len > 0 && (line.at[0] != '/' || text_starts_with(line, TEXT("//")));

    if (t->is_lost && bytes_text(&t->early).len == 0) {
        talk_say(t, EVENT_INFO, "what you type is kept, and said when the connection is back");
    }
    if (is_text && t->model.has_target && target.len > 0) {
        bytes_put(&t->early, TEXT("/msg "));
        bytes_put(&t->early, target);
        bytes_put(&t->early, TEXT(" "));
        line = line.at[0] == '/' ? (struct text){ .at = line.at + 1, .len = line.len - 1 } : line;
    }
    bytes_put(&t->early, line);
    bytes_put(&t->early, TEXT("\n"));
}

static void talk_take_line(struct talk *t, struct text line)
{
    char bytes[TALK_LINE_MAX * UTF8_REPLACEMENT_BYTES];
    struct buf clean = buf_over(bytes, sizeof(bytes));
    struct event event;

    if (!model_is_open(&t->model) && !typed_is_local(line)) {
        talk_keep(t, line);
        return;
    }
    utf8_clean(line, UTF8_KEEP_FORMAT, &clean);
    typed_line(&t->model, buf_text(&clean), time(NULL), &event);
    talk_show(t, &event);
}

static void talk_take_early(struct talk *t)
{
    while (model_is_open(&t->model) && bytes_text(&t->early).len > 0) {
        struct text rest = bytes_text(&t->early);
        struct text line = text_cut(&rest, '\n');

        talk_take_line(t, line);
        bytes_drop(&t->early, line.len + 1);
    }
}

void talk_stop(struct talk *t)
{
    t->face->ops->pause(t->face);
    (void)raise(SIGSTOP);
    t->face->ops->resume(t->face);
}

/* A person is always listened to, if only for ^C; a program when there is room for its words. */
bool talk_wants_input(const struct talk *t)
{
    if (t->model.config.is_paced) {
        return model_is_open(&t->model);
    }
    return t->model.state < MODEL_LEAVING || (t->face->is_editing && !t->face->has_ended);
}

void talk_take_input(struct talk *t)
{
    talk_take_early(t);
    while (t->exit == TALK_GOES_ON && talk_wants_input(t)) {
        struct text line;

        switch ((enum face_outcome)t->face->ops->next_line(t->face, &line)) {
        case FACE_LINE: talk_take_line(t, line); break;
        case FACE_AGAIN: return;
        case FACE_STOP: talk_stop(t); break;
        case FACE_END: talk_hurry(t); return;
        }
    }
}

void talk_read_input(struct talk *t)
{
    int r = t->face->ops->read(t->face);

    if (r < 0) {
        talk_finish(t, EXIT_CODE_SYSTEM, "cannot read the input: %s", strerror(-r));
    }
}

/* -- what the server says -- */

void talk_show_more(struct talk *t)
{
    struct event event;

    while (heard_more(&t->model, time(NULL), &event)) {
        talk_show(t, &event);
    }
}

static void talk_take_lines(struct talk *t)
{
    for (;;) {
        struct event event;
        struct text line;
        int r = link_next_line(&t->link, &line);

        if (r == LINK_AGAIN) {
            return;
        }
        t->quiet_since_ms = clock_now_ms();
        talk_tell_news(t);
        if (r == LINK_TOO_LONG) {
            talk_say(t, EVENT_ERROR, "the server sent a line that is too long to read");
            continue;
        }
        heard_line(&t->model, line, time(NULL), &event);
        talk_show(t, &event);
        talk_show_more(t);
    }
}

/* The server has closed, or the connection broke with `error`. */
static void talk_end_of_link(struct talk *t, int error)
{
    if (talk_may_try_again(t)) {
        talk_lose(t, error < 0 ? link_why(&t->link, error) : "the server closed it");
        return;
    }
    switch (t->model.state) {
    case MODEL_LEFT: talk_finish(t, EXIT_CODE_FINE, "%s", ""); return;
    case MODEL_REFUSED: return; /* told by talk_check_refusal() */
    case MODEL_REGISTERING:
    case MODEL_JOINING:
    case MODEL_READY:
    case MODEL_LEAVING: break;
    }
    if (error < 0) {
        talk_finish(t, EXIT_CODE_LOST, "lost the connection to %s: %s", t->where,
                    link_why(&t->link, error));
    } else {
        talk_finish(t, EXIT_CODE_LOST, "%s closed the connection", t->where);
    }
}

static void talk_check_refusal(struct talk *t)
{
    if (t->model.state == MODEL_REFUSED && talk_may_try_again(t)) {
        talk_lose(t, t->model.refusal);
    } else if (t->model.state == MODEL_REFUSED) {
        bool was_in = t->model.was_let_in;

        talk_finish(t, was_in ? EXIT_CODE_LOST : EXIT_CODE_REFUSED, "%s %s: %s", t->where,
                    was_in ? "ended the connection" : "refused", t->model.refusal);
    }
}

/* A broken connection may still hold lines that came before it broke. */
void talk_hear(struct talk *t)
{
    int r;

    if (t->is_lost) {
        return;
    }
    do {
        r = link_read(&t->link);
        talk_take_lines(t);
    } while (r == 0 && link_has_pending(&t->link));
    talk_check_refusal(t);
    if (!t->is_lost && (r < 0 || t->link.has_ended)) {
        talk_end_of_link(t, r);
    }
}

/* Whoever cannot be shown anything any more does not want to stay; a pipe's words still count. */
static void talk_check_output(struct talk *t)
{
    if (t->face->is_broken && !t->model.config.is_paced && t->model.state < MODEL_LEAVING) {
        talk_leave(t);
    }
}

/* How it stands, in a word or two. */
static struct text talk_connection(const struct talk *t)
{
    if (t->is_lost) {
        return t->dial >= 0 ? TEXT("connecting again") : TEXT("connection lost");
    }
    switch (t->model.state) {
    case MODEL_REGISTERING:
    case MODEL_JOINING: return TEXT("connecting");
    case MODEL_READY: return TEXT("connected");
    case MODEL_LEAVING:
    case MODEL_LEFT: return TEXT("leaving");
    case MODEL_REFUSED: break;
    }
    return TEXT("refused");
}

/* Failing to send is no news in itself: whatever the server said last is still to be read. */
void talk_flush(struct talk *t)
{
    struct text out;
    int r;

    talk_check_output(t);
    talk_check_refusal(t);
    t->face->ops->settle(t->face, talk_connection(t));
    if (t->is_lost) {
        bytes_fini(&t->model.out); /* there is nobody to say it to */
        return;
    }
    out = bytes_text(&t->model.out);
    link_put(&t->link, out);
    bytes_drop(&t->model.out, out.len);
    if (t->model.state == MODEL_LEFT) {
        link_end(&t->link);
    }
    r = link_flush(&t->link);
    talk_tell_news(t);
    if (r < 0) {
        talk_hear(t);
    }
    if (r < 0 && !t->is_lost) {
        talk_end_of_link(t, r);
    }
}
