/* SPDX-License-Identifier: MIT */
/* The phases of a part, each with a deadline: a daemon that stops serving is wrong, too. */
#include "torture/part.h"

#include "torture/shelf.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    PART_US = 1000000,
    PART_TURN_US = 300,
    PART_PATIENCE_S = 30, /* for each phase of the end */
    PART_LARGE_LOG = 32 << 20,
    PART_SMALL_LOG = 1 << 20,
    PART_MARGIN = 16 << 20, /* a part ends before a large log is full */
    PART_EVENTS_MAX = 600000,
    PART_ROWS = 1000,
    PART_PAGES = 600,
    PART_FEW_PAGES = 48, /* one that is not given back is soon missed */
    PART_BOXES_MAX = 8,  /* of 128 connections each */
};

struct part {
    const struct part_options *options;
    struct part_result *result;
    struct manager manager;
    struct audit audit;
    struct killer killer;
    struct crowd crowd;
    char directory[32], config[48], archive[56];
    uint64_t start_us;
};

static uint64_t part_now(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * PART_US + (uint64_t)now.tv_nsec / 1000;
}

static bool part_fails(struct part *part, const char *format, ...) format_like(2, 3);
static bool part_fails(struct part *part, const char *format, ...)
{
    va_list arguments;

    if (part->result->wrong[0] == '\0') {
        va_start(arguments, format);
        (void)vsnprintf(part->result->wrong, sizeof(part->result->wrong), format, arguments);
        va_end(arguments);
    }
    return false;
}

/* ---- the beginning ---- */

static bool part_write_config(struct part *part)
{
    FILE *file = fopen(part->config, "we");

    if (file == NULL) {
        return part_fails(part, "%s: %s", part->config, strerror(errno));
    }
    (void)fprintf(file,
                  "listen: { send_buffer = 16384; };\n"
                  "limits: { connections = %d; connections_per_address = 0; rooms = 20;\n"
                  "  memberships = 4000; lines_per_second = 0; pages = %d; log_bytes = %d; };\n"
                  "rooms: { permanent = [ \"%s\", \"%s\", \"%s\" ]; history_on_join = 0; };\n"
                  "archive: { file = \"%s\"; on_failure = \"wait\"; };\n"
                  "log: { level = \"warning\"; };\n",
                  PART_ROWS, part->options->is_visiting ? PART_FEW_PAGES : PART_PAGES,
                  part->options->is_small ? PART_SMALL_LOG : PART_LARGE_LOG, ROOM_NAMES[1],
                  ROOM_NAMES[2], ROOM_NAMES[3], part->archive);
    return fclose(file) == 0 || part_fails(part, "%s: %s", part->config, strerror(errno));
}

static bool part_begin(struct part *part)
{
    const struct part_options *options = part->options;
    int r;

    (void)snprintf(part->directory, sizeof(part->directory), "/tmp/torture-XXXXXX");
    if (mkdtemp(part->directory) == NULL) {
        return part_fails(part, "no directory: %s", strerror(errno));
    }
    (void)snprintf(part->config, sizeof(part->config), "%s/conf", part->directory);
    (void)snprintf(part->archive, sizeof(part->archive), "%s/archive", part->directory);
    (void)snprintf(part->result->log, sizeof(part->result->log), "%s/log", part->directory);
    if (!part_write_config(part)) {
        return false;
    }
    r = manager_init(&part->manager, options->daemon, part->config, part->result->log);
    if (r == 0) {
        r = audit_init(&part->audit, options->seed);
    }
    if (r == 0) {
        r = crowd_init(&part->crowd, &part->audit, options->seed + 1, options->n_clients);
    }
    if (r < 0) {
        return part_fails(part, "cannot begin: %s", strerror(-r));
    }
    part->crowd.ports[CLIENT_LINE] = part->manager.ports[MANAGER_LINE];
    part->crowd.ports[CLIENT_IRC] = part->manager.ports[MANAGER_IRC];
    part->crowd.may_lose = options->is_small;
    part->crowd.is_visiting = options->is_visiting;
    killer_init(&part->killer, &part->manager, &part->audit, options->seed + 2, &options->killer);
    part->killer.options.is_walking &= options->is_small; /* a walk over a large log takes long */
    return true;
}

/* The first start is let live until there is a region to look into. */
static bool part_first_start(struct part *part)
{
    enum killer_means means = part->killer.options.means;
    int r;

    if (!killer_spare(&part->killer, part_now())) {
        return part_fails(part, "%s", part->killer.wrong);
    }
    r = manager_wait_ready(&part->manager, PART_PATIENCE_S * 1000);
    if (r == 0) {
        r = audit_open(&part->audit, manager_find(&part->manager, "region-"));
    }
    if (r != 0) {
        return part_fails(part, "the first start: %d", r);
    }
    part->killer.options.means = means;
    if (means != KILLER_NEVER) {
        part->killer.has_struck = true;
        manager_signal(&part->manager, SIGKILL);
    }
    return true;
}

/* ---- turns ---- */

static bool part_turn(struct part *part)
{
    part->crowd.now_us = part_now();
    if (!killer_turn(&part->killer, part->crowd.now_us)) {
        return part_fails(part, "%s", part->killer.wrong);
    }
    if (!crowd_turn(&part->crowd, PART_TURN_US)) {
        return part_fails(part, "%s", part->crowd.wrong);
    }
    if (manager_count(&part->manager, "box-") > part->result->n_boxes) {
        part->result->n_boxes = (uint32_t)manager_count(&part->manager, "box-");
    }
    return part->result->n_boxes <= PART_BOXES_MAX || part_fails(part, "too many boxes are stored");
}

static bool part_is_full(const struct part *part)
{
    return part->audit.n > PART_EVENTS_MAX ||
           (!part->options->is_small && part->audit.pos > PART_LARGE_LOG - PART_MARGIN);
}

static bool part_talk(struct part *part)
{
    uint64_t end = part->start_us + (uint64_t)part->options->seconds * PART_US;

    while (part_now() < end && !part_is_full(part)) {
        if (!part_turn(part)) {
            return false;
        }
    }
    part->result->talked_s = (uint32_t)((part_now() - part->start_us) / PART_US) + 1;
    return true;
}

static bool part_is_late(struct part *part, uint64_t since, const char *what)
{
    char space[3072];
    struct buf out = buf_over(space, sizeof(space) - 1);

    if (part_now() < since + (uint64_t)PART_PATIENCE_S * PART_US) {
        return false;
    }
    crowd_describe(&part->crowd, &out);
    out.at[out.len] = '\0';
    (void)fputs(space, stderr);
    (void)part_fails(part, "%s takes longer than %d seconds", what, PART_PATIENCE_S);
    return true;
}

static bool part_until(struct part *part, bool (*is_done)(const struct crowd *), const char *what)
{
    uint64_t since = part_now();

    while (!is_done(&part->crowd)) {
        if (!part_turn(part) || part_is_late(part, since, what)) {
            return false;
        }
    }
    return true;
}

/* ---- the end ---- */

static uint32_t part_count_rows(const struct part *part)
{
    const struct region *region = &part->audit.region;
    uint32_t n = 0;

    for (uint32_t row = 1; row < region->header->sizes.wires; row++) {
        n += *(volatile uint64_t *)&region->wires[row].id != 0;
    }
    return n;
}

static bool part_wait_until_empty(struct part *part)
{
    uint64_t since = part_now();

    while (!killer_is_over(&part->killer) || part_count_rows(part) > 0 || !part->manager.is_ready) {
        if (!killer_spare(&part->killer, part_now())) {
            return part_fails(part, "%s", part->killer.wrong);
        }
        if (part_is_late(part, since, "letting everybody go")) {
            return false;
        }
        (void)usleep(PART_TURN_US);
    }
    return true;
}

static size_t part_count_descriptors(const struct part *part)
{
    char path[64];
    DIR *directory;
    size_t n = 0;

    (void)snprintf(path, sizeof(path), "/proc/%d/fd", (int)part->manager.pid);
    directory = opendir(path);
    while (directory != NULL && readdir(directory) != NULL) {
        n++;
    }
    if (directory != NULL) {
        (void)closedir(directory);
    }
    return n;
}

enum { PART_DESCRIPTORS = 24, PART_BOXES = 1 };

static bool part_check_store(struct part *part)
{
    size_t n_boxes = manager_count(&part->manager, "box-");
    size_t n_regions = manager_count(&part->manager, "region-");
    size_t n_descriptors = part_count_descriptors(part);

    if (n_boxes > PART_BOXES || n_regions != 1 || part->manager.n_dropped > 0) {
        return part_fails(part, "everybody has gone, and %zu boxes and %zu regions are stored",
                          n_boxes, n_regions);
    }
    if (n_descriptors > PART_DESCRIPTORS) {
        return part_fails(part, "everybody has gone, and the daemon has %zu descriptors",
                          n_descriptors);
    }
    return true;
}

static bool part_check_tables(struct part *part)
{
    struct region region = part->audit.region;
    struct state state;
    const char *wrong;
    uint32_t n_rooms, n_memberships, n_cells;

    part->audit.region = (struct region){ .fd = -1 };
    if (state_open(&state, &region, NULL) < 0) {
        return part_fails(part, "the region cannot be opened");
    }
    wrong = state_check(&state);
    n_rooms = table_used(&state.free_rooms);
    n_memberships = table_used(&state.free_memberships);
    n_cells = table_used(&state.free_cells);
    (void)state_close(&state, false);
    if (wrong != NULL) {
        return part_fails(part, "the walk over the region at the end: %s", wrong);
    }
    if (n_rooms != ROOMS || n_memberships > 0 || n_cells > 0) {
        return part_fails(part,
                          "everybody has gone, and %u rooms, %u memberships, %u cells are used",
                          n_rooms, n_memberships, n_cells);
    }
    return true;
}

/* The daemon lives while it is waited for: the killing is over. */
static bool part_check_archive(struct part *part)
{
    uint64_t since = part_now();

    while (!shelf_is_full(part->archive, &part->audit)) {
        if (part_is_late(part, since, "archiving the last records")) {
            return false;
        }
        (void)usleep(PART_TURN_US);
    }
    return shelf_check(part->archive, &part->audit, part->result->wrong,
                       sizeof(part->result->wrong));
}

static bool part_end(struct part *part)
{
    crowd_finish(&part->crowd);
    part->killer.is_patient = true; /* there must be an end */
    if (!part_until(part, crowd_is_heard, "hearing the last lines")) {
        return false;
    }
    crowd_leave(&part->crowd);
    if (!part_until(part, crowd_is_gone, "saying goodbye") || !part_wait_until_empty(part)) {
        return false;
    }
    if (!crowd_reconcile(&part->crowd)) {
        return part_fails(part, "%s", part->crowd.wrong);
    }
    manager_hear(&part->manager);
    if (!part_check_store(part) || !audit_follow(&part->audit) || !part_check_archive(part)) {
        return false;
    }
    manager_kill(&part->manager);
    return part_check_tables(part);
}

static void part_remove_archive(const struct part *part)
{
    static const char *const suffixes[] = { "", "-wal", "-shm" };
    char path[sizeof(part->archive) + 8];

    for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++) {
        (void)snprintf(path, sizeof(path), "%s%s", part->archive, suffixes[i]);
        (void)unlink(path);
    }
}

static void part_tell(struct part *part)
{
    struct part_result *result = part->result;

    result->n_kills = killer_count(&part->killer);
    result->n_timed = part->killer.n_timed;
    result->n_unready = part->killer.n_unready;
    result->n_calm = part->killer.n_calm;
    result->n_starts = part->manager.n_starts;
    memcpy(result->n_at, part->killer.n_at, sizeof(result->n_at));
    result->counts = part->crowd.counts;
    result->n_events = part->audit.n;
    result->seconds = (double)(part_now() - part->start_us) / PART_US;
}

void part_run(const struct part_options *options, struct part_result *out)
{
    struct part *part = calloc(1, sizeof(*part));

    *out = (struct part_result){ 0 };
    if (part == NULL) {
        abort();
    }
    part->options = options;
    part->result = out;
    part->start_us = part_now();
    if (part_begin(part) && part_first_start(part) && part_talk(part)) {
        (void)part_end(part);
    }
    part_tell(part);
    manager_fini(&part->manager);
    crowd_fini(&part->crowd);
    audit_fini(&part->audit);
    if (out->wrong[0] == '\0') {
        part_remove_archive(part);
        (void)unlink(part->config);
        (void)unlink(out->log);
        (void)rmdir(part->directory);
    }
    free(part);
}
