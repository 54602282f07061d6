/* SPDX-License-Identifier: MIT */
/* client/talk_again with model: how long to wait, what is taken along, what was perhaps not heard.
 */
#include "support/model_rig.h"

#include "talk.h"

static void waiting_grows_and_is_never_the_same_for_all(void **state)
{
    (void)state;
    for (unsigned n_tries = 0; n_tries < 100; n_tries++) {
        int least = talk_again_delay_ms(n_tries, 0);

        for (uint32_t random = 1; random != 0; random = random << 1 | 1) {
            int delay = talk_again_delay_ms(n_tries, random);

            assert_true(delay >= least && delay <= 2 * least);
            if (random == UINT32_MAX) {
                break;
            }
        }
        assert_true(least >= talk_again_delay_ms(n_tries == 0 ? 0 : n_tries - 1, 0));
    }
    assert_int_equal(talk_again_delay_ms(0, 0), 500);
    assert_int_equal(talk_again_delay_ms(99, 0), 60000);
    assert_true(talk_again_delay_ms(0, 77) != talk_again_delay_ms(0, 99));
}

static void nick_and_rooms_are_taken_along(void **state)
{
    struct model_rig *f = *state;

    model_rig_enter(f);
    model_rig_hear(f, ":ann!a@host NICK anna");
    model_rig_hear(f, ":anna!a@host JOIN #three");
    model_rig_hear(f, ":anna!a@host PART #two");
    (void)model_rig_sent(f);
    model_restart(&f->model);
    model_start(&f->model);
    assert_string_equal(model_rig_sent(f), "CAP LS 302\nNICK anna\nUSER partyline 0 * :ann\n");
    model_restart(&f->model); /* lost again at once */
    model_start(&f->model);
    (void)model_rig_sent(f);
    model_rig_hear(f, ":s 001 anna :welcome");
    assert_string_equal(model_rig_sent(f), "JOIN #lobby\nJOIN #three\nPING :partyline-2\n");
}

static void expect_unheard(const struct model_rig *f, const char *lines)
{
    model_rig_assert_text(bytes_text(&f->model.unheard), lines);
}

static void only_what_was_not_sent_back_is_unheard(void **state)
{
    struct model_rig *f = *state;

    model_rig_enter(f);
    model_say(&f->model, TEXT("#lobby"), TEXT("without echo"), false);
    expect_unheard(f, "");
    f->model.has_echo = true;
    model_say(&f->model, TEXT("#lobby"), TEXT("one"), false);
    model_say(&f->model, TEXT("bob"), TEXT("two"), true);
    model_say(&f->model, TEXT("#lobby"), TEXT("three"), false);
    model_say(&f->model, TEXT("#lobby"), TEXT("four"), false);
    model_rig_hear(f, ":bob!b@h PRIVMSG #lobby :three");
    expect_unheard(f, "1 #lobby one\n2 bob \001ACTION two\001\n3 #lobby three\n4 #lobby four\n");
    model_rig_hear(f, ":ann!a@host PRIVMSG #lobby :one");
    model_rig_hear(f, ":ann!a@host PRIVMSG #lobby :three");
    expect_unheard(f, "4 #lobby four\n");
    model_rig_hear(f, ":ann!a@host PRIVMSG #lobby :changed on the way");
    expect_unheard(f, "");
    model_rig_hear(f, ":ann!a@host PRIVMSG #lobby :from elsewhere");
    expect_unheard(f, "");
}

static void what_is_refused_is_no_longer_unheard(void **state)
{
    struct model_rig *f = *state;

    model_rig_enter(f);
    f->model.has_echo = true;
    model_say(&f->model, TEXT("#lobby"), TEXT("one"), false);
    model_say(&f->model, TEXT("bob"), TEXT("two"), false);
    model_rig_hear(f, ":s 401 ann bob :No such nick");
    expect_unheard(f, "1 #lobby one\n");
    model_rig_hear(f, ":s 404 ann #tea :Cannot send");
    expect_unheard(f, "1 #lobby one\n");
    model_rig_hear(f, ":s 404 ann #lobby :Cannot send");
    expect_unheard(f, "");
}

static void with_labels_nothing_is_guessed(void **state)
{
    struct model_rig *f = *state;

    model_rig_enter(f);
    f->model.has_echo = true;
    f->model.has_labels = true;
    model_say(&f->model, TEXT("#lobby"), TEXT("same"), false);
    model_say(&f->model, TEXT("#lobby"), TEXT("same"), false);
    model_say(&f->model, TEXT("bob"), TEXT("two"), false);
    assert_string_equal(model_rig_sent(f), "@label=1 PRIVMSG #lobby :same\n"
                                           "@label=2 PRIVMSG #lobby :same\n"
                                           "@label=3 PRIVMSG bob :two\n");
    model_rig_hear(f, "@label=2 :s 404 ann #lobby :Cannot send");
    expect_unheard(f, "1 #lobby same\n3 bob two\n");
    model_rig_hear(f, ":s 401 ann bob :of a WHOIS");
    model_rig_hear(f, ":ann!a@host PRIVMSG #lobby :from elsewhere");
    model_rig_hear(f, "@label=99 :s 404 ann #lobby :of nobody");
    expect_unheard(f, "1 #lobby same\n3 bob two\n");
    model_rig_hear(f, "@label=1 :ann!a@host PRIVMSG #lobby :same, but changed");
    model_rig_hear(f, "@label=3 :s 401 ann bob :No such nick");
    expect_unheard(f, "");
}

static void what_was_not_heard_is_asked_about_once_we_are_in_again(void **state)
{
    struct model_rig *f = *state;

    model_rig_enter(f);
    f->model.has_echo = true;
    model_say(&f->model, TEXT("#lobby"), TEXT("one"), false);
    model_say(&f->model, TEXT("bob"), TEXT("waves"), true);
    assert_false(model_say_again(&f->model));
    model_restart(&f->model);
    model_start(&f->model);
    assert_false(heard_more(&f->model, MODEL_RIG_NOW, &f->event));
    model_rig_hear(f, ":s 001 ann :welcome");
    model_rig_hear(f, ":ann!a@host JOIN #lobby");
    assert_false(heard_more(&f->model, MODEL_RIG_NOW, &f->event));
    model_rig_hear(f, ":s PONG s :partyline-2");
    assert_true(heard_more(&f->model, MODEL_RIG_NOW, &f->event));
    model_rig_assert_text(f->event.room, "#lobby");
    model_rig_assert_text(f->event.text, "not heard (/again says it again): one");
    assert_true(heard_more(&f->model, MODEL_RIG_NOW, &f->event));
    model_rig_assert_text(f->event.room, "bob");
    model_rig_assert_text(f->event.text, "not heard (/again says it again): /me waves");
    assert_false(heard_more(&f->model, MODEL_RIG_NOW, &f->event));
    (void)model_rig_sent(f);
    assert_true(model_say_again(&f->model));
    assert_string_equal(model_rig_sent(f),
                        "PRIVMSG #lobby :one\nPRIVMSG bob :\001ACTION waves\001\n");
    assert_false(model_say_again(&f->model));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, model_rig_set_up, model_rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(waiting_grows_and_is_never_the_same_for_all),
        TEST(nick_and_rooms_are_taken_along),
        TEST(only_what_was_not_sent_back_is_unheard),
        TEST(what_is_refused_is_no_longer_unheard),
        TEST(with_labels_nothing_is_guessed),
        TEST(what_was_not_heard_is_asked_about_once_we_are_in_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
