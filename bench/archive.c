/* SPDX-License-Identifier: MIT */
/* archive: how fast the archive writes, and how long its answers take as it grows. A region without
 * people is filled by this program as fast as the archive empties it; questions are asked at each
 * power of ten. One argument: how many records in all (1000000). */
#include "store/archive.h"
#include "bench/gauge.h"
#include "store/inquiry.h"
#include "store/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    ROOMS = 100,     /* room n hears what is left by the rooms before it: half of it, at most */
    QUESTIONS = 300, /* of each sort */
    TEXT_SIZE = 160,
    VOCABULARY = 20000,
};

struct bench {
    struct state state;
    struct archive *archive;
    struct archive_reader *reader;
    uint32_t rooms[ROOMS];
    char folder[64], path[96];
    uint64_t n_records, write_ns, seed;
};

static void bench_die(const char *what)
{
    (void)fprintf(stderr, "archive: %s\n", what);
    exit(EXIT_FAILURE);
}

static void bench_need(bool is_fine, const char *what)
{
    if (!is_fine) {
        bench_die(what);
    }
}

static uint64_t bench_random(struct bench *bench, uint64_t below)
{
    bench->seed = bench->seed * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (bench->seed >> 33) % below;
}

/* Of a vocabulary in which, as in languages, few words are said often. */
static void bench_word(struct bench *bench, struct buf *out)
{
    static const char *const syllables[] = { "ba", "ke", "lo", "mi", "nu", "ra", "so",
                                             "ti", "vu", "ze", "da", "go", "pi", "xa",
                                             "qu", "fe", "hi", "jo", "cy", "wo" };
    uint64_t word =
        bench_random(bench, 1 + bench_random(bench, 1 + bench_random(bench, VOCABULARY)));

    do {
        buf_text_put(out, text_of(syllables[word % ARRAY_SIZE(syllables)]));
        word /= ARRAY_SIZE(syllables);
    } while (word > 0);
    buf_text_put(out, TEXT("n "));
}

static uint32_t bench_room(struct bench *bench)
{
    uint32_t room = 0;

    while (room < ROOMS - 1 && bench_random(bench, 2) == 0) {
        room++;
    }
    return room < 8 ? room : (uint32_t)bench_random(bench, ROOMS);
}

static void bench_say(struct bench *bench)
{
    char space[TEXT_SIZE], who[NAME_SIZE], where[NAME_SIZE];
    struct buf text = buf_over(space, sizeof(space));
    uint32_t room = bench_room(bench);
    struct draft draft = { .kind = RECORD_SAID, .real_ms = 1000000 + bench->n_records * 100 };

    for (uint64_t i = 3 + bench_random(bench, 12); i > 0; i--) {
        bench_word(bench, &text);
    }
    draft.author_id = 1 + bench_random(bench, 1000);
    (void)snprintf(who, sizeof(who), "nick%u", (unsigned)draft.author_id);
    (void)snprintf(where, sizeof(where), "#room%u", room);
    draft.who = text_of(who);
    draft.source = TEXT("guest@192.0.2.1");
    draft.where = text_of(where);
    draft.text = buf_text(&text);
    log_make_room(&bench->state);
    state_begin(&bench->state);
    (void)log_append(&bench->state, &draft, &bench->rooms[room], 1);
    state_commit(&bench->state);
    bench->n_records++;
}

static void bench_fill(struct bench *bench, uint64_t until)
{
    while (bench->n_records < until) {
        uint64_t began;
        int r;

        while (bench->n_records < until &&
               archive_has_room(bench->archive, &bench->state, RECORD_ROOM)) {
            bench_say(bench);
        }
        began = gauge_now_ns();
        do {
            r = archive_step(bench->archive);
        } while (r == ARCHIVE_MORE);
        bench_need(r == 0, "a step failed");
        bench->write_ns += gauge_now_ns() - began;
    }
}

/* ---- questions ---- */

static int bench_ignore(void *context, uint32_t scope, const struct record *record)
{
    (void)scope;
    *(uint64_t *)context += record->number;
    return 0;
}

static struct scope bench_scope(const struct bench *bench, uint32_t room)
{
    return (struct scope){ .kind = SCOPE_ROOM,
                           .conversation = 1,
                           .owner = bench->state.rooms[bench->rooms[room]].id };
}

enum sort { LATEST, BEFORE_TIME, SEARCH, SEARCH_SHORT, SORTS };

static void bench_ask(struct bench *bench, enum sort sort)
{
    struct scope scope = bench_scope(bench, bench_room(bench));
    struct history_question history = {
        .scopes = &scope, .n_scopes = 1, .limit = 50, .kinds = KINDS_SAID
    };
    struct search_question search = {
        .scopes = &scope, .n_scopes = 1, .limit = 50, .budget_ms = INQUIRY_SEARCH_MS
    };
    struct search_answer answer;
    struct history_answer found;
    struct buf words = buf_over(search.words, sizeof(search.words) - 1);
    uint64_t sum = 0;
    int r;

    if (sort == SEARCH || sort == SEARCH_SHORT) {
        bench_word(bench, &words);
        if (sort == SEARCH) {
            bench_word(bench, &words);
        } else {
            memcpy(search.words, "zw", 3); /* reads, and finds nothing */
        }
        r = archive_search(bench->reader, &search, bench_ignore, &sum, &answer);
    } else {
        history.window = sort == LATEST ? WINDOW_LATEST : WINDOW_BEFORE;
        history.to.is_ms = sort == BEFORE_TIME;
        history.to.at =
            sort == BEFORE_TIME ? 1000000 + bench_random(bench, bench->n_records) * 100 : 0;
        r = archive_history(bench->reader, &history, bench_ignore, &sum, &found);
    }
    bench_need(r == 0, "a question failed");
}

static int bench_compare(const void *a, const void *b)
{
    const uint64_t *one = a, *other = b;

    return (*one > *other) - (*one < *other);
}

static void bench_measure(struct bench *bench, enum sort sort)
{
    static uint64_t ns[QUESTIONS];

    for (int i = 0; i < QUESTIONS; i++) {
        uint64_t began = gauge_now_ns();

        bench_ask(bench, sort);
        ns[i] = gauge_now_ns() - began;
    }
    qsort(ns, QUESTIONS, sizeof(ns[0]), bench_compare);
    (void)printf("  %8.3f %8.3f", (double)ns[QUESTIONS / 2] / 1e6,
                 (double)ns[QUESTIONS * 99 / 100] / 1e6);
}

static void bench_report(struct bench *bench)
{
    struct stat status = { 0 };

    sync(); /* else who asks for what lies on the disk waits behind what was filled in */
    (void)stat(bench->path, &status);
    (void)printf("%9llu %9.0f %7.0f", (unsigned long long)bench->n_records,
                 (double)bench->n_records * 1e9 / (double)bench->write_ns,
                 (double)status.st_size / (double)bench->n_records);
    for (enum sort sort = 0; sort < SORTS; sort++) {
        bench_measure(bench, sort);
    }
    (void)printf("\n");
    (void)fflush(stdout);
}

/* ---- around it ---- */

static void bench_open(struct bench *bench)
{
    static const struct region_sizes sizes = { .wires = 2,
                                               .rooms = ROOMS + 1,
                                               .memberships = 2,
                                               .cells = 2,
                                               .pages = 2,
                                               .log_bytes = 16777216 };
    struct archive_settings settings = { .path = bench->path };
    struct region region = { .fd = -1 };

    bench_need(mkdtemp(bench->folder) != NULL, "no folder");
    (void)snprintf(bench->path, sizeof(bench->path), "%s/archive.db", bench->folder);
    bench_need(region_create(&region, &sizes) == 0, "no region");
    bench_need(state_open(&bench->state, &region, NULL) == 0, "no state");
    state_begin(&bench->state);
    state_edit_log(&bench->state)->next_number = 1;
    state_edit_counters(&bench->state)->started_ms = 1;
    for (int i = 0; i < ROOMS; i++) {
        bench->rooms[i] = state_take_room(&bench->state);
    }
    state_commit(&bench->state);
    bench_need(archive_new(&settings, &bench->archive) == 0, "no memory");
    archive_attach(bench->archive, &bench->state);
    bench_need(archive_open(bench->archive) == 0, "no archive");
    bench_need(archive_reader_new(bench->path, &bench->reader) == 0, "no reader");
}

static void bench_close(struct bench *bench)
{
    static const char *const ends[] = { "", "-wal", "-shm" };
    char path[128];

    (void)archive_reader_free(bench->reader);
    (void)archive_free(bench->archive);
    (void)state_close(&bench->state, false);
    for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
        (void)snprintf(path, sizeof(path), "%s%s", bench->path, ends[i]);
        (void)unlink(path);
    }
    (void)rmdir(bench->folder);
}

int main(int argc, char **argv)
{
    static struct bench bench = { .folder = "/var/tmp/partyline-bench-XXXXXX", .seed = 1 };
    uint64_t wanted = 1000000;

    if (argc > 2 || (argc == 2 && !text_number(text_of(argv[1]), INT64_MAX, &wanted))) {
        (void)fputs("usage: archive [RECORDS]\n", stderr);
        return 2;
    }
    bench_open(&bench);
    (void)printf("%9s %9s %7s  %17s  %17s  %17s  %17s\n", "records", "written/s", "bytes",
                 "latest 50", "50 before a time", "search 2 words", "2 characters");
    (void)printf("%9s %9s %7s", "", "", "each");
    for (int i = 0; i < SORTS; i++) {
        (void)printf("  %8s %8s", "p50 ms", "p99 ms");
    }
    (void)printf("\n");
    for (uint64_t n = 10000; n <= wanted; n *= 10) {
        bench_fill(&bench, n);
        bench_report(&bench);
    }
    bench_close(&bench);
    return EXIT_SUCCESS;
}
