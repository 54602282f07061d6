/* SPDX-License-Identifier: MIT */
/* chat/permissions and chat/modes: who may enter, speak and change, mode by mode. ann made the room
 * and runs it, bob is in it, cat is not. */
#include "chat/permissions.h"

#include "chat/modes.h"
#include "support/chat_rig.h"

struct scene {
    struct chat_rig *rig;
    uint32_t ann, bob, cat, room;
};

static struct scene scene_of(void **state)
{
    struct scene scene = { .rig = *state };

    scene.ann = chat_person(scene.rig, FRONT_IRC, "ann");
    scene.bob = chat_person(scene.rig, FRONT_LINE, "bob");
    scene.cat = chat_person(scene.rig, FRONT_LINE, "cat");
    scene.room = chat_join(scene.rig, scene.ann, "#tea", 0);
    (void)chat_join(scene.rig, scene.bob, "#tea", 0);
    return scene;
}

static int set(struct scene *scene, uint32_t who, const char *mode, const char *argument)
{
    struct modes_change change;
    int r;

    chat_begin(scene->rig);
    modes_begin(&change, scene->rig->hub, who, scene->room, scene->rig->exchange.now);
    r = modes_set(&change, mode[1], mode[0] == '+', text_of(argument));
    modes_end(&change);
    chat_commit(scene->rig);
    return r;
}

static int enter(struct scene *scene, uint32_t who, const char *key)
{
    return may_enter(scene->rig->hub, who, scene->room, text_of(key));
}

static int speak(struct scene *scene, uint32_t who)
{
    return may_speak(scene->rig->hub, who, scene->room);
}

static void each_mode_that_closes_the_door_has_its_own_reason(void **state)
{
    struct scene scene = scene_of(state);

    assert_int_equal(enter(&scene, scene.cat, ""), 0);
    assert_int_equal(set(&scene, scene.ann, "+k", "sugar"), 0);
    assert_int_equal(enter(&scene, scene.cat, ""), CHAT_WRONG_KEY);
    assert_int_equal(enter(&scene, scene.cat, "Sugar"), CHAT_WRONG_KEY);
    assert_int_equal(enter(&scene, scene.cat, "sugar"), 0);
    assert_int_equal(set(&scene, scene.ann, "+l", "2"), 0);
    assert_int_equal(enter(&scene, scene.cat, "sugar"), CHAT_ROOM_FULL);
    assert_int_equal(set(&scene, scene.ann, "+l", "3"), 0);
    assert_int_equal(enter(&scene, scene.cat, "sugar"), 0);
    assert_int_equal(set(&scene, scene.ann, "+i", ""), 0);
    assert_int_equal(enter(&scene, scene.cat, "sugar"), CHAT_INVITE_ONLY);
    assert_int_equal(set(&scene, scene.ann, "+I", "cat"), 0);
    assert_int_equal(enter(&scene, scene.cat, "sugar"), 0);
    assert_int_equal(set(&scene, scene.ann, "+b", "cat"), 0);
    assert_int_equal(enter(&scene, scene.cat, "sugar"), CHAT_BANNED);
    assert_int_equal(set(&scene, scene.ann, "+e", "cat"), 0);
    assert_int_equal(enter(&scene, scene.cat, "sugar"), 0);
}

static void an_invitation_opens_the_door_once(void **state)
{
    struct scene scene = scene_of(state);
    struct chat_rig *rig = scene.rig;

    assert_int_equal(set(&scene, scene.ann, "+b", "cat"), 0);
    assert_int_equal(set(&scene, scene.ann, "+i", ""), 0);
    chat_begin(rig);
    assert_int_equal(rooms_invite(rig->hub, scene.bob, scene.room, scene.cat, rig->exchange.now),
                     CHAT_NOT_OPERATOR);
    assert_int_equal(rooms_invite(rig->hub, scene.ann, scene.room, scene.bob, rig->exchange.now),
                     CHAT_TARGET_THERE);
    assert_int_equal(rooms_invite(rig->hub, scene.ann, scene.room, scene.cat, rig->exchange.now),
                     0);
    chat_commit(rig);
    chat_leave(rig, scene.cat, chat_join(rig, scene.cat, "#tea", 0));
    assert_int_equal(enter(&scene, scene.cat, ""), CHAT_BANNED);
}

/* What a member says to somebody is no key to what operators have closed. */
static void a_member_without_rank_invites_but_opens_nothing(void **state)
{
    struct scene scene = scene_of(state);
    struct chat_rig *rig = scene.rig;

    assert_int_equal(set(&scene, scene.ann, "+k", "tea"), 0);
    chat_begin(rig);
    assert_int_equal(rooms_invite(rig->hub, scene.bob, scene.room, scene.cat, rig->exchange.now),
                     0);
    chat_commit(rig);
    assert_non_null(strstr(chat_hear(rig, scene.cat), "invites you"));
    assert_int_equal(enter(&scene, scene.cat, ""), CHAT_WRONG_KEY);
}

static void who_may_speak_depends_on_rank_ban_and_place(void **state)
{
    struct scene scene = scene_of(state);

    assert_int_equal(speak(&scene, scene.cat), CHAT_NO_EXTERNAL);
    assert_int_equal(set(&scene, scene.ann, "-n", ""), 0);
    assert_int_equal(speak(&scene, scene.cat), 0);
    assert_int_equal(set(&scene, scene.ann, "+b", "bob"), 0);
    assert_int_equal(speak(&scene, scene.bob), CHAT_SILENCED);
    assert_int_equal(set(&scene, scene.ann, "+m", ""), 0);
    assert_int_equal(speak(&scene, scene.bob), CHAT_MODERATED);
    assert_int_equal(speak(&scene, scene.cat), CHAT_MODERATED);
    assert_int_equal(set(&scene, scene.ann, "+v", "bob"), 0);
    assert_int_equal(speak(&scene, scene.bob), 0);
    assert_int_equal(speak(&scene, scene.ann), 0);
}

static void only_operators_change_what_is_theirs_to_change(void **state)
{
    struct scene scene = scene_of(state);
    struct hub *hub = scene.rig->hub;

    assert_int_equal(set(&scene, scene.bob, "+m", ""), CHAT_NOT_OPERATOR);
    assert_int_equal(set(&scene, scene.cat, "+m", ""), CHAT_NOT_MEMBER);
    assert_int_equal(may_set_topic(hub, scene.bob, scene.room), 0);
    assert_int_equal(set(&scene, scene.ann, "+t", ""), 0);
    assert_int_equal(may_set_topic(hub, scene.bob, scene.room), CHAT_NOT_OPERATOR);
    assert_int_equal(may_set_topic(hub, scene.cat, scene.room), CHAT_NOT_MEMBER);
    assert_int_equal(set(&scene, scene.ann, "+o", "bob"), 0);
    assert_int_equal(may_set_topic(hub, scene.bob, scene.room), 0);
    assert_int_equal(set(&scene, scene.bob, "-o", "ann"), 0);
    assert_int_equal(set(&scene, scene.ann, "+o", "ann"), CHAT_NOT_OPERATOR);
}

static void an_operator_of_the_server_may_everything(void **state)
{
    struct scene scene = scene_of(state);

    assert_int_equal(set(&scene, scene.ann, "+b", "cat"), 0);
    assert_int_equal(set(&scene, scene.ann, "+m", ""), 0);
    assert_int_equal(set(&scene, scene.ann, "+s", ""), 0);
    assert_false(may_know_of(scene.rig->hub, scene.cat, scene.room));
    assert_true(may_know_of(scene.rig->hub, scene.bob, scene.room));
    chat_begin(scene.rig);
    people_set_mode(scene.rig->hub, scene.cat, PERSON_OPERATOR, true);
    chat_commit(scene.rig);
    assert_int_equal(enter(&scene, scene.cat, ""), 0);
    assert_int_equal(speak(&scene, scene.cat), 0);
    assert_int_equal(set(&scene, scene.cat, "-m", ""), 0);
    assert_true(may_know_of(scene.rig->hub, scene.cat, scene.room));
}

static void who_is_invisible_is_found_by_those_of_its_rooms(void **state)
{
    struct scene scene = scene_of(state);
    struct hub *hub = scene.rig->hub;

    chat_begin(scene.rig);
    people_set_mode(hub, scene.ann, PERSON_INVISIBLE, true);
    chat_commit(scene.rig);
    assert_true(may_find(hub, scene.bob, scene.ann));
    assert_false(may_find(hub, scene.cat, scene.ann));
    assert_true(may_find(hub, scene.ann, scene.ann));
    assert_true(may_find(hub, scene.cat, scene.bob));
}

static void what_cannot_be_set_is_refused_and_not_told(void **state)
{
    struct scene scene = scene_of(state);
    uint64_t tail = scene.rig->base.state.header->log.tail;
    static char key[KEY_MAX + 2] = "kkkkkkkkkkkkkkkkkkkkkkkk";

    assert_int_equal(set(&scene, scene.ann, "+Z", ""), CHAT_UNKNOWN_MODE);
    assert_int_equal(set(&scene, scene.ann, "+k", ""), CHAT_NO_ARGUMENT);
    assert_int_equal(set(&scene, scene.ann, "+k", "a,b"), CHAT_BAD_ARGUMENT);
    assert_int_equal(set(&scene, scene.ann, "+k", ":a"), CHAT_BAD_ARGUMENT);
    assert_int_equal(set(&scene, scene.ann, "+k", key), CHAT_BAD_ARGUMENT);
    assert_int_equal(set(&scene, scene.ann, "+l", "0"), CHAT_BAD_ARGUMENT);
    assert_int_equal(set(&scene, scene.ann, "+l", "100000"), CHAT_BAD_ARGUMENT);
    assert_int_equal(set(&scene, scene.ann, "+l", "-1"), CHAT_BAD_ARGUMENT);
    assert_int_equal(set(&scene, scene.ann, "+o", "dan"), CHAT_NO_PERSON);
    assert_int_equal(set(&scene, scene.ann, "+o", "cat"), CHAT_TARGET_ABSENT);
    assert_int_equal(set(&scene, scene.ann, "+b", ""), CHAT_NO_ARGUMENT);
    assert_int_equal(set(&scene, scene.ann, "+b", "a b"), CHAT_BAD_ARGUMENT);
    assert_int_equal(set(&scene, scene.ann, "-m", ""), 0); /* it is not */
    assert_int_equal(set(&scene, scene.ann, "-k", ""), 0);
    assert_int_equal(set(&scene, scene.ann, "+o", "ann"), 0);
    assert_int_equal(scene.rig->base.state.header->log.tail, tail);
    key[KEY_MAX] = '\0';
    assert_int_equal(set(&scene, scene.ann, "+k", key), 0);
    assert_int_equal(set(&scene, scene.ann, "+l", "99999"), 0);
}

static void several_changes_are_told_as_one(void **state)
{
    struct scene scene = scene_of(state);
    struct modes_change change;
    struct hub *hub = scene.rig->hub;
    char space[64];
    struct buf modes = buf_over(space, sizeof(space));

    (void)chat_hear(scene.rig, scene.ann);
    chat_begin(scene.rig);
    modes_begin(&change, hub, scene.ann, scene.room, scene.rig->exchange.now);
    assert_int_equal(modes_set(&change, 'm', true, TEXT_NONE), 0);
    assert_int_equal(modes_set(&change, 'o', true, TEXT("BOB")), 0);
    assert_int_equal(modes_set(&change, 'n', false, TEXT_NONE), 0);
    assert_int_equal(modes_set(&change, 'l', true, TEXT("007")), 0);
    assert_int_equal(modes_set(&change, 'k', true, TEXT("tea")), 0);
    modes_end(&change);
    chat_commit(scene.rig);
    assert_string_equal(chat_hear(scene.rig, scene.ann),
                        ":ann!guest@10.0.0.1 MODE #tea +mo-n+lk bob 007 tea\r\n");
    modes_print(hub, scene.room, true, &modes);
    assert_int_equal(modes.len, strlen("+klm tea 7"));
    assert_memory_equal(space, "+klm tea 7", modes.len);
    modes.len = 0;
    modes_print(hub, scene.room, false, &modes);
    assert_memory_equal(space, "+klm * 7", modes.len);
}

static void the_first_in_a_room_runs_it_and_its_modes_end_with_it(void **state)
{
    struct scene scene = scene_of(state);
    struct chat_rig *rig = scene.rig;

    assert_int_equal(set(&scene, scene.ann, "+b", "cat"), 0);
    assert_int_equal(set(&scene, scene.ann, "+k", "tea"), 0);
    chat_say(rig, scene.bob, scene.room, "a secret");
    chat_leave(rig, scene.bob, scene.room);
    chat_leave(rig, scene.ann, scene.room); /* ann has not read to the end: the row is there */
    assert_int_equal(rooms_find(rig->hub, TEXT("#tea")), 0);
    assert_int_not_equal(hub_room(rig->hub, scene.room)->id, 0);
    chat_rig_restart(rig);
    scene.room = chat_join(rig, scene.cat, "#TEA", 5);
    assert_null(strstr(chat_hear(rig, scene.cat), "secret"));
    assert_non_null(strstr(chat_hear(rig, scene.ann), "secret"));
    assert_int_equal(members_rank(rig->hub, scene.cat, scene.room), MEMBER_OPERATOR);
    assert_int_equal(hub_room(rig->hub, scene.room)->key, 0);
    assert_int_equal(hub_room(rig->hub, scene.room)->lists[ROOM_BANS], 0);
    assert_int_equal(hub_room(rig->hub, scene.room)->modes, ROOM_NO_EXTERNAL);
}

static void nobody_runs_a_permanent_room_and_its_bans_outlast_its_members(void **state)
{
    struct scene scene = scene_of(state);
    struct chat_rig *rig = scene.rig;

    assert_int_equal(set(&scene, scene.ann, "+b", "cat"), 0);
    chat_begin(rig);
    assert_int_equal(rooms_add_permanent(rig->hub, TEXT("#tea"), TEXT_NONE, 0, rig->exchange.now),
                     0);
    chat_commit(rig);
    chat_leave(rig, scene.bob, scene.room);
    chat_leave(rig, scene.ann, scene.room);
    chat_begin(rig);
    assert_int_equal(chat_try_join(rig, scene.cat, TEXT("#tea"), 0, &scene.room), CHAT_BANNED);
    chat_commit(rig);
    assert_int_equal(chat_join(rig, scene.bob, "#tea", 0), scene.room);
    assert_int_equal(members_rank(rig->hub, scene.bob, scene.room), 0);
}

static int kick(const struct scene *scene, uint32_t person, uint32_t target)
{
    return rooms_kick(
        scene->rig->hub, person,
        &(struct kick){ .room = scene->room, .target = target, .reason = TEXT("out") },
        scene->rig->exchange.now);
}

static void who_is_thrown_out_hears_it_and_nothing_after(void **state)
{
    struct scene scene = scene_of(state);
    struct chat_rig *rig = scene.rig;

    (void)chat_hear(rig, scene.ann);
    chat_begin(rig);
    assert_int_equal(kick(&scene, scene.bob, scene.ann), CHAT_NOT_OPERATOR);
    assert_int_equal(kick(&scene, scene.ann, scene.cat), CHAT_TARGET_ABSENT);
    assert_int_equal(kick(&scene, scene.ann, scene.bob), 0);
    chat_commit(rig);
    chat_say(rig, scene.ann, scene.room, "he is gone");
    assert_int_equal(hub_person(rig->hub, scene.bob)->current, 0);
    assert_non_null(strstr(chat_hear(rig, scene.bob), "out"));
    assert_string_equal(chat_hear(rig, scene.bob), "");
    assert_int_equal(hub_person(rig->hub, scene.bob)->n_memberships, 0);
    assert_string_equal(chat_hear(rig, scene.ann), ":ann!guest@10.0.0.1 KICK #tea bob :out\r\n");
}

static size_t wallops(struct scene *scene, const char *text, size_t len)
{
    chat_begin(scene->rig);
    assert_int_equal(talk_wallops(scene->rig->hub, scene->ann, (struct text){ text, len }, 0,
                                  scene->rig->exchange.now),
                     0);
    chat_commit(scene->rig);
    return strlen(chat_hear(scene->rig, scene->ann));
}

static void words_to_all_who_listen_are_cut_to_a_line(void **state)
{
    struct scene scene = scene_of(state);
    char text[WALLOPS_MAX + 1];
    size_t longest;

    memset(text, 'x', sizeof(text));
    chat_begin(scene.rig);
    people_set_mode(scene.rig->hub, scene.ann, PERSON_OPERATOR | PERSON_WALLOPS, true);
    chat_commit(scene.rig);
    (void)chat_hear(scene.rig, scene.ann);
    longest = wallops(&scene, text, WALLOPS_MAX);
    assert_int_equal(wallops(&scene, text, WALLOPS_MAX - 1), longest - 1);
    assert_int_equal(wallops(&scene, text, WALLOPS_MAX + 1), longest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CHAT_TEST(each_mode_that_closes_the_door_has_its_own_reason),
        CHAT_TEST(an_invitation_opens_the_door_once),
        CHAT_TEST(a_member_without_rank_invites_but_opens_nothing),
        CHAT_TEST(who_may_speak_depends_on_rank_ban_and_place),
        CHAT_TEST(only_operators_change_what_is_theirs_to_change),
        CHAT_TEST(an_operator_of_the_server_may_everything),
        CHAT_TEST(who_is_invisible_is_found_by_those_of_its_rooms),
        CHAT_TEST(what_cannot_be_set_is_refused_and_not_told),
        CHAT_TEST(several_changes_are_told_as_one),
        CHAT_TEST(the_first_in_a_room_runs_it_and_its_modes_end_with_it),
        CHAT_TEST(nobody_runs_a_permanent_room_and_its_bans_outlast_its_members),
        CHAT_TEST(words_to_all_who_listen_are_cut_to_a_line),
        CHAT_TEST(who_is_thrown_out_hears_it_and_nothing_after),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
