/* SPDX-License-Identifier: MIT */
/* Copies each record before it can be overwritten, then takes it apart. */
#include "torture/audit.h"

#include "state/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AUDIT_CHUNK = 1 << 20, AUDIT_RECORD_MAX = 16384 };

const char *const ROOM_NAMES[ROOMS] = { "#lobby", "#red", "#green", "#blue" };

/* The linker's --wrap: the daemon holds the region's lock, and we only look. */
int __wrap_fcntl(int fd, int command, struct flock *lock);
int __real_fcntl(int fd, int command, struct flock *lock);
int __wrap_fcntl(int fd, int command, struct flock *lock)
{
    return command == F_SETLKW ? 0 : __real_fcntl(fd, command, lock);
}

static bool audit_fails(struct audit *audit, const char *format, ...) format_like(2, 3);
static bool audit_fails(struct audit *audit, const char *format, ...)
{
    va_list arguments;

    if (audit->wrong[0] == '\0') {
        va_start(arguments, format);
        (void)vsnprintf(audit->wrong, sizeof(audit->wrong), format, arguments);
        va_end(arguments);
    }
    return false;
}

/* Grows by doubling. A test that has no memory ends. */
static void *audit_grow(void *array, size_t n, size_t row)
{
    void *grown = realloc(array, n * row);

    if (grown == NULL) {
        abort();
    }
    return grown;
}

int audit_init(struct audit *audit, uint64_t seed)
{
    *audit = (struct audit){ .seed = seed, .region = { .fd = -1 }, .chunk_used = AUDIT_CHUNK };
    memset(audit->room_of_row, -1, sizeof(audit->room_of_row));
    return 0;
}

void audit_fini(struct audit *audit)
{
    for (uint32_t i = 0; i < audit->n_lives; i++) {
        free(audit->lives[i].events);
    }
    for (size_t i = 0; i < audit->n_chunks; i++) {
        free(audit->chunks[i]);
    }
    free(audit->chunks);
    free(audit->lives);
    free(audit->seen);
    free(audit->events);
    (void)region_close(&audit->region, false);
    *audit = (struct audit){ .region = { .fd = -1 } };
}

int audit_open(struct audit *audit, int region_fd)
{
    int fd = dup(region_fd);
    int r = fd < 0 ? -errno : region_adopt(&audit->region, fd);

    if (r != 0 && fd >= 0) {
        (void)close(fd);
    }
    return r;
}

/* ---- lives and connections ---- */

uint32_t audit_new_life(struct audit *audit)
{
    if (audit->n_lives == audit->lives_size) {
        audit->lives_size = audit->lives_size == 0 ? 64 : 2 * audit->lives_size;
        audit->lives = audit_grow(audit->lives, audit->lives_size, sizeof(*audit->lives));
    }
    audit->lives[audit->n_lives] = (struct life){ 0 };
    return audit->n_lives++;
}

struct seen *audit_seen(struct audit *audit, uint64_t connection)
{
    while (audit->n_seen <= connection) {
        uint64_t n = audit->n_seen == 0 ? 64 : 2 * audit->n_seen;

        audit->seen = audit_grow(audit->seen, n, sizeof(*audit->seen));
        for (uint64_t i = audit->n_seen; i < n; i++) {
            audit->seen[i] = (struct seen){ AUDIT_NOWHERE, AUDIT_NOWHERE, AUDIT_NOWHERE, 0 };
        }
        audit->n_seen = n;
    }
    return &audit->seen[connection];
}

bool audit_bind(struct audit *audit, uint64_t connection, uint32_t life)
{
    struct seen *seen = audit_seen(audit, connection);

    if (life >= audit->n_lives) {
        return audit_fails(audit, "connection %llu is of client %u, which there never was",
                           (unsigned long long)connection, life);
    }
    if (seen->life == AUDIT_NOWHERE && audit->lives[life].connection == 0) {
        seen->life = life;
        audit->lives[life].connection = connection;
    }
    if (seen->life != life || audit->lives[life].connection != connection) {
        return audit_fails(audit, "connection %llu is of client %u and of client %u",
                           (unsigned long long)connection, life, seen->life);
    }
    return true;
}

/* ---- records ---- */

static bool audit_take_message(struct audit *audit, struct event *event)
{
    char space[WORDS_MAX];
    uint32_t sender;
    struct life *life;

    if (!words_parse(event->text, &sender, &event->n) || sender >= audit->n_lives) {
        return audit_fails(audit, "the log has a line that nobody said: %.*s",
                           TEXT_ARG(event->text));
    }
    life = &audit->lives[sender];
    if (!text_equal(words_make(audit->seed, sender, event->n, space), event->text)) {
        return audit_fails(audit, "the log has line %u of client %u garbled: %.*s", event->n,
                           sender, TEXT_ARG(event->text));
    }
    if (event->n != life->n_heard || event->n >= life->n_said) {
        return audit_fails(audit, "the log has line %u of client %u, where %u was due", event->n,
                           sender, life->n_heard);
    }
    if (life->n_heard == life->size) {
        life->size = life->size == 0 ? 64 : 2 * life->size;
        life->events = audit_grow(life->events, life->size, sizeof(*life->events));
    }
    life->events[life->n_heard++] = audit->n;
    return audit_bind(audit, event->author, sender);
}

/* IRC clients are called by their life: "s12". */
static bool audit_take_joining(struct audit *audit, const struct event *event)
{
    struct seen *seen = audit_seen(audit, event->author);
    uint64_t life;

    seen->n_rooms++;
    if (seen->first == AUDIT_NOWHERE) {
        seen->first = audit->n;
    }
    if (event->who.at[0] == 's' &&
        text_number((struct text){ event->who.at + 1, event->who.len - 1 }, UINT32_MAX, &life)) {
        return audit_bind(audit, event->author, (uint32_t)life);
    }
    return true;
}

static bool audit_take_event(struct audit *audit, struct event *event)
{
    struct seen *seen = audit_seen(audit, event->author);

    if (seen->quit != AUDIT_NOWHERE) {
        return audit_fails(audit, "connection %llu does something after it has quit",
                           (unsigned long long)event->author);
    }
    switch (event->kind) {
    case RECORD_SAID: return audit_take_message(audit, event);
    case RECORD_JOINED: return audit_take_joining(audit, event);
    case RECORD_QUIT: seen->quit = audit->n; return true;
    case RECORD_LEFT:
        return --seen->n_rooms >= 0 || audit_fails(audit, "somebody left a room twice");
    case RECORD_ACTION:
    case RECORD_NOTICE:
    case RECORD_RENAMED:
    case RECORD_TOPIC:
    case RECORD_AWAY:
    case RECORD_KICKED:
    case RECORD_MODES:
    case RECORD_INVITED:
    case RECORD_REALNAME:
    case RECORD_HOST:
    case RECORD_ACCOUNT:
    case RECORD_TAGGED:
    case RECORD_WALLOPS: break;
    }
    return audit_fails(audit, "the log has a record of kind %d, which nobody caused",
                       (int)event->kind);
}

static int audit_room(struct text name)
{
    for (int i = 0; i < ROOMS; i++) {
        if (text_equal(name, text_of(ROOM_NAMES[i]))) {
            return i;
        }
    }
    return -1;
}

static bool audit_take_links(struct audit *audit, const struct record *record, struct event *event)
{
    const struct link *links = (const struct link *)(const void *)(record + 1);
    size_t n_boxes = 0;

    for (int i = 0; i < record->n_links; i++) {
        uint32_t row = links[i].owner;

        if (row & LINK_BOX) {
            event->boxes[n_boxes++ % 2] = links[i].tenant;
            continue;
        }
        if (row >= ARRAY_SIZE(audit->room_of_row)) {
            return audit_fails(audit, "the log has a record of room %u, which there never was",
                               row);
        }
        if (audit->room_of_row[row] < 0) {
            audit->room_of_row[row] = (int8_t)audit_room(event->where);
        }
        if (audit->room_of_row[row] < 0) {
            return audit_fails(audit, "the log has a record of a room that nobody entered");
        }
        event->rooms |= 1U << audit->room_of_row[row];
    }
    return true;
}

static bool audit_take(struct audit *audit, const struct record *record)
{
    struct event event = { .number = record->number,
                           .real_ms = record->real_ms,
                           .author = record->author_id,
                           .kind = (enum record_kind)record->kind,
                           .who = record_field(record, RECORD_WHO),
                           .source = record_field(record, RECORD_SOURCE),
                           .where = record_field(record, RECORD_WHERE),
                           .text = record_field(record, RECORD_TEXT) };

    if (audit->n > 0 && event.number != audit->events[audit->n - 1].number + 1) {
        return audit_fails(audit, "the log goes on with number %llu behind %llu",
                           (unsigned long long)event.number,
                           (unsigned long long)audit->events[audit->n - 1].number);
    }
    if (!audit_take_links(audit, record, &event) || !audit_take_event(audit, &event)) {
        return false;
    }
    if (audit->n == audit->size) {
        audit->size = audit->size == 0 ? 1024 : 2 * audit->size;
        audit->events = audit_grow(audit->events, audit->size, sizeof(*audit->events));
    }
    audit->events[audit->n++] = event;
    return true;
}

/* ---- following ---- */

static char *audit_space(struct audit *audit, size_t len)
{
    char *at;

    if (audit->chunk_used + len > AUDIT_CHUNK) {
        audit->chunks = audit_grow(audit->chunks, audit->n_chunks + 1, sizeof(*audit->chunks));
        audit->chunks[audit->n_chunks++] = audit_grow(NULL, AUDIT_CHUNK, 1);
        audit->chunk_used = 0;
    }
    at = audit->chunks[audit->n_chunks - 1] + audit->chunk_used;
    audit->chunk_used += len;
    return at;
}

static bool audit_is_kept(const struct audit *audit)
{
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    return __atomic_load_n(&audit->region.header->log.head, __ATOMIC_ACQUIRE) <= audit->pos;
}

/* The oldest record is given up, by a commit, before its bytes are overwritten: so a copy is good
 * if the record is kept when it has been made. */
static bool audit_copy(struct audit *audit)
{
    uint64_t mask = audit->region.header->sizes.log_bytes - 1;
    const char *from = audit->region.log + (audit->pos & mask);
    struct record head;
    char *copy;

    memcpy(&head, from, sizeof(head));
    if (!audit_is_kept(audit)) {
        return audit_fails(audit, "the test itself: the log has overtaken the audit");
    }
    if (head.size < sizeof(head) || head.size % 8 != 0 || head.size > AUDIT_RECORD_MAX) {
        return audit_fails(audit, "the log has a record of %u bytes", head.size);
    }
    copy = audit_space(audit, head.size);
    memcpy(copy, from, head.size);
    if (!audit_is_kept(audit)) {
        return audit_fails(audit, "the test itself: the log has overtaken the audit");
    }
    audit->pos += head.size;
    return audit_take(audit, (const struct record *)(const void *)copy);
}

bool audit_follow(struct audit *audit)
{
    uint64_t visible;

    if (audit->region.header == NULL) {
        return true;
    }
    visible = __atomic_load_n(&audit->region.header->visible, __ATOMIC_ACQUIRE);
    while (audit->wrong[0] == '\0' && audit->pos < visible) {
        (void)audit_copy(audit);
    }
    return audit->wrong[0] == '\0';
}
