/* SPDX-License-Identifier: MIT */
/* Opening, starting, pausing, reporting. */
#include "app/archiving.h"

#include "lib/report.h"
#include "store/board.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    ARCHIVING_MS_PER_DAY = 86400000,
    ARCHIVING_MARGIN = 4 /* a round appends that part at most */
};

bool archiving_path(const struct config *config, struct buf *out)
{
    const char *file = config->archive.file;
    const char *directory = getenv("STATE_DIRECTORY");

    if (file[0] == '\0' || (file[0] != '/' && directory == NULL)) {
        buf_char(out, '\0');
        return false;
    }
    if (file[0] != '/') {
        buf_format(out, "%s/", directory);
    }
    buf_text_put(out, text_of(file));
    buf_char(out, '\0');
    return !out->full;
}

static struct archive_keep archiving_keep(uint32_t days, uint32_t bytes)
{
    return (struct archive_keep){ .ms = (uint64_t)days * ARCHIVING_MS_PER_DAY, .bytes = bytes };
}

/* How much to keep of all, and of the rooms of which something else is to be kept. */
static int archiving_set_keep(struct archiving *archiving)
{
    const struct config *config = archiving->config;
    uint32_t days = config->archive.keep_days, bytes = config->archive.keep_bytes;
    struct archive_keep all = archiving_keep(days, bytes);
    struct archive_room_keep *rooms = calloc(config->rooms.each.n + 1, sizeof(*rooms));
    size_t n = 0;
    int r;

    if (rooms == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < config->rooms.each.n; i++) {
        const struct room_settings *its = &config->rooms.each.items[i];
        uint32_t its_days = room_setting(its->keep_days, days);
        uint32_t its_bytes = room_setting(its->keep_bytes, bytes);

        if (its_days != days || its_bytes != bytes) {
            rooms[n++] = (struct archive_room_keep){ .name = text_of(its->name),
                                                     .keep = archiving_keep(its_days, its_bytes) };
        }
    }
    r = archive_set_keep(archiving->archive, &all, rooms, n);
    free(rooms);
    return r;
}

/* The names of the rooms that stay: the lobby, and the first words of the list. */
static int archiving_set_permanent(struct archiving *archiving)
{
    const struct config_list *permanent = &archiving->config->rooms.permanent;
    struct text *names = calloc(permanent->n + 1, sizeof(*names));
    int r;

    if (names == NULL) {
        return -ENOMEM;
    }
    names[0] = text_of(archiving->config->rooms.lobby);
    for (size_t i = 0; i < permanent->n; i++) {
        struct text rest = text_of(permanent->items[i]);

        names[i + 1] = text_cut_word(&rest);
    }
    r = archive_set_permanent(archiving->archive, names, permanent->n + 1);
    free(names);
    return r;
}

int archiving_open(struct archiving *archiving, const struct config *config)
{
    char path[ARCHIVING_PATH_MAX];
    struct buf path_text = buf_over(path, sizeof(path));
    struct archive_settings settings = { .path = path };
    int r;

    *archiving = (struct archiving){ .config = config };
    if (!archiving_path(config, &path_text)) {
        return 0;
    }
    r = archive_new(&settings, &archiving->archive);
    if (r == 0) {
        r = archiving_set_keep(archiving);
    }
    if (r == 0) {
        r = archiving_set_permanent(archiving);
    }
    if (r < 0) {
        archiving->archive = archive_free(archiving->archive);
        return r;
    }
    if (archive_open(archiving->archive) < 0) {
        archiving_look(archiving); /* the thread tries again */
    }
    return 0;
}

uint64_t archiving_next_number(const struct archiving *archiving, uint64_t wanted)
{
    return archiving->archive == NULL
               ? wanted
               : u64_max(wanted, archive_last_number(archiving->archive) + 1);
}

int archiving_start(struct archiving *archiving, const struct state *state)
{
    int r;

    if (archiving->archive == NULL) {
        return 0;
    }
    archive_attach(archiving->archive, state);
    r = archivist_start(&archiving->archivist, archiving->archive);
    archiving->is_running = r == 0;
    return r;
}

void archiving_stop(struct archiving *archiving, bool is_end)
{
    if (archiving->is_running) {
        archivist_stop(&archiving->archivist, is_end);
        archiving->is_running = false;
    }
    archiving->archive = archive_free(archiving->archive);
}

static bool archiving_goes_on(const struct archiving *archiving)
{
    return text_equal(text_of(archiving->config->archive.on_failure), TEXT("go-on"));
}

bool archiving_is_there(const struct archiving *archiving)
{
    return archiving->is_running && !archive_is_failing(archiving->archive);
}

bool archiving_keeps_up(struct archiving *archiving, const struct state *state)
{
    uint64_t margin = state->header->sizes.log_bytes / ARCHIVING_MARGIN;

    return !archiving->is_running || archive_has_room(archiving->archive, state, margin) ||
           (archive_is_failing(archiving->archive) && archiving_goes_on(archiving));
}

void archiving_wake(struct archiving *archiving, const struct state *state, bool is_waited_for)
{
    uint64_t tail = state->header->log.tail;

    if (!archiving->is_running) {
        return;
    }
    if (is_waited_for || archive_has_batch(archiving->archive, state)) {
        archivist_hurry(&archiving->archivist);
    } else if (tail != archiving->woken_at) {
        archivist_wake(&archiving->archivist);
    }
    archiving->woken_at = tail;
}

void archiving_look(struct archiving *archiving)
{
    struct archive_status status;

    if (archiving->archive == NULL) {
        return;
    }
    archive_get_status(archiving->archive, &status);
    if (status.is_failing && !archiving->was_failing) {
        report(REPORT_ERROR, "the archive fails: %s; %s", status.why,
               archiving_goes_on(archiving) ? "chat goes on from memory"
                                            : "chat pauses when the log is full");
    } else if (!status.is_failing && archiving->was_failing) {
        report(REPORT_NOTICE, "the archive works again");
    }
    if (status.n_lost > archiving->n_lost) {
        report(REPORT_ERROR, "%llu records were given up before they could be archived",
               (unsigned long long)(status.n_lost - archiving->n_lost));
    }
    archiving->was_failing = status.is_failing;
    archiving->n_lost = status.n_lost;
}

void archiving_describe(struct archiving *archiving, struct buf *out)
{
    struct archive_status status;

    if (archiving->archive == NULL || !archive_is_failing(archiving->archive)) {
        return;
    }
    archive_get_status(archiving->archive, &status);
    buf_format(out, "; the archive fails: %.80s", status.why);
}

void archiving_keep_rooms(struct archiving *archiving, struct kept_rooms *rooms)
{
    board_set_rooms(archive_board(archiving->archive), rooms);
    archivist_hurry(&archiving->archivist);
}

void archiving_apply(struct archiving *archiving)
{
    if (archiving->archive != NULL) {
        if (archiving_set_keep(archiving) < 0) {
            report(REPORT_WARNING, "the archive keeps what it kept before: no memory");
        }
        if (archiving_set_permanent(archiving) < 0) {
            report(REPORT_WARNING, "the archive does not know all permanent rooms: no memory");
        }
    }
}

static int archiving_export_from(const char *path, const char *room, enum export_format format)
{
    owned(archive_reader_free) struct archive_reader *reader = NULL;
    int r = archive_reader_new(path, &reader);

    if (r == 0) {
        r = export_room(reader, room, format, stdout);
    }
    if (r == EXPORT_NOTHING) {
        (void)fprintf(stderr, "partylined: the archive has no room %s\n", room);
    } else if (r < 0) {
        (void)fprintf(stderr, "partylined: %s: %s\n", path,
                      reader != NULL ? archive_reader_why(reader) : strerror(-r));
    }
    return r;
}

int archiving_export(const struct config *config, const char *room, bool is_json)
{
    char path[ARCHIVING_PATH_MAX];
    struct buf text = buf_over(path, sizeof(path));

    if (!archiving_path(config, &text)) {
        (void)fprintf(stderr, "partylined: archive.file names no archive%s\n",
                      config->archive.file[0] != '\0'
                          ? ": it is relative, and STATE_DIRECTORY is not set"
                          : "");
        return -ENOENT;
    }
    return archiving_export_from(path, room, is_json ? EXPORT_JSON : EXPORT_TEXT);
}
