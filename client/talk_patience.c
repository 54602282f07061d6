/* SPDX-License-Identifier: MIT */
/* How long to wait for what. A part of talk. A person decides alone how long to wait for a server;
 * a program's words are proven to have arrived, or its exit code says that they may not have. */
#include "talk.h"

#include "clock.h"
#include "nick_wish.h"

#include <stdio.h>
#include <time.h>

enum {
    TALK_HINT_MS = 3000,    /* until a silent server is worth a remark */
    TALK_ENTRY_MS = 60000,  /* until a program gives up on being let in; a person decides alone */
    TALK_PROOF_MS = 60000,  /* until a silent server counts as lost, input from a program */
    TALK_GOODBYE_MS = 5000, /* the same when a person wants to leave */
    TALK_LAST_WORDS_MS = 5000, /* for reading to the end behind our QUIT */
};

/* Connected again, and the handshake of TLS is not done. The first one was waited for. */
static bool talk_is_shaking(const struct talk *t)
{
    return t->route != NULL && t->model.state == MODEL_REGISTERING && !link_is_ready(&t->link);
}

/* When to do something if nothing happens; INT64_MAX: never. */
static int64_t talk_state_deadline_ms(const struct talk *t)
{
    bool is_paced = t->model.config.is_paced;

    if (talk_is_shaking(t)) {
        return t->started_ms + t->route->target.timeout_ms;
    }
    switch (t->model.state) {
    case MODEL_REGISTERING:
    case MODEL_JOINING:
        if (!t->has_hinted) {
            return t->started_ms + TALK_HINT_MS;
        }
        return is_paced ? t->started_ms + TALK_ENTRY_MS : INT64_MAX;
    case MODEL_READY:
        return is_paced && !model_is_open(&t->model) ? t->quiet_since_ms + TALK_PROOF_MS
                                                     : INT64_MAX;
    case MODEL_LEAVING: return t->quiet_since_ms + (is_paced ? TALK_PROOF_MS : TALK_GOODBYE_MS);
    case MODEL_LEFT: return t->quiet_since_ms + TALK_LAST_WORDS_MS;
    case MODEL_REFUSED: break;
    }
    return INT64_MAX;
}

/* The model counts whole seconds. What is further away than `most_s` is due: the clock was set
 * back. */
static int64_t talk_model_deadline_ms(time_t deadline, time_t most_s)
{
    time_t now = time(NULL);

    if (deadline == 0) {
        return INT64_MAX;
    }
    if (deadline <= now || deadline - now > most_s) {
        return clock_now_ms();
    }
    return clock_now_ms() + (deadline - now) * INT64_C(1000);
}

/* How long the server may take to tell what was missed. */
static int64_t talk_resume_deadline_ms(const struct talk *t)
{
    return talk_model_deadline_ms(resume_deadline(&t->model.resume), RESUME_PATIENCE_S);
}

/* When to ask whether the nickname that is wanted is free. */
static int64_t talk_wish_deadline_ms(const struct talk *t)
{
    return talk_model_deadline_ms(nick_wish_deadline(&t->model),
                                  (time_t)NICK_WISH_ASK_S << NICK_WISH_DOUBLINGS);
}

static int64_t talk_deadline_ms(const struct talk *t)
{
    int64_t state = talk_state_deadline_ms(t), resume = talk_resume_deadline_ms(t);
    int64_t wish = talk_wish_deadline_ms(t);
    int64_t first = resume < state ? resume : state;

    if (t->is_lost) {
        return talk_again_deadline_ms(t);
    }
    return wish < first ? wish : first;
}

static void talk_out_of_patience(struct talk *t)
{
    if (talk_is_shaking(t)) {
        talk_lose(t, "timed out during the handshake of TLS");
        return;
    }
    switch (t->model.state) {
    case MODEL_REGISTERING:
    case MODEL_JOINING:
        if (t->has_hinted) {
            talk_finish(t, EXIT_CODE_NOT_CONNECTED, "connected to %s, but it did not let us in",
                        t->where);
        } else if (t->face->is_terminal) {
            talk_say(t, EVENT_INFO, "connected to %s; it has not answered yet", t->where);
        } else {
            (void)fprintf(stderr, "partyline: connected to %s; it has not answered yet\n",
                          t->where);
        }
        t->has_hinted = true;
        return;
    case MODEL_READY:
    case MODEL_LEAVING:
        talk_finish(t, EXIT_CODE_LOST,
                    "%s has stopped answering; what was said last may not have arrived", t->where);
        return;
    case MODEL_LEFT: talk_finish(t, EXIT_CODE_FINE, "%s", ""); return;
    case MODEL_REFUSED: return;
    }
}

void talk_check_time(struct talk *t)
{
    if (t->is_lost) {
        talk_check_again(t);
        return;
    }
    t->n_tries = t->model.state == MODEL_READY ? 0 : t->n_tries;
    if (t->model.state != t->state_seen || t->model.pings != t->pings_seen) {
        t->state_seen = t->model.state;
        t->pings_seen = t->model.pings;
        t->quiet_since_ms = clock_now_ms();
    }
    if (clock_now_ms() >= talk_resume_deadline_ms(t)) {
        resume_give_up(&t->model.resume);
        talk_show_more(t);
    }
    nick_wish_check(&t->model, time(NULL));
    if (clock_now_ms() >= talk_state_deadline_ms(t)) {
        talk_out_of_patience(t);
    }
}

int talk_timeout(const struct talk *t)
{
    int face = t->face->ops->timeout_ms(t->face);
    int64_t deadline = talk_deadline_ms(t);
    int64_t now = clock_now_ms();
    int64_t left = deadline <= now ? 0 : deadline - now;

    if (deadline == INT64_MAX) {
        return face;
    }
    return face >= 0 && face < left ? face : (int)left;
}
