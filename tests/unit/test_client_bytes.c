/* SPDX-License-Identifier: MIT */
/* client/bytes: a queue keeps its order however it is filled and emptied, and reuses its memory. */
#include "bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void nothing_needs_no_memory(void **state)
{
    struct bytes b = { .at = NULL };

    (void)state;
    bytes_put(&b, TEXT_NONE);
    assert_null(b.at);
    assert_int_equal(bytes_text(&b).len, 0);
    bytes_drop(&b, 0);
    bytes_fini(&b);
    bytes_fini(&b);
}

static void what_is_put_comes_out_in_order(void **state)
{
    struct bytes b = { .at = NULL };
    unsigned char next_in = 0, next_out = 0;

    (void)state;
    for (size_t round = 0; round < 2000; round++) {
        size_t n_drop;

        for (size_t i = 0; i < round % 13; i++, next_in++) {
            bytes_put(&b, (struct text){ .at = (const char *)&next_in, .len = 1 });
        }
        n_drop = bytes_text(&b).len * (round % 3) / 2;
        for (size_t i = 0; i < n_drop; i++) {
            assert_int_equal((unsigned char)bytes_text(&b).at[i], next_out++);
        }
        bytes_drop(&b, n_drop);
    }
    bytes_fini(&b);
}

static void dropped_room_is_used_again(void **state)
{
    struct bytes b = { .at = NULL };
    char half[256];

    (void)state;
    memset(half, 'x', sizeof(half));
    bytes_put(&b, (struct text){ .at = half, .len = sizeof(half) });
    for (int i = 0; i < 100; i++) {
        bytes_put(&b, (struct text){ .at = half, .len = sizeof(half) });
        bytes_drop(&b, sizeof(half));
    }
    assert_int_equal(b.size, 2 * sizeof(half));
    bytes_put(&b, (struct text){ .at = half, .len = sizeof(half) });
    bytes_put(&b, TEXT("y"));
    assert_int_equal(bytes_text(&b).len, 2 * sizeof(half) + 1);
    bytes_fini(&b);
}

/* Of the memory there is, whatever it is used for. */
static void assert_nowhere(const struct bytes *b, const char *secret)
{
    for (size_t i = 0; i + strlen(secret) <= b->size; i++) {
        assert_memory_not_equal(b->at + i, secret, strlen(secret));
    }
}

static void what_is_dropped_is_wiped(void **state)
{
    struct bytes b = { .at = NULL };
    char most[360];

    (void)state;
    memset(most, 'x', sizeof(most));
    bytes_put(&b, (struct text){ .at = most, .len = sizeof(most) });
    memset(b.at + b.end, 'x', b.size - b.end); /* what it was made of is not initialised */
    bytes_put(&b, TEXT("sesame"));
    bytes_drop(&b, sizeof(most));
    bytes_put(&b, (struct text){ .at = most, .len = 200 }); /* which moves it to the front */
    assert_int_equal(b.start, 0);
    assert_memory_equal(b.at, "sesame", 6);
    bytes_drop(&b, 6);
    assert_nowhere(&b, "sesame");
    bytes_put(&b, TEXT("sesame"));
    bytes_drop(&b, bytes_text(&b).len);
    assert_nowhere(&b, "sesame");
    bytes_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_needs_no_memory),
        cmocka_unit_test(what_is_put_comes_out_in_order),
        cmocka_unit_test(dropped_room_is_used_again),
        cmocka_unit_test(what_is_dropped_is_wiped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
