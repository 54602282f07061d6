/* SPDX-License-Identifier: MIT */
/* A lost connection that is not the end: waiting, longer each time and never the same time, and
 * connecting again. A part of talk. What is typed meanwhile is said when there is a server again;
 * what was said last and not seen to arrive is asked about, and not said twice. */
#include "talk.h"

#include "clock.h"
#include "dial.h"

#include <sys/random.h>

enum { TALK_AGAIN_FIRST_MS = 1000, TALK_AGAIN_MOST_MS = 120000, TALK_AGAIN_DOUBLINGS = 7 };

int talk_again_delay_ms(unsigned n_tries, uint32_t random)
{
    unsigned doublings = n_tries > TALK_AGAIN_DOUBLINGS ? TALK_AGAIN_DOUBLINGS : n_tries;
    int most = TALK_AGAIN_FIRST_MS << doublings;

    most = most > TALK_AGAIN_MOST_MS ? TALK_AGAIN_MOST_MS : most;
    return most / 2 + (int)(random % (uint32_t)(most / 2 + 1));
}

static void talk_schedule(struct talk *t)
{
    uint32_t random = 0;
    int delay_ms;

    (void)!getrandom(&random, sizeof(random), GRND_NONBLOCK); /* 0 does, if there is none */
    delay_ms = talk_again_delay_ms(t->n_tries++, random);
    t->again_ms = clock_now_ms() + delay_ms;
}

bool talk_may_try_again(const struct talk *t)
{
    return t->route != NULL && t->model.was_let_in &&
           (t->model.state < MODEL_LEAVING || t->model.state == MODEL_REFUSED);
}

/* Whether it was heard, the next connection may tell. */
static void talk_show_unheard(struct talk *t)
{
    struct text rest = bytes_text(&t->model.unheard);

    while (rest.len > 0) {
        struct text line = text_cut(&rest, '\n');
        struct text label = text_cut(&line, ' ');
        struct text to = text_cut(&line, ' ');

        (void)label;
        talk_say(t, EVENT_ERROR, "to %.*s, not answered yet: %.*s", TEXT_ARG(to), TEXT_ARG(line));
    }
}

/* Once: the status line says that it goes on. */
static void talk_tell_failure(struct talk *t, struct text why)
{
    if (t->n_tries == 1) {
        talk_say(t, EVENT_INFO, "not yet: %.*s", TEXT_ARG(why));
    }
}

void talk_lose(struct talk *t, const char *why)
{
    if (t->is_lost) {
        return;
    }
    t->is_lost = true;
    if (t->has_news) { /* it was never said to be back */
        t->has_news = false;
        talk_tell_failure(t, text_of(why));
    } else {
        talk_show_unheard(t);
        talk_say(t, EVENT_LOST, "the connection is lost: %s", why);
    }
    link_fini(&t->link);
    model_restart(&t->model);
    talk_schedule(t);
}

/* Nothing to wait for any more: whoever leaves now has said goodbye to nobody. */
static bool talk_has_given_up(struct talk *t)
{
    if (t->model.state < MODEL_LEAVING) {
        return false;
    }
    if (bytes_text(&t->early).len > 0) {
        talk_finish(t, EXIT_CODE_LOST, "what was typed without a connection was said to nobody");
    }
    talk_finish(t, EXIT_CODE_FINE, "%s", "");
    return true;
}

void talk_check_again(struct talk *t)
{
    if (talk_has_given_up(t) || t->dial >= 0 || clock_now_ms() < t->again_ms) {
        return;
    }
    if (dial_start(&t->route->target, &t->dial) < 0) {
        talk_schedule(t);
    }
}

void talk_tell_news(struct talk *t)
{
    if (t->has_news && link_is_ready(&t->link)) {
        t->has_news = false;
        talk_say(t, EVENT_INFO, "connected to %s again", t->where);
    }
}

/* The handshake of TLS is part of what follows: it fails as the connection does. */
static void talk_is_back(struct talk *t, int fd, struct tls *tls, struct text where)
{
    talk_take_link(t, fd, tls, where);
    t->is_lost = false;
    t->has_hinted = false;
    t->has_news = true;
    model_start(&t->model);
    talk_tell_news(t);
}

/* 0, a socket and TLS or NULL, or a reason in `words`. */
static int talk_take_socket(struct talk *t, int *out_fd, struct tls **out_tls, struct buf *words)
{
    owned_fd int fd = -1;
    int r = dial_take(t->dial, &fd, words);

    if (r == 0) {
        char bytes[TLS_WHY_MAX];
        struct buf why = buf_over(bytes, sizeof(bytes));

        r = route_secure(t->route, fd, out_tls, &why);
        if (r != 0) {
            words->len = 0;
            buf_text_put(words, buf_text(&why));
            return r;
        }
        *out_fd = give_fd(&fd);
    }
    return r;
}

void talk_take_dial(struct talk *t)
{
    char bytes[DIAL_WORDS_MAX];
    struct buf words = buf_over(bytes, sizeof(bytes));
    struct tls *tls = NULL;
    int fd = -1;
    int r = talk_take_socket(t, &fd, &tls, &words);

    (void)close(t->dial);
    t->dial = -1;
    if (r == 0) {
        talk_is_back(t, fd, tls, buf_text(&words));
        return;
    }
    if (r > 0) {
        struct text rest = buf_text(&words);

        talk_tell_failure(t, text_trim(text_cut(&rest, '\n')));
    }
    talk_schedule(t);
}

int64_t talk_again_deadline_ms(const struct talk *t)
{
    return t->dial >= 0 ? INT64_MAX : t->again_ms;
}
