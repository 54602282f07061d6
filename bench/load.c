/* SPDX-License-Identifier: MIT */
/* load: the load generator. One server, one work, one line of figures. */
#include "bench/work.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static const char load_usage[] =
    "usage: load [OPTION]... connect|join|flood|lone|paced\n"
    "  -d, --dialect NAME           raw, line, irc, redis, nats or mqtt (line)\n"
    "  -p, --port PORT              on 127.0.0.1 (7777)\n"
    "  -P, --pid PID                the server's, to measure what it uses\n"
    "  -n, --readers N              in each room (1000)\n"
    "  -z, --sleepers PERCENT       of the readers come in and never read (0)\n"
    "  -s, --senders N              in each room (10; lone, paced, connect, join: 1)\n"
    "  -r, --rooms N                (1: the lobby)\n"
    "  -w, --window N               messages a sender may have under way (16)\n"
    "  -R, --rate N                 paced: messages a second, in all (100)\n"
    "  -i, --at-once N              connections that are being made at the same time (256)\n"
    "  -t, --time MS                how long is measured (2000)\n"
    "  -x, --trace                  count system calls; what is said about time means nothing "
    "then\n"
    "  -b, --bytes N                of each payload (64)\n";

static const struct option load_options[] = {
    { "dialect", required_argument, NULL, 'd' },  { "port", required_argument, NULL, 'p' },
    { "pid", required_argument, NULL, 'P' },      { "readers", required_argument, NULL, 'n' },
    { "senders", required_argument, NULL, 's' },  { "rooms", required_argument, NULL, 'r' },
    { "window", required_argument, NULL, 'w' },   { "rate", required_argument, NULL, 'R' },
    { "time", required_argument, NULL, 't' },     { "bytes", required_argument, NULL, 'b' },
    { "sleepers", required_argument, NULL, 'z' }, { "at-once", required_argument, NULL, 'i' },
    { "trace", no_argument, NULL, 'x' },          { NULL, 0, NULL, 0 },
};

static bool load_find_mode(const char *word, enum work_mode *out)
{
    static const char *const words[] = { "connect", "join", "flood", "lone", "paced" };

    for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
        if (strcmp(words[i], word) == 0) {
            *out = (enum work_mode)i;
            return true;
        }
    }
    return false;
}

static bool load_set(struct work *work, int option, const char *value)
{
    uint64_t n = 0;
    bool is_number = text_number(text_of(value), 1000000000, &n);
    uint32_t *field = NULL;

    switch (option) {
    case 'x': work->is_traced = true; return true;
    case 'd': work->crowd.dialect = dialect_find(value); return work->crowd.dialect != NULL;
    case 'p': work->crowd.port = (uint16_t)n; break;
    case 'P': work->pid = (pid_t)n; break;
    case 'b': work->tally.payload_len = (size_t)n; break;
    case 'n': field = &work->n_readers; break;
    case 's': field = &work->n_senders; break;
    case 'z': field = &work->sleepers; break;
    case 'i': field = &work->crowd.n_at_once; break;
    case 'r': field = &work->n_rooms; break;
    case 'w': field = &work->window; break;
    case 'R': field = &work->rate; break;
    case 't': field = &work->measure_ms; break;
    default: return false;
    }
    if (field != NULL) {
        *field = (uint32_t)n;
    }
    return is_number && (n > 0 || option == 'z');
}

static bool load_parse(struct work *work, int argc, char **argv)
{
    int option;

    while ((option = getopt_long(argc, argv, "d:p:P:n:s:r:w:R:t:b:z:i:x", load_options, NULL)) !=
           -1) {
        if (!load_set(work, option, optarg)) {
            return false;
        }
    }
    if (optind + 1 != argc || !load_find_mode(argv[optind], &work->mode)) {
        return false;
    }
    if (work->n_senders == 0) {
        work->n_senders = work->mode == WORK_FLOOD ? 10 : 1;
    }
    return work->tally.payload_len >= PAYLOAD_MIN && work->tally.payload_len <= 400 &&
           work->n_senders <= work->n_readers && work->n_rooms <= 65535 / work->n_senders &&
           work->window <= 64 && work->sleepers < 100;
}

static void load_allow_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int main(int argc, char **argv)
{
    struct work work = { .n_rooms = 1,
                         .n_readers = 1000,
                         .window = 16,
                         .rate = 100,
                         .measure_ms = 2000,
                         .crowd = { .dialect = dialect_find("line"),
                                    .port = 7777,
                                    .epoll_fd = -1,
                                    .n_at_once = 256 },
                         .tally = { .payload_len = 64 } };
    int r;

    if (!load_parse(&work, argc, argv)) {
        (void)fputs(load_usage, stderr);
        return 2;
    }
    load_allow_descriptors();
    r = work_run(&work);
    if (r == 0) {
        work_print(&work);
    } else {
        (void)fprintf(stderr, "load: %s (%u of %u came in)\n", strerror(-r), work.crowd.n_ready,
                      work.crowd.n);
    }
    work_fini(&work);
    return r == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
