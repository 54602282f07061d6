/* SPDX-License-Identifier: MIT */
/* front/foreign: what programs begin with that want another kind of server, and what people say. */
#include "front/foreign.h"

#include <setjmp.h>

#include <cmocka.h>

static void programs_are_known_by_their_first_line(void **state)
{
    static const struct {
        struct text line;
        enum foreign foreign;
    } rows[] = {
        { TEXT("CAP LS 302"), FOREIGN_IRC },
        { TEXT("CAP LS"), FOREIGN_IRC },
        { TEXT("CAP REQ :sasl"), FOREIGN_IRC },
        { TEXT("CAP END"), FOREIGN_IRC },
        { TEXT("PASS secret"), FOREIGN_IRC },
        { TEXT("PASS :secret"), FOREIGN_IRC },
        { TEXT("NICK bob"), FOREIGN_IRC },
        { TEXT("USER bob 0 * :Bob"), FOREIGN_IRC },
        { TEXT("USER bob 0 * :Bob Builder of Things"), FOREIGN_IRC },
        { TEXT("GET / HTTP/1.1"), FOREIGN_HTTP },
        { TEXT("PUT / HTTP/1.1"), FOREIGN_HTTP },
        { TEXT("POST /a?b=c HTTP/1.0"), FOREIGN_HTTP },
        { TEXT("PRI * HTTP/2.0"), FOREIGN_HTTP },
        { TEXT("OPTIONS * HTTP/1.1"), FOREIGN_HTTP },
        { TEXT("SSH-2.0-OpenSSH_9.2p1 Debian-2"), FOREIGN_SSH },
        { TEXT("\x16\x03\x01\x02"), FOREIGN_TLS },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_int_equal(foreign_find(rows[i].line), rows[i].foreign);
    }
}

static void people_may_begin_with_any_words(void **state)
{
    static const struct text lines[] = {
        TEXT(""),
        TEXT("hello"),
        TEXT("PASS"),
        TEXT("PASS the salt"),
        TEXT("pass secret"),
        TEXT("NICK"),
        TEXT("NICK Cave sings"),
        TEXT("nick bob"),
        TEXT("CAP"),
        TEXT("CAP it all"),
        TEXT("USER error again"),
        TEXT("USER a b c"),
        TEXT("GET well soon"),
        TEXT("GET / HTTP"),
        TEXT("GET / and HTTP/1.1"),
        TEXT("get / HTTP/1.1"),
        TEXT("GE / HTTP/1.1"),
        TEXT("what is HTTP/2 ?"),
        TEXT("SSH is fine"),
        TEXT("\x16 \x03"),
        TEXT("\x16"),
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
        assert_int_equal(foreign_find(lines[i]), FOREIGN_NONE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(programs_are_known_by_their_first_line),
        cmocka_unit_test(people_may_begin_with_any_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
