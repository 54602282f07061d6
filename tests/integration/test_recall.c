/* SPDX-License-Identifier: MIT */
/* It is not to be seen who remembers: the same questions are put to a server whose log has
 * everything and to one whose log has given all of it up, and the answers are the same, byte for
 * byte. */
#include "lib/timestamp.h"
#include "support/rig.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    SAYINGS = 250,
    QUESTIONS = 400,
    BETWEEN_CRASHES = 90,
    LINES_AT_ONCE = 20,
    FILLER = 400, /* bytes */
    FILLERS_MAX = 20000,
    BEFORE_DIFFERENCE = 300,
};

static const uint64_t NOON_MS = 1772366400000; /* as the rig's clock begins */
static const uint64_t FIRST = 1772366400000001;

/* ---- two rigs ---- */

static struct rig *start(bool is_archived)
{
    struct rig *rig = rig_new();

    rig->config.limits.lines_per_second = 0;
    if (is_archived) {
        free(rig->config.archive.file);
        rig->config.archive.file = strdup("kept.db");
    }
    rig_start(rig);
    peer_say(rig_connect(rig, "ann", RIG_IRC), "NICK ann\r\nUSER a 0 * :A\r\nJOIN #c,#d");
    peer_say(rig_connect(rig, "bob", RIG_IRC),
             "CAP REQ :server-time message-tags draft/chathistory\r\nNICK bob\r\n"
             "USER b 0 * :B\r\nCAP END\r\nJOIN #c,#d");
    rig_settle(rig);
    return rig;
}

static void put_filler(char filler[FILLER + 1])
{
    memset(filler, '.', FILLER);
    filler[FILLER] = '\0';
}

/* The same for each seed, and so are the numbers and the times of what it makes. */
static void talk(struct rig *rig, unsigned seed)
{
    static const char *const lines[] = { "PRIVMSG #c :word %",
                                         "PRIVMSG #d :word %",
                                         "PRIVMSG bob :aside %",
                                         "NOTICE #c :notice %",
                                         "PRIVMSG #c :\001ACTION does %\001",
                                         "TOPIC #c :topic %",
                                         "AWAY :why %",
                                         "PART #d :%\r\nJOIN #d",
                                         "MODE #c +l %",
                                         "NICK ann%\r\nPRIVMSG bob :renamed\r\nNICK ann",
                                         "PRIVMSG @#c :for operators %",
                                         "PRIVMSG #c,#d,bob :everywhere %",
                                         "PRIVMSG #c :\001PING %\001",
                                         "NOTICE bob :\001VERSION %\001",
                                         "@+typing=% TAGMSG #c",
                                         "@+react=% TAGMSG #c,ann" };
    char filler[FILLER + 1];

    put_filler(filler);
    for (int i = 0; i < SAYINGS; i++) {
        bool is_bob = rand_r(&seed) % 4 == 0;
        struct text after = text_of(lines[(unsigned)rand_r(&seed) % ARRAY_SIZE(lines)]);
        struct text before = text_cut(&after, '%');
        bool is_long = rand_r(&seed) % 4 != 0 && text_starts_with(before, TEXT("PRIVMSG #"));

        peer_say(rig_peer(rig, is_bob ? TEXT("bob") : TEXT("ann")), "%.*s%d%.*s%s",
                 TEXT_ARG(before), i + 1, TEXT_ARG(after), is_long ? filler : "");
        rig_advance(rig, (uint64_t)rand_r(&seed) % 3 * 300);
    }
    rig_settle(rig);
}

/* Until the log has nothing of it. */
static void forget(struct rig *rig)
{
    const struct log_state *log = &rig->server.state.header->log;
    uint64_t end = log->tail;
    char filler[FILLER + 1];

    put_filler(filler);
    peer_say(rig_connect(rig, "eve", RIG_IRC), "NICK eve\r\nUSER e 0 * :E");
    for (int n = 0; log->head < end; n++) {
        assert_true(n < FILLERS_MAX);
        peer_say(rig_peer(rig, TEXT("eve")), "PRIVMSG eve :%s", filler);
        if (n % LINES_AT_ONCE == 0) {
            rig_settle(rig);
        }
    }
    rig_settle(rig);
}

/* ---- questions ---- */

static void put_point(struct buf *out, unsigned *seed)
{
    static const uint64_t odd[] = { 0, 1, INT64_MAX, (uint64_t)INT64_MAX + 1, UINT64_MAX - 1 };

    if (rand_r(seed) % 16 == 0) {
        buf_format(out, "msgid=%llu ",
                   (unsigned long long)odd[(unsigned)rand_r(seed) % ARRAY_SIZE(odd)]);
        return;
    }
    if (rand_r(seed) % 2 == 0) {
        buf_format(out, "msgid=%llu ",
                   (unsigned long long)(FIRST + (unsigned)rand_r(seed) % (SAYINGS + 60)));
        return;
    }
    buf_text_put(out, TEXT("timestamp="));
    timestamp_put(NOON_MS + (unsigned)rand_r(seed) % (SAYINGS * 1000), out);
    buf_char(out, ' ');
}

static void put_question(struct buf *out, unsigned *seed)
{
    static const char *const targets[] = { "#c", "#d", "ann", "bob", "ann7" };
    static const struct {
        const char *verb;
        int n_points;
    } verbs[] = { { "LATEST", 1 }, { "BEFORE", 1 },  { "AFTER", 1 },
                  { "AROUND", 1 }, { "BETWEEN", 2 }, { "TARGETS", 2 } };
    unsigned which = (unsigned)rand_r(seed) % ARRAY_SIZE(verbs);

    buf_format(out, "CHATHISTORY %s ", verbs[which].verb);
    if (strcmp(verbs[which].verb, "TARGETS") != 0) {
        buf_format(out, "%s ", targets[(unsigned)rand_r(seed) % ARRAY_SIZE(targets)]);
    }
    for (int i = 0; i < verbs[which].n_points; i++) {
        if (which == 0 && rand_r(seed) % 3 == 0) {
            buf_text_put(out, TEXT("* "));
        } else {
            put_point(out, seed);
        }
    }
    buf_format(out, "%u%c", rand_r(seed) % 4 == 0 ? 1 : 1 + (unsigned)rand_r(seed) % 100, '\0');
}

/* All that is answered, each behind its question; the caller's. */
static char *ask(struct rig *rig, unsigned seed)
{
    struct buf all = { .size = 4 << 20 };
    struct peer *bob = rig_peer(rig, TEXT("bob"));

    all.at = calloc(1, all.size);
    assert_non_null(all.at);
    peer_skip(bob);
    for (int i = 0; i < QUESTIONS; i++) {
        char space[256];
        struct buf question = buf_over(space, sizeof(space));

        put_question(&question, &seed);
        peer_say(bob, "%s", space);
        rig_settle(rig);
        buf_format(&all, "%s\n%.*s", space, TEXT_ARG(peer_unseen(bob)));
        peer_skip(bob);
        if (i == QUESTIONS / 2) {
            peer_say(bob, "CAP REQ draft/event-playback");
            rig_settle(rig);
            peer_skip(bob);
        }
        if (i % BETWEEN_CRASHES == BETWEEN_CRASHES - 1) {
            rig_restart(rig);
        }
    }
    buf_char(&all, '\0');
    assert_false(all.full);
    return all.at;
}

static char *story(bool is_archived, unsigned seed)
{
    struct rig *rig = start(is_archived);
    char *answers;

    talk(rig, seed);
    if (is_archived) {
        forget(rig);
    }
    answers = ask(rig, seed + 1);
    rig_free(rig);
    return answers;
}

static void the_archive_answers_as_the_log_does(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 3; seed++) {
        char *kept = story(false, seed), *archived = story(true, seed);
        size_t at = 0;

        while (kept[at] == archived[at] && kept[at] != '\0') {
            at++;
        }
        if (kept[at] != archived[at]) {
            size_t from = at > BEFORE_DIFFERENCE ? at - BEFORE_DIFFERENCE : 0;

            print_error("seed %u: they differ at %zu; out of the log:\n%.*s\n", seed, at,
                        2 * BEFORE_DIFFERENCE, kept + from);
            print_error("out of the archive:\n%.*s\n", 2 * BEFORE_DIFFERENCE, archived + from);
            fail();
        }
        assert_true(at > 100000); /* they were no empty answers */
        free(kept);
        free(archived);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_archive_answers_as_the_log_does),
    };

    return cmocka_run_group_tests_name("recall", tests, NULL, NULL);
}
