/* SPDX-License-Identifier: MIT */
/* Sorting what came back by name: "region-N", "box-N". The newest region counts. How the previous
 * run ended was written down by the unit's ExecStopPost=. */
#include "app/inheritance.h"

#include "lib/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define REGION_NAME_FORMAT "region-%u"
enum { REGION_NAME_SIZE = 24 };

static bool inheritance_parse_region(const char *name, uint32_t *out_number)
{
    struct text t = text_of(name);
    const struct text prefix = TEXT("region-");
    uint64_t number;

    if (!text_starts_with(t, prefix) ||
        !text_number((struct text){ t.at + prefix.len, t.len - prefix.len }, UINT32_MAX - 1,
                     &number)) {
        return false;
    }
    *out_number = (uint32_t)number;
    return true;
}

static void inheritance_drop_region(struct inheritance *inheritance, uint32_t number)
{
    char name[REGION_NAME_SIZE];

    (void)snprintf(name, sizeof(name), REGION_NAME_FORMAT, number);
    (void)!notify_unstore(inheritance->notify, name);
}

static void inheritance_take_region(struct inheritance *inheritance, struct activation_fd *given,
                                    uint32_t number)
{
    if (inheritance->region_fd >= 0 && number < inheritance->region_number) {
        inheritance_drop_region(inheritance, number);
        return;
    }
    if (inheritance->region_fd >= 0) {
        (void)close(inheritance->region_fd);
        inheritance_drop_region(inheritance, inheritance->region_number);
    }
    inheritance->region_fd = give_fd(&given->fd);
    inheritance->region_number = number;
}

static int inheritance_take(struct inheritance *inheritance, struct activation_fd *given)
{
    uint32_t number;
    int r = BOXES_UNREADABLE;

    if (given->kind != ACTIVATION_STORED) {
        return 0;
    }
    if (inheritance_parse_region(given->name, &number)) {
        inheritance_take_region(inheritance, given, number);
        return 0;
    }
    if (boxes_is_name(given->name)) {
        r = boxes_restore(&inheritance->boxes, given->name, given->fd, &inheritance->kept,
                          &inheritance->n_kept);
    }
    if (r == BOXES_UNREADABLE) {
        report(REPORT_WARNING, "the fd store holds something unknown: %s", given->name);
        r = 0;
    }
    return r;
}

/* "signal/killed/SEGV 1234.56": words, then the time of boot in seconds. */
static void inheritance_read_last_end(struct inheritance *inheritance)
{
    const char *directory = getenv("RUNTIME_DIRECTORY");
    char path[256], line[128];
    double seconds = 0;
    FILE *file;

    if (directory == NULL) {
        return;
    }
    (void)snprintf(path, sizeof(path), "%s/last-end", directory);
    file = fopen(path, "re");
    if (file == NULL) {
        return;
    }
    if (fgets(line, sizeof(line), file) != NULL) {
        char *space = strchr(line, ' ');

        if (space != NULL) {
            *space = '\0';
            seconds = strtod(space + 1, NULL);
            (void)snprintf(inheritance->why, sizeof(inheritance->why), "%.*s",
                           (int)sizeof(inheritance->why) - 1, line);
            inheritance->ended_ms =
                seconds > 0 && seconds < UINT32_MAX ? (uint64_t)(seconds * 1000) : 0;
        }
    }
    (void)fclose(file);
}

int inheritance_init(struct inheritance *inheritance, struct activation *activation,
                     struct notify *notify, bool is_on)
{
    int r;

    *inheritance = (struct inheritance){ .notify = notify, .region_fd = -1, .is_on = is_on };
    if (!is_on) {
        return 0;
    }
    r = boxes_init(&inheritance->boxes, notify);
    for (size_t i = 0; r == 0 && i < activation->n; i++) {
        r = inheritance_take(inheritance, &activation->fds[i]);
    }
    if (r < 0) {
        inheritance_fini(inheritance);
        return r;
    }
    inheritance_read_last_end(inheritance);
    return 0;
}

void inheritance_fini(struct inheritance *inheritance)
{
    for (size_t i = 0; i < inheritance->n_kept; i++) {
        fd_close_slot(&inheritance->kept[i].fd);
    }
    free(inheritance->kept);
    fd_close_slot(&inheritance->region_fd);
    if (inheritance->is_on) {
        boxes_fini(&inheritance->boxes);
    }
    *inheritance = (struct inheritance){ .region_fd = -1 };
}

struct keeper *inheritance_keeper(struct inheritance *inheritance)
{
    return inheritance->is_on ? &inheritance->boxes.keeper : NULL;
}

int inheritance_store_region(struct inheritance *inheritance, int region_fd)
{
    char name[REGION_NAME_SIZE];
    uint32_t older = inheritance->region_number;
    int r;

    (void)snprintf(name, sizeof(name), REGION_NAME_FORMAT, older + 1);
    r = notify_store(inheritance->notify, name, region_fd, false);
    if (r < 0) {
        return r;
    }
    inheritance->region_number = older + 1;
    if (older > 0) {
        inheritance_drop_region(inheritance, older);
    }
    return 0;
}

/* Nothing is known of them but that they are connected: one line that both front ends' people can
 * read, then the end. */
void inheritance_dismiss(struct inheritance *inheritance)
{
    static const char words[] =
        "ERROR :the server could not take up this conversation, please connect again\r\n";

    for (size_t i = 0; i < inheritance->n_kept; i++) {
        struct kept *kept = &inheritance->kept[i];

        (void)!send(kept->fd, words, sizeof(words) - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
        (void)shutdown(kept->fd, SHUT_RDWR);
        (void)close(kept->fd);
    }
    if (inheritance->is_on) {
        boxes_remove_all(&inheritance->boxes);
    }
    report(REPORT_WARNING, "%zu connections were told to connect again", inheritance->n_kept);
    inheritance->n_kept = 0;
}

void inheritance_describe(const struct inheritance *inheritance, uint32_t n_connections,
                          uint64_t now_boot_ms, struct buf *out)
{
    buf_format(out, "%u %s kept", n_connections,
               n_connections == 1 ? "connection was" : "connections were");
    if (inheritance->ended_ms > 0 && now_boot_ms >= inheritance->ended_ms) {
        buf_format(out, " over a pause of %llu ms",
                   (unsigned long long)(now_boot_ms - inheritance->ended_ms));
    }
    if (inheritance->why[0] != '\0') {
        buf_format(out, "; the previous run ended by %s", inheritance->why);
    }
}
