/* SPDX-License-Identifier: MIT */
/* What a person waits for at a real client: until it can be used, and until a key is seen, while
 * the room is quiet and while it talks as fast as no room does. The client runs in a
 * pseudo-terminal of 50 rows and 160 columns; system calls are counted by strace(1), instructions
 * by valgrind(1), as far as they are there.
 *     bench/client_live PATH-OF-PARTYLINE [MESSAGES-PER-SECOND] */
#include "bench/gauge.h"
#include "bench/serve.h"
#include "bench/stage.h"
#include "bench/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum {
    LIVE_STARTS = 50,
    LIVE_KEYS = 400,
    LIVE_KEYS_A_LINE = 20,
    LIVE_LETTERS = 25, /* more than are in a line: one that is typed is nowhere on the screen */
    LIVE_RATE = 5000,  /* messages a second */
    LIVE_PATIENCE_S = 60,
    NS_PER_MS = 1000000,
    NS_PER_S = 1000000000,
    LIVE_FRAME_NS = 8 * NS_PER_MS, /* what comes later than that is another frame */
    LIVE_BATCH_NS = NS_PER_MS,     /* between two sends of the server */
    LIVE_KEY_LEAST_NS = 20 * NS_PER_MS,
    LIVE_KEY_SPREAD_NS = 40 * NS_PER_MS, /* at random, or keys would keep step with frames */
};

/* Looking for something in what is shown, wherever reading has cut it. */
struct live_sight {
    struct text wanted;
    size_t n_seen; /* bytes of it, at the end of what was shown so far */
};

static bool live_sees(struct live_sight *sight, struct text shown)
{
    for (size_t i = 0; i < shown.len && sight->n_seen < sight->wanted.len; i++) {
        sight->n_seen = shown.at[i] == sight->wanted.at[sight->n_seen] ? sight->n_seen + 1
                        : shown.at[i] == sight->wanted.at[0]           ? 1
                                                                       : 0;
    }
    return sight->n_seen == sight->wanted.len;
}

/* Ends the program if it is never seen. */
static void live_await(struct stage *s, struct text wanted)
{
    struct live_sight sight = { .wanted = wanted };
    uint64_t deadline_ns = gauge_now_ns() + LIVE_PATIENCE_S * (uint64_t)NS_PER_S;

    while (!live_sees(&sight, (struct text){ .at = s->shown, .len = s->n_shown })) {
        if (!stage_turn(s, deadline_ns) || gauge_now_ns() >= deadline_ns) {
            (void)fprintf(stderr, "never seen: %.*s\n", TEXT_ARG(wanted));
            exit(EXIT_FAILURE);
        }
    }
}

static int live_compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static double live_quantile_ms(uint64_t *ns, size_t n, double share)
{
    qsort(ns, n, sizeof(*ns), live_compare);
    return (double)ns[(size_t)((double)(n - 1) * share)] / NS_PER_MS;
}

/* -- starting -- */

struct live_face {
    const char *name;
    const char *option; /* NULL: none */
    bool is_terminal;
    struct text first, ready; /* what is shown first, and when what is typed is said in the room */
};

static const struct live_face live_faces[] = {
    { "full screen", NULL, true, { "connected", 9 }, { "#lobby>", 7 } },
    { "line mode, terminal", "--line", true, { "> ", 2 }, { "#lobby> ", 8 } },
    { "line mode, pipe", "--plain", false, { "you are ann", 11 }, { "cat", 3 } },
};

enum { LIVE_COMMAND_MAX = 16 };

static void live_compose(const char *const *before, const char *program, const struct live_face *f,
                         const char *out[LIVE_COMMAND_MAX])
{
    size_t n = 0;

    for (; before != NULL && *before != NULL; before++) {
        out[n++] = *before;
    }
    out[n++] = program;
    out[n++] = "--nick=ann";
    if (f->option != NULL) {
        out[n++] = f->option;
    }
    out[n] = NULL;
}

static void live_start_times(const char *program, const struct live_face *f)
{
    uint64_t first_ns[LIVE_STARTS], ready_ns[LIVE_STARTS];
    const char *command[LIVE_COMMAND_MAX];
    struct stage s;

    live_compose(NULL, program, f, command);
    stage_open(&s);
    for (size_t i = 0; i < LIVE_STARTS; i++) {
        uint64_t begin_ns = gauge_now_ns();

        stage_start(&s, command, f->is_terminal);
        live_await(&s, f->first);
        first_ns[i] = gauge_now_ns() - begin_ns;
        live_await(&s, f->ready);
        ready_ns[i] = gauge_now_ns() - begin_ns;
        stage_stop(&s);
    }
    stage_close(&s);
    (void)printf("%-20s %7.2f ms %7.2f ms", f->name, live_quantile_ms(first_ns, LIVE_STARTS, 0.5),
                 live_quantile_ms(ready_ns, LIVE_STARTS, 0.5));
}

/* -- counting -- */

/* A session of nothing under another program, which leaves its count in a file. */
static void live_count(const char *const *before, const char *program, const struct live_face *f)
{
    const char *command[LIVE_COMMAND_MAX];
    struct stage s;

    live_compose(before, program, f, command);
    stage_open(&s);
    stage_start(&s, command, f->is_terminal);
    live_await(&s, f->ready);
    stage_type(&s, f->is_terminal ? TEXT("/quit\r") : TEXT("/quit\n"));
    while (stage_turn(&s, UINT64_MAX)) {
        /* until it has ended */
    }
    stage_stop(&s);
    stage_close(&s);
}

static bool live_has(const char *tool)
{
    char command[128];

    (void)snprintf(command, sizeof(command),
                   "%s -V >/dev/null 2>&1 || %s --version >/dev/null 2>&1", tool, tool);
    return system(command) == 0; /* NOLINT(cert-env33-c): a name of our own */
}

static uint64_t live_count_calls(const char *program, const struct live_face *f)
{
    char path[] = "/tmp/bench-live-XXXXXX";
    const char *const before[] = { "strace", "-f", "-qq", "-c", "-o", path, NULL };
    int fd = mkstemp(path);
    uint64_t calls;

    if (fd < 0) {
        serve_fail(path);
    }
    live_count(before, program, f);
    calls = trace_total(path);
    (void)unlink(path);
    (void)close(fd);
    return calls;
}

/* Of callgrind's report: "==12== Collected : 127744" */
static uint64_t live_read_collected(const char *path)
{
    FILE *file = fopen(path, "re");
    char line[512];
    unsigned long long n = 0;

    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        const char *at = strstr(line, "Collected :");

        if (at != NULL) {
            (void)!sscanf(at, "Collected : %llu", &n);
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return n;
}

static uint64_t live_count_instructions(const char *program, const struct live_face *f)
{
    char path[] = "/tmp/bench-live-XXXXXX", log[64];
    const char *const before[] = { "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
                                   log, NULL };
    int fd = mkstemp(path);
    uint64_t instructions;

    if (fd < 0) {
        serve_fail(path);
    }
    (void)snprintf(log, sizeof(log), "--log-file=%s", path);
    live_count(before, program, f);
    instructions = live_read_collected(path);
    (void)unlink(path);
    (void)close(fd);
    return instructions;
}

static void live_starts(const char *program)
{
    bool has_strace = live_has("strace"), has_valgrind = live_has("valgrind");

    (void)printf("%-20s %10s %10s %10s %14s\n", "starting (median)", "first", "in the room",
                 "calls", "instructions");
    for (size_t i = 0; i < ARRAY_SIZE(live_faces); i++) {
        live_start_times(program, &live_faces[i]);
        (void)printf(
            " %10llu %14llu\n",
            (unsigned long long)(has_strace ? live_count_calls(program, &live_faces[i]) : 0),
            (unsigned long long)(has_valgrind ? live_count_instructions(program, &live_faces[i])
                                              : 0));
    }
}

/* -- keys -- */

struct live_typing {
    struct stage stage;
    unsigned rate;
    size_t n_typed, n_seen;
    struct live_sight sight; /* of the letter that was typed last */
    char letter[2];          /* UTF-8 of two bytes */
    uint64_t typed_ns, next_key_ns;
    uint64_t waits_ns[LIVE_KEYS];
    uint64_t begun_ns, said, next_batch_ns;
    uint64_t frame_ns; /* when the last one began */
    unsigned n_frames;
};

/* Greek letters: nothing that people say or a terminal is told has their bytes. */
static void live_set_letter(struct live_typing *t, size_t i)
{
    unsigned code = 0x3B1 + (unsigned)(i % LIVE_LETTERS);

    t->letter[0] = (char)(0xC0 | code >> 6);
    t->letter[1] = (char)(0x80 | (code & 0x3F));
    t->sight = (struct live_sight){ .wanted = { .at = t->letter, .len = sizeof(t->letter) } };
}

static void live_type(struct live_typing *t, uint64_t now_ns)
{
    char bytes[3];
    struct buf keys = buf_over(bytes, sizeof(bytes));

    if (now_ns < t->next_key_ns || t->n_typed > t->n_seen || t->n_typed == LIVE_KEYS) {
        return;
    }
    if (t->n_typed % LIVE_KEYS_A_LINE == 0) {
        buf_char(&keys, 'U' - '@'); /* ^U: the line is empty again */
    }
    live_set_letter(t, t->n_typed++);
    buf_put(&keys, t->letter, sizeof(t->letter));
    t->typed_ns = gauge_now_ns();
    stage_type(&t->stage, buf_text(&keys));
}

static void live_look(struct live_typing *t)
{
    struct text shown = { .at = t->stage.shown, .len = t->stage.n_shown };
    uint64_t now_ns = gauge_now_ns();
    uint32_t random = 0;

    if (shown.len == 0) {
        return;
    }
    if (now_ns - t->frame_ns > LIVE_FRAME_NS) {
        t->n_frames++;
        t->frame_ns = now_ns;
    }
    if (t->n_typed > t->n_seen && live_sees(&t->sight, shown)) {
        (void)!getrandom(&random, sizeof(random), 0);
        t->waits_ns[t->n_seen++] = now_ns - t->typed_ns;
        t->next_key_ns = now_ns + LIVE_KEY_LEAST_NS + random % LIVE_KEY_SPREAD_NS;
    }
}

/* As many as are due by now. */
static void live_talk(struct live_typing *t, uint64_t now_ns)
{
    uint64_t due = (now_ns - t->begun_ns) * t->rate / NS_PER_S;
    char bytes[16384];
    struct buf lines = buf_over(bytes, sizeof(bytes));

    if (now_ns < t->next_batch_ns || t->rate == 0) {
        return;
    }
    while (t->said < due && !lines.full) {
        size_t before = lines.len;

        buf_format(&lines,
                   ":bob!b@h PRIVMSG #lobby :message %llu, about as long as what people say\r\n",
                   (unsigned long long)t->said);
        t->said += lines.len > before ? 1 : 0;
    }
    t->next_batch_ns = now_ns + LIVE_BATCH_NS;
    stage_say(&t->stage, buf_text(&lines));
}

static void live_report(struct live_typing *t, uint64_t cpu_ns, double seconds)
{
    (void)printf(
        "%-20u %7.2f ms %7.2f ms %7.2f ms %10.1f %9.1f%%\n", (unsigned)((double)t->said / seconds),
        live_quantile_ms(t->waits_ns, t->n_seen, 0.5),
        live_quantile_ms(t->waits_ns, t->n_seen, 0.99), live_quantile_ms(t->waits_ns, t->n_seen, 1),
        t->n_frames / seconds, (double)cpu_ns / NS_PER_S / seconds * 100);
}

static void live_keys(const char *program, unsigned rate)
{
    static struct live_typing t;
    const char *command[LIVE_COMMAND_MAX];
    uint64_t cpu_ns;

    t = (struct live_typing){ .rate = rate };
    live_compose(NULL, program, &live_faces[0], command);
    stage_open(&t.stage);
    stage_start(&t.stage, command, true);
    live_await(&t.stage, live_faces[0].ready);
    cpu_ns = gauge_cpu_ns(t.stage.child);
    t.begun_ns = gauge_now_ns();
    t.next_key_ns = t.begun_ns + NS_PER_S / 2;
    while (t.n_seen < LIVE_KEYS) {
        uint64_t next_ns = t.n_typed > t.n_seen ? UINT64_MAX : t.next_key_ns;

        if (!stage_turn(&t.stage, u64_min(next_ns, rate > 0 ? t.next_batch_ns : UINT64_MAX))) {
            (void)fprintf(stderr, "the client has ended\n");
            exit(EXIT_FAILURE);
        }
        live_look(&t);
        live_talk(&t, gauge_now_ns());
        live_type(&t, gauge_now_ns());
    }
    live_report(&t, gauge_cpu_ns(t.stage.child) - cpu_ns,
                (double)(gauge_now_ns() - t.begun_ns) / NS_PER_S);
    stage_stop(&t.stage);
    stage_close(&t.stage);
}

int main(int argc, char *argv[])
{
    uint64_t rate = LIVE_RATE;

    if (argc < 2 || argc > 3 || (argc == 3 && !text_number(text_of(argv[2]), 1000000, &rate))) {
        (void)fprintf(stderr, "usage: %s PATH-OF-PARTYLINE [MESSAGES-PER-SECOND]\n", argv[0]);
        return 2;
    }
    live_starts(argv[1]);
    (void)printf("\n%-20s %10s %10s %10s %10s %10s\n", "messages a second", "key, median", "99 %",
                 "longest", "frames/s", "CPU");
    live_keys(argv[1], 0);
    live_keys(argv[1], (unsigned)rate);
    return 0;
}
