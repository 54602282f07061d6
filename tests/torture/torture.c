/* SPDX-License-Identifier: MIT */
/* The torture: many people talk at full speed while the daemon is killed hundreds of times, and
 * each of them checks every byte. Ends with 0 if nobody noticed.
 *
 *   torture --daemon PATH [--seconds N] [--seed N] [--clients N] [--small | --large]
 *           [--timed | --points | --never] [--bug NAME] [--most-us N] [--no-walk] [--visits]
 *
 * PATH is partylined_torture, whose points of death stand in points.h. Without --small or --large
 * there are two parts, one with a log that holds all of it, so that nothing may be lost, one with a
 * log that slow readers are overtaken by. --bug plants one of the bugs of points.h: the torture
 * must then fail. */
#include "torture/part.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum torture_log { TORTURE_BOTH, TORTURE_SMALL, TORTURE_LARGE };

struct torture_options {
    struct part_options part;
    enum torture_log log;
};

static const char TORTURE_USAGE[] =
    "usage: torture --daemon PATH [--seconds N] [--seed N] [--clients N] [--small | --large]\n"
    "               [--timed | --points | --never] [--bug NAME] [--most-us N] [--no-walk]\n"
    "               [--visits]\n";

/* False: the option has no good value. */
static bool torture_take(char letter, const char *value, struct torture_options *options)
{
    struct part_options *part = &options->part;
    uint64_t n = 0;

    if (value != NULL && strchr("snceu", letter) != NULL &&
        !text_number(text_of(value), UINT32_MAX, &n)) {
        return false;
    }
    switch (letter) {
    case 'd': part->daemon = value; return true;
    case 'n': part->seconds = (uint32_t)n; return true;
    case 'e': part->seed = n; return true;
    case 'c': part->n_clients = (uint32_t)n; return n > 0 && n <= CROWD_MAX;
    case 'u': part->killer.most_us = (uint32_t)n; return true;
    case 's': options->log = TORTURE_SMALL; return true;
    case 'l': options->log = TORTURE_LARGE; return true;
    case 't': part->killer.means = KILLER_TIMED; return true;
    case 'p': part->killer.means = KILLER_POINTS; return true;
    case 'v': part->killer.means = KILLER_NEVER; return true;
    case 'i': part->is_visiting = true; return true;
    case 'w': part->killer.is_walking = false; return true;
    case 'b': part->killer.bug = value; return true;
    }
    return false;
}

static bool torture_parse(int argc, char **argv, struct torture_options *options)
{
    static const struct option names[] = {
        { "daemon", required_argument, NULL, 'd' },  { "seconds", required_argument, NULL, 'n' },
        { "seed", required_argument, NULL, 'e' },    { "clients", required_argument, NULL, 'c' },
        { "most-us", required_argument, NULL, 'u' }, { "small", no_argument, NULL, 's' },
        { "large", no_argument, NULL, 'l' },         { "timed", no_argument, NULL, 't' },
        { "points", no_argument, NULL, 'p' },        { "never", no_argument, NULL, 'v' },
        { "no-walk", no_argument, NULL, 'w' },       { "bug", required_argument, NULL, 'b' },
        { "visits", no_argument, NULL, 'i' },        { NULL, 0, NULL, 0 },
    };
    int letter;

    while ((letter = getopt_long(argc, argv, "", names, NULL)) != -1) {
        if (!torture_take((char)letter, optarg, options)) {
            return false;
        }
    }
    return options->part.daemon != NULL && optind == argc;
}

static void torture_print_log(const char *path)
{
    FILE *file = fopen(path, "re");
    char line[1024];

    (void)printf("what the daemon reported (%s), the last of it:\n", path);
    if (file == NULL) {
        return;
    }
    (void)fseek(file, -2000, SEEK_END);
    while (fgets(line, sizeof(line), file) != NULL) {
        (void)printf("  %s", line);
    }
    (void)fclose(file);
}

static void torture_print(const struct part_options *options, const struct part_result *result)
{
    const struct crowd_counts *counts = &result->counts;

    (void)printf(
        "%s log, seed %llu, %.1f s: %llu kills (%llu timed, %llu at points; %llu before the "
        "daemon was ready), %llu runs spared\n",
        options->is_small ? "small" : "large", (unsigned long long)options->seed, result->seconds,
        (unsigned long long)result->n_kills, (unsigned long long)result->n_timed,
        (unsigned long long)(result->n_kills - result->n_timed),
        (unsigned long long)result->n_unready, (unsigned long long)result->n_calm);
    (void)printf(
        "  %llu lines, %llu deliveries, %llu answers, %.1f MB; %u records; %llu notices of "
        "%llu lost\n",
        (unsigned long long)counts->n_lines, (unsigned long long)counts->n_delivered,
        (unsigned long long)counts->n_answers, (double)counts->n_bytes / 1e6, result->n_events,
        (unsigned long long)counts->n_lost_notices, (unsigned long long)counts->n_lost);
    (void)printf(
        "  %llu connections: %llu quit, %llu half-closed, %llu reset (%llu lines went with "
        "them), %llu lost at the door; at most %u boxes\n ",
        (unsigned long long)counts->n_lives, (unsigned long long)counts->n_quit,
        (unsigned long long)counts->n_half_closed, (unsigned long long)counts->n_reset,
        (unsigned long long)counts->n_unheard, (unsigned long long)counts->n_at_the_door,
        result->n_boxes);
    for (int i = 0; i < POINTS; i++) {
        (void)printf(" %s %llu", POINT_NAMES[i], (unsigned long long)result->n_at[i]);
    }
    (void)printf("\n");
    if (result->wrong[0] != '\0') {
        (void)printf("WRONG: %s\n", result->wrong);
        torture_print_log(result->log);
    }
    (void)fflush(stdout);
}

/* A large log is full after a while; then another part begins, with another seed. */
static bool torture_run(struct torture_options *options)
{
    bool is_small = options->log == TORTURE_SMALL;
    uint32_t left = options->part.seconds;
    uint32_t most = options->log == TORTURE_BOTH ? (left + 1) / 2 : left;

    while (left > 0) {
        struct part_options part = options->part;
        struct part_result result;

        part.is_small = is_small;
        part.seconds = left < most ? left : most;
        part_run(&part, &result);
        torture_print(&part, &result);
        if (result.wrong[0] != '\0') {
            return false;
        }
        left -= result.talked_s < left ? result.talked_s : left;
        options->part.seed += 1000;
        is_small = options->log == TORTURE_BOTH ? !is_small : is_small;
    }
    return true;
}

int main(int argc, char **argv)
{
    struct torture_options options = { .part = {
                                           .seed = (uint64_t)time(NULL),
                                           .seconds = 20,
                                           .n_clients = 48,
                                           .killer = { .most_us = 20000, .is_walking = true } } };

    if (!torture_parse(argc, argv, &options)) {
        (void)fputs(TORTURE_USAGE, stderr);
        return EXIT_FAILURE;
    }
    return torture_run(&options) ? EXIT_SUCCESS : EXIT_FAILURE;
}
