/* SPDX-License-Identifier: MIT */
/* front/pull and front/follow: readers of one round share what was rendered for others. The same
 * life is played three times: each for itself, sharing, and the short way where there is one.
 * Everybody must hear the same bytes, and be told up to the same minute. */
#include "front/irc.h"
#include "support/chat_rig.h"

#include <stdio.h>

enum { SHARED_PEOPLE = 16, SHARED_STEPS = 400, SHARED_HEARD_MAX = 1 << 20 };

enum life_way { LIFE_ALONE, LIFE_SHARING, LIFE_FOLLOWING };

struct life {
    struct chat_rig *chat;
    enum life_way way;
    unsigned seed;
    unsigned n_followed;
    uint32_t people[SHARED_PEOPLE];
    char *heard; /* owned */
    size_t len;
};

static unsigned life_dice(struct life *life, unsigned sides)
{
    return (unsigned)rand_r(&life->seed) % sides;
}

static void life_note(struct life *life, size_t i, const char *heard)
{
    life->len += (size_t)snprintf(
        life->heard + life->len, SHARED_HEARD_MAX - life->len, "%zu hears, told until %u:\n%s", i,
        life->chat->base.state.wires[life->people[i]].flood.told_minute, heard);
    assert_true(life->len < SHARED_HEARD_MAX);
}

/* Those from `first` on who are of one group; returns how many. */
static size_t life_follow(struct life *life, size_t first, size_t end)
{
    uint64_t written[SHARED_PEOPLE];
    struct followers followers;
    size_t n = 0;

    followers_begin(&followers, &life->chat->exchange);
    for (; first + n < end; n++) {
        uint32_t person = life->people[first + n];

        written[n] = life->chat->base.state.wires[person].out.produced;
        if (!chat_try_follow(life->chat, &followers, person)) {
            break;
        }
    }
    followers_commit(&followers);
    state_rig_check(&life->chat->base);
    for (size_t i = 0; i < n; i++) {
        const char *heard = chat_take(life->chat, life->people[first + i], written[i]);

        life->n_followed += heard[0] != '\0';
        life_note(life, first + i, heard);
    }
    return n;
}

static void life_hear(struct life *life, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        if (life->way == LIFE_ALONE) {
            renderings_reset(&life->chat->exchange.renderings);
        }
        if (life->way == LIFE_FOLLOWING) {
            i += life_follow(life, i, end);
        }
        if (i < end) {
            life_note(life, i, chat_hear(life->chat, life->people[i]));
        }
    }
}

/* Most stay in one room, and come back when they were thrown out. */
static void life_move(struct life *life, uint32_t person, bool roams)
{
    static const char *const names[] = { "#a", "#b", "#c" };
    struct chat_rig *chat = life->chat;
    const char *name = names[roams ? life_dice(life, 3) : 0];
    uint32_t room = rooms_find(chat->hub, text_of(name));

    chat_begin(chat);
    if (roams && room != 0 && members_find(chat->hub, person, room) != 0) {
        (void)!rooms_leave(chat->hub, person, room, TEXT("why"), chat->exchange.now);
    } else {
        (void)!chat_try_join(chat, person, text_of(name), life_dice(life, 4), &room);
    }
    chat_commit(chat);
}

static void life_rename(struct life *life, uint32_t person, unsigned step)
{
    char nick[16];

    (void)snprintf(nick, sizeof(nick), "n%u", step);
    chat_begin(life->chat);
    (void)!people_rename(life->chat->hub, person, text_of(nick), life->chat->exchange.now);
    chat_commit(life->chat);
}

static void life_say(struct life *life, uint32_t person, unsigned step)
{
    struct chat_rig *chat = life->chat;
    uint32_t m = hub_person(chat->hub, person)->current;
    char text[64];

    (void)snprintf(text, sizeof(text), "number %u %.*s", step, (int)life_dice(life, 20),
                   "xxxxxxxxxxxxxxxxxxxx");
    chat_begin(chat);
    if (m != 0) {
        struct utterance said = { .kind = life_dice(life, 2) ? RECORD_SAID : RECORD_ACTION,
                                  .text = text_of(text),
                                  .tags = life_dice(life, 4) == 0 ? TEXT("+k=v") : TEXT_NONE,
                                  .least = life_dice(life, 4) == 0 ? life_dice(life, 3) : 0 };

        (void)!talk_in_room(chat->hub, person, hub_membership(chat->hub, m)->room, &said,
                            chat->exchange.now);
    }
    chat_commit(chat);
}

/* Ranks come and go, somebody is thrown out. */
static void life_moderate(struct life *life, uint32_t person)
{
    struct hub *hub = life->chat->hub;
    uint32_t target = life->people[life_dice(life, SHARED_PEOPLE)];
    uint32_t m = hub_person(hub, person)->current;
    struct kick kick = { .target = target, .reason = TEXT("out") };

    kick.room = m == 0 ? 0 : hub_membership(hub, m)->room;
    if (kick.room == 0) {
        return;
    }
    chat_begin(life->chat);
    if (life_dice(life, 8) == 0) {
        (void)!rooms_kick(hub, person, &kick, life->chat->exchange.now);
    } else {
        members_set_rank(hub, m, 1 + life_dice(life, 2), life_dice(life, 2) == 0);
    }
    chat_commit(life->chat);
}

static void life_step(struct life *life, unsigned step)
{
    size_t i = life_dice(life, SHARED_PEOPLE);
    uint32_t person = life->people[i];

    life->chat->exchange.now.real_ms += life_dice(life, 10000);
    switch (life_dice(life, 13)) {
    case 0: life_move(life, person, i % 3 == 0); break;
    case 1:
        if (life_dice(life, 4) == 0) {
            life_rename(life, person, step);
        }
        break;
    case 2:
        chat_tell(life->chat, person, life->people[life_dice(life, SHARED_PEOPLE)], "psst");
        break;
    case 3:
    case 4:
    case 5: life_hear(life, i, i + 1); break;
    case 6: renderings_reset(&life->chat->exchange.renderings); break; /* the round ends */
    case 7: life_hear(life, 0, SHARED_PEOPLE); break;
    case 8: life_moderate(life, person); break;
    default: life_say(life, person, step); break;
    }
}

/* What everybody heard, owned by the caller; *out_followed grows by how often the short way was
 * taken. */
static char *life_play(enum life_way way, unsigned seed, unsigned *out_followed)
{
    struct life life = { .way = way, .seed = seed };
    void *state;

    assert_int_equal(chat_rig_set_up(&state), 0);
    life.chat = state;
    life.heard = malloc(SHARED_HEARD_MAX);
    assert_non_null(life.heard);
    for (size_t i = 0; i < SHARED_PEOPLE; i++) {
        char nick[] = { 'p', (char)('a' + i), '\0' };

        life.people[i] =
            chat_person(life.chat, i < SHARED_PEOPLE / 2 ? FRONT_LINE : FRONT_IRC, nick);
        (void)chat_join(life.chat, life.people[i], "#a", 0);
    }
    chat_begin(life.chat);
    state_edit_person(&life.chat->base.state, life.people[SHARED_PEOPLE - 1])->caps =
        IRC_CAP_SERVER_TIME | IRC_CAP_ECHO_MESSAGE;
    state_edit_person(&life.chat->base.state, life.people[SHARED_PEOPLE - 2])->caps =
        IRC_CAP_MESSAGE_TAGS;
    chat_commit(life.chat);
    for (unsigned step = 0; step < SHARED_STEPS; step++) {
        life_step(&life, step);
    }
    life_hear(&life, 0, SHARED_PEOPLE);
    *out_followed += life.n_followed;
    assert_int_equal(chat_rig_tear_down(&state), 0);
    return life.heard;
}

static void who_reads_after_others_hears_what_it_would_hear_alone(void **state)
{
    unsigned n_followed = 0;

    (void)state;
    for (unsigned seed = 1; seed <= 20; seed++) {
        char *alone = life_play(LIFE_ALONE, seed, &n_followed);
        char *shared = life_play(LIFE_SHARING, seed, &n_followed);
        char *followed = life_play(LIFE_FOLLOWING, seed, &n_followed);

        assert_true(strlen(alone) > 5000);
        assert_string_equal(shared, alone);
        assert_string_equal(followed, alone);
        free(alone);
        free(shared);
        free(followed);
    }
    assert_true(n_followed > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_reads_after_others_hears_what_it_would_hear_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
