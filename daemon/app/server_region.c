/* SPDX-License-Identifier: MIT */
/* The region a start begins with: a new one, or the one of the last run, which may have to move
 * into another, and which is not trusted if the last runs died over it. */
#include "app/server.h"

#include "app/last_words.h"
#include "lib/report.h"
#include "state/resize.h"

#include <string.h>

enum { SERVER_STAYS = 1 }; /* where it is: an outcome of server_copy_region() */

static struct region_sizes server_sizes(const struct config *config)
{
    return (struct region_sizes){ .wires = config->limits.connections + SERVER_SPARE_ROWS + 1,
                                  .rooms = config->limits.rooms + 1,
                                  .memberships = config->limits.memberships + 1,
                                  .cells = 4 * config->limits.connections + 1024,
                                  .pages = config->limits.pages + 1,
                                  .log_bytes = config->limits.log_bytes };
}

/* A run that ended in the middle of something may have ended because of what it found, or after it
 * had spoilt something. */
static int server_doubt(const struct server *server)
{
    const char *wrong = state_check(&server->state);

    if (wrong == NULL) {
        return 0;
    }
    report(REPORT_ERROR, "the region is damaged: %s", wrong);
    return REGION_DAMAGED;
}

/* What was in hand when the last runs died is not tried for ever: a line is refused, a connection
 * is closed, a region that no start survives is set aside. Of the region, which may be of an older
 * layout, only the header is read. */
static int server_look_at_hand(struct server *server, bool *is_doubtful)
{
    uint32_t starts = state_count_in_hand(&server->state);
    const struct in_hand *suspect = &server->state.header->suspect;
    bool is_poison = starts >= (suspect->signal != 0 ? SERVER_POISON_STARTS : SERVER_POISON_KILLS);

    last_words_start(&server->state.region.header->in_hand);
    state_set_in_hand(&server->state, IN_HAND_START, 0, 0);
    if (starts > 0) {
        *is_doubtful = true;
        report(REPORT_WARNING,
               "the last run ended in the middle of something (connection %llu%s%s)",
               (unsigned long long)suspect->id, suspect->signal != 0 ? ", " : "",
               suspect->signal != 0 ? strsignal(suspect->signal) : "");
    }
    if (is_poison && suspect->kind == IN_HAND_START) {
        report(REPORT_ERROR, "%u starts in a row did not survive the region", starts);
        return REGION_DAMAGED;
    }
    if (is_poison) {
        server->poison = *suspect;
    }
    return 0;
}

/* Record numbers go on where no earlier region can have been: they are never used twice. */
static int server_create_state(struct server *server, const struct server_start *start)
{
    struct region_sizes sizes = server_sizes(start->config);
    struct region region = { .fd = -1 };
    int r = region_create(&region, &sizes);

    if (r == 0) {
        r = state_open(&server->state, &region, start->observer);
    }
    if (r < 0) {
        return r;
    }
    server->is_region_new = true;
    server->is_conversation_new = true;
    state_begin(&server->state);
    state_edit_log(&server->state)->next_number =
        archiving_next_number(&server->archiving, server->clock.real_ms * 1000);
    state_edit_counters(&server->state)->started_ms = server->clock.real_ms;
    state_commit(&server->state);
    return 0;
}

/* Limits can wait for memory, a layout cannot: then the sizes stay as they are. */
static int server_copy_region(const struct server_start *start, const struct region *from,
                              struct region *to)
{
    struct region_sizes wanted = server_sizes(start->config);
    struct region_sizes sizes = region_fitting_sizes(from, &wanted);
    bool is_resized = memcmp(&sizes, &from->header->sizes, sizeof(sizes)) != 0;
    bool is_converted = from->header->layout != LAYOUT_VERSION;
    int r = is_resized || is_converted ? region_resize(to, from, &sizes) : SERVER_STAYS;

    if (r < 0 && is_resized) {
        report(REPORT_WARNING, "the new limits have to wait: %s", strerror(-r));
        r = is_converted ? region_resize(to, from, &from->header->sizes) : SERVER_STAYS;
    }
    if (r < 0) {
        report(REPORT_ERROR, "no region of layout %d can be made: %s", LAYOUT_VERSION,
               strerror(-r));
    } else if (r == 0 && is_converted) {
        report(REPORT_NOTICE, "the conversation moved into a region of layout %d", LAYOUT_VERSION);
    } else if (r == 0) {
        report(REPORT_NOTICE, "the conversation moved into a region with the new limits");
    }
    return r;
}

/* The layout or the configuration's limits have changed: the conversation moves into another
 * region. What it left counts until the new one is stored, so `left` has it till the end of the
 * start. */
static int server_move(struct server *server, const struct server_start *start, struct state *left)
{
    struct region to = { .fd = -1 };
    int r = server_copy_region(start, &server->state.region, &to);

    if (r != 0) {
        return r == SERVER_STAYS ? 0 : r;
    }
    *left = server->state;
    server->state = (struct state){ .region = to, .header = to.header };
    server->is_region_new = true;
    return 0;
}

/* On an outcome the descriptor is still the caller's. */
static int server_find_region(const struct server_start *start, struct region *out)
{
    int r = region_adopt(out, start->region_fd);

    if (r < 0) {
        (void)close(start->region_fd);
    }
    if (r == 0 && !tx_is_sound(out)) {
        (void)region_close(out, true);
        r = REGION_DAMAGED;
    }
    return r;
}

static int server_adopt_state(struct server *server, const struct server_start *start,
                              struct state *left)
{
    struct region region = { .fd = -1 };
    struct tx tx;
    bool is_doubtful;
    int r = server_find_region(start, &region);

    if (r != 0) {
        return r;
    }
    is_doubtful = tx_init(&tx, &region, NULL); /* in the layout that was written */
    server->state = (struct state){ .region = region, .header = region.header };
    r = server_look_at_hand(server, &is_doubtful);
    if (r == 0) {
        r = server_move(server, start, left);
    }
    if (r != 0) {
        return r;
    }
    region = server->state.region;
    r = state_open(&server->state, &region, start->observer);
    return r == 0 && is_doubtful ? server_doubt(server) : r;
}

int server_open_state(struct server *server, const struct server_start *start, struct state *left)
{
    int r = start->region_fd < 0 ? server_create_state(server, start)
                                 : server_adopt_state(server, start, left);

    if (r == 0 && left->region.header == NULL) {
        last_words_start(&server->state.region.header->in_hand);
    }
    return r;
}

void server_settle_state(struct server *server, struct state *left, int r)
{
    if (r == 0) {
        last_words_start(&server->state.region.header->in_hand);
    } else {
        last_words_stop();
    }
    if (r < 0 && server->state.region.header != NULL) {
        state_clear_in_hand(&server->state); /* no fault of the region */
    }
    if (left->region.header == NULL) {
        return;
    }
    if (r > 0) { /* what is refused is the region that the caller has */
        (void)state_close(&server->state, false);
        server->state = *left;
        return;
    }
    state_clear_in_hand(left);
    (void)state_close(left, false);
}
