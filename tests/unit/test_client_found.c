/* SPDX-License-Identifier: MIT */
/* client/found: /find asks servers that can, and what is found is told as what it is, not as
 * something new. */
#include "support/model_rig.h"
#include "typed.h"

#include <stdlib.h>

static void offer(struct model_rig *f)
{
    model_rig_hear(f, ":s CAP * LS :batch server-time soju.im/search");
    assert_string_equal(model_rig_sent(f), "CAP REQ :server-time batch soju.im/search\n");
    model_rig_hear(f, ":s CAP * ACK :server-time batch soju.im/search");
    model_rig_enter(f);
    (void)model_rig_sent(f);
}

static void type(struct model_rig *f, const char *line)
{
    typed_line(&f->model, text_of(line), MODEL_RIG_NOW, &f->event);
}

static int set_up(void **state)
{
    if (model_rig_set_up(state) != 0) {
        return -1;
    }
    model_rig_begin(*state, false, "ann");
    (void)model_rig_sent(*state);
    return 0;
}

static void a_search_is_asked_with_what_narrows_it(void **state)
{
    struct model_rig *f = *state;

    offer(f);
    type(f, "/find green tea");
    assert_string_equal(model_rig_sent(f), "SEARCH text=green\\stea;from=;in=\n");
    type(f, "/find from:bob #tea a;b\\c");
    assert_string_equal(model_rig_sent(f), "SEARCH text=a\\:b\\\\c;from=bob;in=#tea\n");
}

/* It is 1970-01-01 00:16. */
static void a_search_may_be_of_a_time(void **state)
{
    struct model_rig *f = *state;

    (void)setenv("TZ", "UTC", 1);
    tzset();
    offer(f);
    type(f, "/find since:5m before:00:15 tea");
    assert_string_equal(model_rig_sent(f),
                        "SEARCH text=tea;from=;in=;after=1970-01-01T00:11:40.000Z;"
                        "before=1970-01-01T00:15:00.000Z\n");
    type(f, "/find before:yesterday tea");
    assert_int_equal(f->event.kind, EVENT_ERROR);
    type(f, "/find since: tea");
    assert_int_equal(f->event.kind, EVENT_ERROR);
    assert_string_equal(model_rig_sent(f), "");
}

static void a_server_that_cannot_is_not_asked(void **state)
{
    struct model_rig *f = *state;

    model_rig_hear(f, ":s CAP * LS :batch");
    model_rig_enter(f);
    (void)model_rig_sent(f);
    type(f, "/find tea");
    assert_int_equal(f->event.kind, EVENT_ERROR);
    assert_string_equal(model_rig_sent(f), "");
}

static void expect_info(const struct model_rig *f, const char *text)
{
    assert_int_equal(f->event.kind, EVENT_INFO);
    model_rig_assert_text(f->event.text, text);
}

static void what_is_found_is_told_with_its_time_and_place(void **state)
{
    struct model_rig *f = *state;

    (void)setenv("TZ", "UTC", 1);
    tzset();
    offer(f);
    model_rig_hear(f, ":s BATCH +s1 soju.im/search");
    assert_int_equal(f->event.kind, EVENT_NONE);
    model_rig_hear(f, "@batch=s1;time=2026-03-01T12:34:56.000Z :bob!b@h PRIVMSG #tea :green");
    expect_info(f, "2026-03-01 12:34 #tea <bob> green");
    model_rig_hear(f, "@batch=s1;time=2026-03-01T12:34:56.000Z :bob!b@h PRIVMSG #tea "
                      ":\001ACTION pours\001");
    expect_info(f, "2026-03-01 12:34 #tea * bob pours");
    /* somebody speaks meanwhile */
    model_rig_hear(f, ":bob!b@h PRIVMSG #tea :new");
    assert_int_equal(f->event.kind, EVENT_MESSAGE);
    model_rig_hear(f, "@batch=other :bob!b@h PRIVMSG #tea :of another batch");
    assert_int_equal(f->event.kind, EVENT_MESSAGE);
    model_rig_hear(f, ":s BATCH -other");
    assert_int_equal(f->event.kind, EVENT_NONE);
    model_rig_hear(f, ":s BATCH -s1");
    expect_info(f, "that was what was found");
    model_rig_hear(f, ":s WARN SEARCH NOT_ALL :there is more");
    expect_info(f, "there is more");
    model_rig_hear(f, "@batch=s1 :bob!b@h PRIVMSG #tea :behind its end");
    assert_int_equal(f->event.kind, EVENT_MESSAGE);
}

static void nothing_is_told_too(void **state)
{
    struct model_rig *f = *state;

    offer(f);
    model_rig_hear(f, ":s BATCH +s2 soju.im/search");
    model_rig_hear(f, ":s BATCH -s2");
    expect_info(f, "nothing was found");
    model_rig_hear(f, ":s BATCH -s2");
    assert_int_equal(f->event.kind, EVENT_NONE);
    model_rig_hear(f, ":s BATCH");
    assert_int_equal(f->event.kind, EVENT_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_search_is_asked_with_what_narrows_it, set_up,
                                        model_rig_tear_down),
        cmocka_unit_test_setup_teardown(a_search_may_be_of_a_time, set_up, model_rig_tear_down),
        cmocka_unit_test_setup_teardown(a_server_that_cannot_is_not_asked, set_up,
                                        model_rig_tear_down),
        cmocka_unit_test_setup_teardown(what_is_found_is_told_with_its_time_and_place, set_up,
                                        model_rig_tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_told_too, set_up, model_rig_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
