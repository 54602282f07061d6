/* SPDX-License-Identifier: MIT */
/* client/grid: which rows of two screens are alike, since those are not sent again. */
#include "grid.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { ROWS = 3, COLUMNS = 10 };

struct two {
    struct grid old, new;
};

static void two_put(struct grid *g, const char *t, struct style style)
{
    struct grid_line line = grid_line(g, 1, 0, COLUMNS);

    (void)grid_put(&line, text_of(t), style);
    grid_fill(&line, STYLE_PLAIN);
}

static int set_up(void **state)
{
    static struct two two;

    two = (struct two){ .old = { .rows = 0 } };
    grid_reset(&two.old, ROWS, COLUMNS);
    grid_reset(&two.new, ROWS, COLUMNS);
    *state = &two;
    return 0;
}

static int tear_down(void **state)
{
    struct two *two = *state;

    grid_fini(&two->old);
    grid_fini(&two->new);
    return 0;
}

static void a_row_is_alike_however_it_came_to_be(void **state)
{
    static const char *const earlier[] = { "", "something", "\xE6\xBC\xA2\xE6\xBC\xA2",
                                           "e\xCC\x81" };
    struct two *two = *state;

    two_put(&two->new, "caf\xC3\xA9", STYLE_PLAIN);
    for (size_t i = 0; i < ARRAY_SIZE(earlier); i++) {
        two_put(&two->old, earlier[i], style_with(STYLE_PLAIN, STYLE_BOLD));
        assert_false(grid_row_equal(&two->old, &two->new, 1));
        two_put(&two->old, "caf\xC3\xA9", STYLE_PLAIN);
        assert_true(grid_row_equal(&two->old, &two->new, 1));
    }
}

static void a_row_that_differs_in_anything_is_seen(void **state)
{
    static const struct {
        const char *text;
        struct style style;
    } others[] = {
        { "cafe", { 0, STYLE_OWN_COLOUR, STYLE_OWN_COLOUR } },
        { "caf\xC3\xA9!", { 0, STYLE_OWN_COLOUR, STYLE_OWN_COLOUR } },
        { "caf\xC3\xA9", { STYLE_BOLD, STYLE_OWN_COLOUR, STYLE_OWN_COLOUR } },
        { "caf\xC3\xA9", { 0, 1, STYLE_OWN_COLOUR } },
        { "caf\xC3\xA9", { 0, STYLE_OWN_COLOUR, 1 } },
        { "caf\xC3\xA9\xCC\x81", { 0, STYLE_OWN_COLOUR, STYLE_OWN_COLOUR } },
    };
    struct two *two = *state;

    two_put(&two->old, "caf\xC3\xA9", STYLE_PLAIN);
    for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
        two_put(&two->new, others[i].text, others[i].style);
        assert_false(grid_row_equal(&two->old, &two->new, 1));
        assert_true(grid_row_equal(&two->old, &two->new, 0));
        assert_true(grid_row_equal(&two->old, &two->new, ROWS - 1));
    }
}

static void rows_of_other_sizes_are_never_alike(void **state)
{
    struct two *two = *state;
    const struct grid none = { .rows = 0 };

    assert_false(grid_row_equal(&two->old, &two->new, ROWS));
    assert_false(grid_row_equal(&two->old, &none, 0));
    assert_false(grid_row_equal(&none, &none, 0));
    grid_reset(&two->new, ROWS, COLUMNS + 1);
    assert_false(grid_row_equal(&two->old, &two->new, 0));
    grid_reset(&two->new, ROWS + 1, COLUMNS);
    assert_false(grid_row_equal(&two->old, &two->new, 0));
}

static void a_copy_is_alike_and_its_own(void **state)
{
    struct two *two = *state;
    struct grid copy = { .rows = 0 };

    two_put(&two->old, "words", STYLE_PLAIN);
    two->old.cursor_row = 2;
    two->old.cursor_column = 3;
    for (int i = 0; i < 2; i++) { /* into nothing, and over what is there */
        grid_copy(&copy, &two->old);
        for (unsigned row = 0; row < ROWS; row++) {
            assert_true(grid_row_equal(&copy, &two->old, row));
        }
        assert_int_equal(copy.cursor_row, 2);
        assert_int_equal(copy.cursor_column, 3);
        two_put(&copy, "other", STYLE_PLAIN);
        assert_false(grid_row_equal(&copy, &two->old, 1));
    }
    grid_copy(&copy, &(const struct grid){ .rows = 0 });
    assert_int_equal(copy.rows, 0);
    grid_fini(&copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_row_is_alike_however_it_came_to_be, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_row_that_differs_in_anything_is_seen, set_up, tear_down),
        cmocka_unit_test_setup_teardown(rows_of_other_sizes_are_never_alike, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_copy_is_alike_and_its_own, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
