/* SPDX-License-Identifier: MIT */
/* What the client's full screen costs in a room with many lines, without terminal and socket:
 * taking a message, drawing, a page up, going to the top, a search through everything.
 *     bench/client_screen [LINES] */
#include "desk.h"
#include "heard.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BENCH_LINES = 1000000, BENCH_TIMES = 100, BENCH_ROWS = 50, BENCH_COLUMNS = 160 };

static struct model model;
static struct desk desk;

static double bench_now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void bench_hear(struct text line)
{
    struct event event;

    heard_line(&model, line, time(NULL), &event);
    desk_take(&desk, &event);
}

static void bench_type(const char *keys)
{
    for (; *keys != '\0'; keys++) {
        (void)!desk_feed(&desk, *keys, time(NULL));
    }
    desk_draw(&desk);
}

static void bench_begin(void)
{
    const struct model_config config = { .nick = TEXT("ann"), .shows_own = true };
    struct settings settings;

    settings_init(&settings);
    settings.scrollback_mib = 4096;
    model_init(&model, &config);
    desk_init(&desk, &model, &settings, true);
    desk_resize(&desk, BENCH_ROWS, BENCH_COLUMNS);
    bench_hear(TEXT(":irc 001 ann :hi"));
    bench_hear(TEXT(":ann!a@h JOIN #lobby"));
    bench_hear(TEXT(":irc PONG irc :partyline-1"));
}

/* Returns the bytes of text. */
static size_t bench_fill(unsigned long n)
{
    size_t bytes = 0;

    for (unsigned long i = 0; i < n; i++) {
        char line[256];
        struct buf b = buf_over(line, sizeof(line));

        buf_format(&b, ":bob!b@h PRIVMSG #lobby :message %lu, about as long as what people say", i);
        bytes += b.len - sizeof(":bob!b@h PRIVMSG #lobby :") + 1;
        bench_hear(buf_text(&b));
    }
    return bytes;
}

static void bench_keys(const char *name, const char *keys, unsigned times)
{
    double begin = bench_now_ms();

    for (unsigned i = 0; i < times; i++) {
        bench_type(keys);
    }
    (void)printf("%-22s %8.3f ms\n", name, (bench_now_ms() - begin) / times);
}

int main(int argc, char *argv[])
{
    unsigned long n = argc > 1 ? strtoul(argv[1], NULL, 10) : BENCH_LINES;
    double begin;
    size_t text;

    bench_begin();
    begin = bench_now_ms();
    text = bench_fill(n);
    (void)printf("%-22s %8.0f per second\n", "taking a message",
                 (double)n / (bench_now_ms() - begin) * 1e3);
    (void)printf("%-22s %8.1f bytes of text, %.1f kept\n", "a line", (double)text / (double)n,
                 (double)windows_current(&desk.windows)->scrollback.n_bytes / (double)n);
    bench_keys("drawing", "", BENCH_TIMES);
    bench_keys("a page up", "\x1B[5~", BENCH_TIMES);
    bench_keys("the top", "\x1B<", 1);
    bench_keys("searching it all", "\x12?", 1);
    desk_fini(&desk);
    model_fini(&model);
    return 0;
}
