/* SPDX-License-Identifier: MIT */
/* Running a dialogue: a table of what can stand behind a name, and a few steps without one. */
#include "support/dialogue.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DIALOGUE_FILL_MAX = 20000 }; /* lines */

static void dialogue_fail(const struct dialogue *dialogue, const char *format, ...)
    format_like(2, 3);

static void dialogue_fail(const struct dialogue *dialogue, const char *format, ...)
{
    char words[4096];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(words, sizeof(words), format, arguments);
    va_end(arguments);
    fail_msg("%s:%zu: %.*s\n    %s", dialogue->path, dialogue->at + 1,
             TEXT_ARG(dialogue->lines[dialogue->at]), words);
}

/* ---- reading ---- */

static char *dialogue_read(const char *path)
{
    FILE *file = fopen(path, "re");
    char *text = calloc(1, 4 * DIALOGUE_LINE_MAX);
    size_t n;

    if (file == NULL || text == NULL) {
        fail_msg("%s can't be read", path);
    } else {
        n = fread(text, 1, 4 * DIALOGUE_LINE_MAX - 1, file);
        text[n] = '\0';
        (void)fclose(file);
    }
    return text;
}

struct dialogue *dialogue_new(const char *path)
{
    struct dialogue *dialogue = calloc(1, sizeof(*dialogue));
    struct text rest;

    assert_non_null(dialogue);
    dialogue->path = strdup(path);
    dialogue->text = dialogue_read(path);
    rest = text_of(dialogue->text);
    while (rest.len > 0) {
        assert_true(dialogue->n_lines < DIALOGUE_LINES_MAX);
        dialogue->lines[dialogue->n_lines++] = text_cut(&rest, '\n');
    }
    return dialogue;
}

struct dialogue *dialogue_free(struct dialogue *dialogue)
{
    if (dialogue != NULL) {
        free(dialogue->path);
        free(dialogue->text);
        free(dialogue);
    }
    return NULL;
}

/* ---- settings ---- */

struct rig *dialogue_open(const struct dialogue *dialogue)
{
    struct rig *rig = rig_new();

    for (size_t i = 0; i < dialogue->n_lines; i++) {
        struct text line = dialogue->lines[i];

        if (dialogue_cut(&line, "config ") && !dialogue_set(&rig->config, line)) {
            fail_msg("%s:%zu: no such setting", dialogue->path, i + 1);
        }
    }
    rig_start(rig);
    return rig;
}

/* ---- what people do ---- */

typedef void (*dialogue_fn)(struct dialogue *dialogue, struct rig *rig, struct peer *peer,
                            struct text rest);

static struct text dialogue_bytes(const struct dialogue *dialogue, struct text t,
                                  char space[DIALOGUE_LINE_MAX])
{
    struct buf bytes = buf_over(space, DIALOGUE_LINE_MAX);

    if (!dialogue_unescape(t, &bytes)) {
        dialogue_fail(dialogue, "that text is not understood");
    }
    return buf_text(&bytes);
}

static void dialogue_send(struct dialogue *dialogue, struct rig *rig, struct peer *peer,
                          struct text rest)
{
    char space[DIALOGUE_LINE_MAX];
    struct text bytes = dialogue_bytes(dialogue, rest, space);

    (void)rig;
    peer_send(peer, bytes.at, bytes.len);
}

static void dialogue_say(struct dialogue *dialogue, struct rig *rig, struct peer *peer,
                         struct text rest)
{
    char space[DIALOGUE_LINE_MAX];
    struct text bytes = dialogue_bytes(dialogue, rest, space);

    (void)rig;
    assert_true(bytes.len + 2 < sizeof(space));
    memcpy(space + bytes.len, peer->line_end, strlen(peer->line_end));
    peer_send(peer, space, bytes.len + strlen(peer->line_end));
}

/* Says it, at length, until the log has given up all that is in it now. Nobody reads the answers.
 */
static void dialogue_fill(struct dialogue *dialogue, struct rig *rig, struct peer *peer,
                          struct text to)
{
    const struct log_state *log = &rig->server.state.header->log;
    uint64_t end = log->tail;

    for (int n = 0; log->head < end; n++) {
        char space[512];
        struct buf line = buf_over(space, sizeof(space));

        assert_true(n < DIALOGUE_FILL_MAX); /* else the line is refused */
        buf_format(&line, "%.*s ", TEXT_ARG(text_trim(to)));
        for (int i = 0; i < 100; i++) {
            buf_text_put(&line, TEXT("much"));
        }
        dialogue_say(dialogue, rig, peer, buf_text(&line));
        if (n % 16 == 0) {
            rig_settle(rig);
            peer_skip(peer);
        }
    }
    rig_settle(rig);
    peer_skip(peer);
}

static void dialogue_hear(struct dialogue *dialogue, struct rig *rig, struct peer *peer,
                          struct text rest)
{
    char space[DIALOGUE_LINE_MAX];
    struct text wanted = dialogue_bytes(dialogue, rest, space);
    struct text line;

    (void)rig;
    if (!peer_next_line(peer, &line)) {
        struct text cut = peer_unseen(peer);

        dialogue_fail(dialogue, "%s hears nothing%s%.*s", peer->name,
                      cut.len > 0 ? " but an unfinished " : "", TEXT_ARG(cut));
    } else if (!peer_matches(line, wanted)) {
        dialogue_fail(dialogue, "%s hears: %.*s", peer->name, TEXT_ARG(line));
    }
}

static void dialogue_hear_nothing(struct dialogue *dialogue, struct rig *rig, struct peer *peer,
                                  struct text rest)
{
    struct text unseen = peer_unseen(peer);

    (void)rig;
    (void)rest;
    if (unseen.len > 0) {
        dialogue_fail(dialogue, "%s hears: %.*s", peer->name, TEXT_ARG(unseen));
    }
}

/* "N lines" or "N lines with TEXT" */
static void dialogue_count(struct dialogue *dialogue, struct rig *rig, struct peer *peer,
                           struct text rest)
{
    char part[256] = { 0 };
    uint64_t wanted;
    size_t n;

    (void)rig;
    if (!dialogue_number(&rest, &wanted) || !dialogue_cut(&rest, "lines")) {
        dialogue_fail(dialogue, "it goes like this: NAME hears N lines with TEXT");
    }
    if (dialogue_cut(&rest, " with ")) {
        memcpy(part, rest.at, size_min(rest.len, sizeof(part) - 1));
    }
    n = peer_count_lines(peer, part);
    if (n != wanted) {
        dialogue_fail(dialogue, "%s hears %zu of them", peer->name, n);
    }
}

static void dialogue_skip(struct dialogue *dialogue, struct rig *rig, struct peer *peer,
                          struct text rest)
{
    (void)dialogue;
    (void)rig;
    (void)rest;
    peer_skip(peer);
}

static void dialogue_is_gone(struct dialogue *dialogue, struct rig *rig, struct peer *peer,
                             struct text rest)
{
    dialogue_hear_nothing(dialogue, rig, peer, rest);
    if (!peer->is_eof) {
        dialogue_fail(dialogue, "%s is %s", peer->name, peer->is_reset ? "reset" : "still there");
    }
}

static void dialogue_half_close(struct dialogue *dialogue, struct rig *rig, struct peer *peer,
                                struct text rest)
{
    (void)dialogue;
    (void)rig;
    (void)rest;
    peer_half_close(peer);
}

static void dialogue_close(struct dialogue *dialogue, struct rig *rig, struct peer *peer,
                           struct text rest)
{
    (void)dialogue;
    (void)rig;
    (void)rest;
    peer_close(peer);
}

static void dialogue_reset(struct dialogue *dialogue, struct rig *rig, struct peer *peer,
                           struct text rest)
{
    (void)dialogue;
    (void)rig;
    (void)rest;
    peer_reset(peer);
}

static void dialogue_stop(struct dialogue *dialogue, struct rig *rig, struct peer *peer,
                          struct text rest)
{
    (void)dialogue;
    (void)rig;
    (void)rest;
    peer->is_stopped = true;
}

static void dialogue_resume(struct dialogue *dialogue, struct rig *rig, struct peer *peer,
                            struct text rest)
{
    (void)dialogue;
    (void)rig;
    (void)rest;
    peer->is_stopped = false;
}

struct dialogue_verb {
    const char *words;
    dialogue_fn run;
    bool takes_rest;
    bool settles;
};

static const struct dialogue_verb DIALOGUE_VERBS[] = {
    { "> ", dialogue_say, true, true },
    { ">> ", dialogue_say, true, false }, /* the next step happens in the same moment */
    { "sends ", dialogue_send, true, true },
    { "< ", dialogue_hear, true, false },
    { "hears nothing", dialogue_hear_nothing, false, false },
    { "hears ", dialogue_count, true, false },
    { "ignores the rest", dialogue_skip, false, false },
    { "is gone", dialogue_is_gone, false, false },
    { "fills the log with", dialogue_fill, true, false },
    { "closes his side", dialogue_half_close, false, true },
    { "closes her side", dialogue_half_close, false, true },
    { "closes", dialogue_close, false, true },
    { "resets", dialogue_reset, false, true },
    { "stops reading", dialogue_stop, false, true },
    { "reads again", dialogue_resume, false, true },
};

static void dialogue_act(struct dialogue *dialogue, struct rig *rig, struct text line)
{
    struct text rest = line;
    struct peer *peer = rig_peer(rig, text_cut_word(&rest));

    if (peer == NULL) {
        dialogue_fail(dialogue, "nobody of this name has connected");
    }
    for (size_t i = 0; i < ARRAY_SIZE(DIALOGUE_VERBS); i++) {
        const struct dialogue_verb *verb = &DIALOGUE_VERBS[i];
        struct text args = rest;

        if (!dialogue_cut(&args, verb->words) || (!verb->takes_rest && args.len > 0)) {
            continue;
        }
        verb->run(dialogue, rig, peer, args);
        if (verb->settles) {
            rig_settle(rig);
        }
        return;
    }
    dialogue_fail(dialogue, "this step is not understood");
}

/* ---- steps without a person, or of one who is not here yet ---- */

/* "NAME (line|irc|unix) connects" */
static bool dialogue_connect(struct rig *rig, struct text line)
{
    static const struct {
        const char *words;
        enum rig_door door;
    } doors[] = {
        { "(line) connects", RIG_LINE },
        { "(irc) connects", RIG_IRC },
        { "(unix) connects", RIG_UNIX },
    };
    struct text name = text_cut_word(&line);
    char copy[PEER_NAME_SIZE] = { 0 };

    memcpy(copy, name.at, size_min(name.len, sizeof(copy) - 1));
    for (size_t i = 0; i < ARRAY_SIZE(doors); i++) {
        if (text_equal(line, text_of(doors[i].words))) {
            (void)rig_connect(rig, copy, doors[i].door);
            return true;
        }
    }
    return false;
}

/* "N seconds pass", "N milliseconds pass", "small buffers: N bytes" */
static bool dialogue_pass(struct rig *rig, struct text line)
{
    uint64_t n;

    if (dialogue_cut(&line, "they have room for ") && dialogue_number(&line, &n)) {
        rig->receive_buffer = (int)n;
        return true;
    }
    if (!dialogue_number(&line, &n)) {
        return false;
    }
    if (text_equal(line, TEXT("seconds pass"))) {
        n *= 1000;
    } else if (!text_equal(line, TEXT("milliseconds pass"))) {
        return false;
    }
    rig_advance(rig, n);
    return true;
}

static bool dialogue_is_comment(struct text line)
{
    return line.len == 0 || line.at[0] == '#' || text_starts_with(line, TEXT("config "));
}

static void dialogue_step(struct dialogue *dialogue, struct rig *rig, struct text line)
{
    if (text_equal(line, TEXT("the daemon crashes"))) {
        rig_restart(rig);
        rig_settle(rig);
    } else if (text_equal(line, TEXT("the machine is rebooted"))) {
        rig_renew(rig);
        rig_settle(rig);
    } else if (text_equal(line, TEXT("now the daemon may crash"))) {
        rig->crash.is_wanted = true;
    } else if (!dialogue_pass(rig, line) && !dialogue_connect(rig, line) &&
               !dialogue_change(rig, line)) {
        dialogue_act(dialogue, rig, line);
    }
}

void dialogue_run(struct dialogue *dialogue, struct rig *rig)
{
    for (dialogue->at = 0; dialogue->at < dialogue->n_lines; dialogue->at++) {
        if (!dialogue_is_comment(dialogue->lines[dialogue->at])) {
            dialogue_step(dialogue, rig, dialogue->lines[dialogue->at]);
        }
    }
}
