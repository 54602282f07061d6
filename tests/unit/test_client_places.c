/* SPDX-License-Identifier: MIT */
/* client/places: how far each conversation has been heard, in a table that is bounded. */
#include "places.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct places places;

static int set_up(void **state)
{
    (void)state;
    places_fini(&places);
    places = (struct places){ .touches = 0 };
    return 0;
}

static struct places_mark mark(uint64_t ms, const char *id)
{
    struct places_mark m = { .ms = ms, .id_len = strlen(id) };

    memcpy(m.id, id, m.id_len);
    return m;
}

static void expect_mark(const struct places_mark *m, uint64_t ms, const char *id)
{
    assert_int_equal(m->ms, ms);
    assert_int_equal(m->id_len, strlen(id));
    assert_memory_equal(m->id, id, m->id_len);
}

static struct place *open_number(unsigned i)
{
    char name[16];
    struct buf b = buf_over(name, sizeof(name));

    buf_format(&b, "nick%u", i);
    return places_open(&places, buf_text(&b));
}

static void names_are_found_whatever_their_case(void **state)
{
    char longest[PLACES_NAME_MAX + 1];
    struct place *place = places_open(&places, TEXT("#Tea"));

    (void)state;
    assert_non_null(place);
    assert_ptr_equal(places_open(&places, TEXT("#tEA")), place);
    assert_ptr_equal(places_find(&places, TEXT("#tea")), place);
    assert_null(places_find(&places, TEXT("#te")));
    assert_null(places_open(&places, TEXT_NONE));
    memset(longest, 'x', sizeof(longest));
    assert_non_null(places_open(&places, (struct text){ longest, PLACES_NAME_MAX }));
    assert_null(places_open(&places, (struct text){ longest, PLACES_NAME_MAX + 1 }));
}

static void the_one_not_spoken_of_for_longest_gives_way(void **state)
{
    (void)state;
    for (unsigned i = 0; i < PLACES_MAX; i++) {
        assert_non_null(open_number(i));
    }
    assert_non_null(places_find(&places, TEXT("nick0"))); /* spoken of just now */
    open_number(2)->wish = PLACES_MISSED;
    assert_non_null(open_number(PLACES_MAX));
    assert_null(places_find(&places, TEXT("nick1")));
    assert_non_null(places_find(&places, TEXT("nick0")));
    assert_non_null(open_number(PLACES_MAX + 1));
    assert_null(places_find(&places, TEXT("nick3")));
    assert_non_null(places_find(&places, TEXT("nick2"))); /* is being asked about */
}

static void no_place_is_taken_from_one_that_is_asked_about(void **state)
{
    (void)state;
    for (unsigned i = 0; i < PLACES_MAX; i++) {
        open_number(i)->wish = PLACES_MISSED;
    }
    assert_null(open_number(PLACES_MAX));
    assert_string_equal(places_next(&places)->name, "nick0");
}

static void newer_is_what_has_the_later_time(void **state)
{
    const struct places_mark marks[] = { mark(0, ""),   mark(50, ""),  mark(40, "a"),
                                         mark(60, "b"), mark(60, "c"), mark(30, "d") };
    struct place *place = places_open(&places, TEXT("#tea"));

    (void)state;
    place_heard(place, &marks[0]);
    expect_mark(&place->newest, 0, "");
    place_heard(place, &marks[1]);
    place_heard(place, &marks[2]); /* an id is worth more than a moment */
    expect_mark(&place->newest, 40, "a");
    place_heard(place, &marks[3]);
    place_heard(place, &marks[4]);
    place_heard(place, &marks[5]);
    expect_mark(&place->newest, 60, "c");
    expect_mark(&place->oldest, 30, "d");
}

static void a_new_name_is_followed_unless_somebody_had_it(void **state)
{
    struct place *bob = places_open(&places, TEXT("bob"));

    (void)state;
    places_rename(&places, TEXT("bob"), TEXT("Bob"));
    places_rename(&places, TEXT("nobody"), TEXT("eve"));
    assert_null(places_find(&places, TEXT("eve")));
    places_rename(&places, TEXT("bob"), TEXT("robert"));
    assert_ptr_equal(places_find(&places, TEXT("robert")), bob);
    (void)places_open(&places, TEXT("eve"));
    places_rename(&places, TEXT("robert"), TEXT("eve"));
    assert_ptr_equal(places_find(&places, TEXT("robert")), bob);
}

static void marks_are_read_from_tags(void **state)
{
    char tags[128];
    struct buf b = buf_over(tags, sizeof(tags));
    struct places_mark m = places_mark_of(TEXT("time=1970-01-01T00:00:02.345Z;msgid=x\\sy"));

    (void)state;
    expect_mark(&m, 2345, "x y");
    m = places_mark_of(TEXT("time=yesterday"));
    expect_mark(&m, 0, "");
    buf_text_put(&b, TEXT("time=1970-01-01T00:00:01.000Z;msgid="));
    for (int i = 0; i < PLACES_ID_MAX; i++) {
        buf_char(&b, 'x');
    }
    assert_int_equal(places_mark_of(buf_text(&b)).id_len, PLACES_ID_MAX);
    buf_char(&b, 'x');
    m = places_mark_of(buf_text(&b));
    expect_mark(&m, 1000, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(names_are_found_whatever_their_case, set_up),
        cmocka_unit_test_setup(the_one_not_spoken_of_for_longest_gives_way, set_up),
        cmocka_unit_test_setup(no_place_is_taken_from_one_that_is_asked_about, set_up),
        cmocka_unit_test_setup(newer_is_what_has_the_later_time, set_up),
        cmocka_unit_test_setup(a_new_name_is_followed_unless_somebody_had_it, set_up),
        cmocka_unit_test_setup(marks_are_read_from_tags, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
