/* SPDX-License-Identifier: MIT */
/* A small region with a room or two, an archive in a directory of its own, and what its reader
 * gives, as text: "1:hello 2:there". Times are 1000 + 10 for each record. */
#ifndef SUPPORT_ARCHIVE_RIG_H
#define SUPPORT_ARCHIVE_RIG_H

#include "store/archive.h"
#include "store/reader.h"
#include "support/state_rig.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include <sqlite3.h>

enum { ARCHIVE_RIG_HEARD = 65536 };

struct archive_rig {
    struct state_rig base;
    struct archive_settings settings;
    struct archive *archive;       /* owned */
    struct archive_reader *reader; /* owned; NULL until something is asked */
    uint32_t lobby, tea;           /* rooms */
    uint32_t ann, bob;             /* people; their ids are 1 and 2 */
    uint64_t conversation;
    uint64_t now_ms;
    char folder[64], path[96];
    char heard[ARCHIVE_RIG_HEARD];
    size_t heard_len;
};

static inline void archive_rig_open(struct archive_rig *rig)
{
    assert_int_equal(archive_new(&rig->settings, &rig->archive), 0);
    archive_attach(rig->archive, &rig->base.state);
}

static inline void archive_rig_close(struct archive_rig *rig)
{
    rig->reader = archive_reader_free(rig->reader);
    rig->archive = archive_free(rig->archive);
}

/* A region of a conversation; its first record will have this number. */
static inline void archive_rig_begin(struct archive_rig *rig, uint64_t conversation,
                                     uint64_t number)
{
    rig->conversation = conversation;
    state_rig_init(&rig->base);
    rig->base.state.region.header->log.next_number = number;
    state_begin(&rig->base.state);
    state_edit_counters(&rig->base.state)->started_ms = conversation;
    state_commit(&rig->base.state);
    rig->lobby = state_rig_room(&rig->base);
    rig->tea = state_rig_room(&rig->base);
    rig->ann = state_rig_wire(&rig->base);
    rig->bob = state_rig_wire(&rig->base);
}

/* The daemon was stopped for good, and is started again, with this number for the first record. */
static inline void archive_rig_new_region(struct archive_rig *rig, uint64_t number)
{
    archive_rig_close(rig);
    state_rig_fini(&rig->base);
    archive_rig_begin(rig, rig->conversation + 1, number);
    archive_rig_open(rig);
}

static inline int archive_rig_set_up_span(void **state, uint32_t segment_span)
{
    static struct archive_rig rig;

    rig = (struct archive_rig){ .now_ms = 1000, .folder = "/tmp/partyline-archive-XXXXXX" };
    assert_non_null(mkdtemp(rig.folder));
    (void)snprintf(rig.path, sizeof(rig.path), "%s/archive.db", rig.folder);
    rig.settings.path = rig.path;
    rig.settings.segment_span = segment_span;
    rig.settings.batch_records = segment_span; /* so that the first segment is the oldest */
    archive_rig_begin(&rig, 1000, 1);
    archive_rig_open(&rig);
    *state = &rig;
    return 0;
}

/* Whatever is searched for is read. */
static inline int archive_rig_set_up(void **state)
{
    return archive_rig_set_up_span(state, 0);
}

/* All but the last one is in the index. */
static inline int archive_rig_set_up_segments(void **state)
{
    return archive_rig_set_up_span(state, 2);
}

static inline int archive_rig_tear_down(void **state)
{
    struct archive_rig *rig = *state;
    char command[128];

    archive_rig_close(rig);
    state_rig_fini(&rig->base);
    (void)snprintf(command, sizeof(command), "rm -rf '%s'", rig->folder);
    assert_int_equal(system(command), 0);
    return 0;
}

/* ---- talking ---- */

static inline uint64_t archive_rig_append(struct archive_rig *rig, struct draft *draft,
                                          const uint32_t *owners, uint32_t n)
{
    uint64_t number;

    rig->now_ms += 10;
    draft->real_ms = rig->now_ms;
    state_rig_begin(&rig->base);
    number = log_append(&rig->base.state, draft, owners, n);
    state_commit(&rig->base.state);
    return number;
}

/* Ann says it in the room. */
static inline uint64_t archive_rig_say(struct archive_rig *rig, uint32_t room, const char *text)
{
    struct draft draft = { .kind = RECORD_SAID,
                           .author_id = 1,
                           .who = TEXT("Ann"),
                           .source = TEXT("ann@host"),
                           .where = room == rig->tea ? TEXT("#Tea") : TEXT("#lobby"),
                           .text = text_of(text) };

    return archive_rig_append(rig, &draft, &room, 1);
}

static inline void archive_rig_say_many(struct archive_rig *rig, uint32_t room, unsigned n)
{
    char text[32];

    for (unsigned i = 0; i < n; i++) {
        (void)snprintf(text, sizeof(text), "m%u", i);
        (void)archive_rig_say(rig, room, text);
    }
}

/* Ann to Bob, alone. */
static inline uint64_t archive_rig_tell(struct archive_rig *rig, const char *text)
{
    uint32_t owners[] = { rig->bob | LINK_BOX, rig->ann | LINK_BOX };
    struct draft draft = { .kind = RECORD_SAID,
                           .author_id = 1,
                           .who = TEXT("Ann"),
                           .source = TEXT("ann@host"),
                           .where = TEXT("Bob"),
                           .text = text_of(text) };

    return archive_rig_append(rig, &draft, owners, 2);
}

/* One of many, n1 and so on, to Ann alone: a place of its own. */
static inline void archive_rig_tell_as(struct archive_rig *rig, unsigned i)
{
    uint32_t owner = rig->ann | LINK_BOX;
    char who[16], text[32];
    struct draft draft = { .kind = RECORD_SAID, .author_id = 1000 + i, .where = TEXT("Ann") };

    (void)snprintf(who, sizeof(who), "n%u", i);
    (void)snprintf(text, sizeof(text), "needle %u", i);
    draft.who = text_of(who);
    draft.text = text_of(text);
    (void)archive_rig_append(rig, &draft, &owner, 1);
}

/* Bob does something in the rooms, or in both. */
static inline uint64_t archive_rig_do(struct archive_rig *rig, enum record_kind kind,
                                      const char *where, const char *text)
{
    uint32_t owners[] = { rig->lobby, rig->tea };
    bool is_tea = strcmp(where, "#Tea") == 0, is_both = where[0] == '\0';
    struct draft draft = { .kind = kind,
                           .author_id = 2,
                           .who = TEXT("Bob"),
                           .source = TEXT("bob@host"),
                           .where = text_of(where),
                           .text = text_of(text) };

    return archive_rig_append(rig, &draft, &owners[is_tea], is_both ? 2 : 1);
}

/* Archives all there is. */
static inline void archive_rig_settle(struct archive_rig *rig)
{
    int r;

    do {
        r = archive_step(rig->archive);
    } while (r == ARCHIVE_MORE);
    assert_int_equal(r, 0);
}

/* ---- asking ---- */

static inline struct scope archive_rig_room(const struct archive_rig *rig, uint32_t row)
{
    return (struct scope){ .kind = SCOPE_ROOM,
                           .conversation = rig->conversation,
                           .owner = rig->base.state.rooms[row].id };
}

static inline struct scope archive_rig_box(const struct archive_rig *rig, uint64_t id,
                                           const char *with)
{
    struct scope scope = { .kind = SCOPE_BOX, .conversation = rig->conversation, .owner = id };

    (void)snprintf(scope.name, sizeof(scope.name), "%s", with);
    return scope;
}

static inline struct scope archive_rig_named(enum scope_kind kind, const char *name)
{
    struct scope scope = { .kind = kind };

    (void)snprintf(scope.name, sizeof(scope.name), "%s", name);
    return scope;
}

static inline struct archive_reader *archive_rig_reader(struct archive_rig *rig)
{
    if (rig->reader == NULL) {
        assert_int_equal(archive_reader_new(rig->path, &rig->reader), 0);
    }
    return rig->reader;
}

static inline int archive_rig_hear(void *context, uint32_t scope, const struct record *record)
{
    struct archive_rig *rig = context;
    struct text text = record_field(record, RECORD_TEXT);
    int n =
        snprintf(rig->heard + rig->heard_len, sizeof(rig->heard) - rig->heard_len, "%s%llu:%.*s",
                 rig->heard_len > 0 ? " " : "", (unsigned long long)record->number, TEXT_ARG(text));

    (void)scope;
    assert_true(n > 0 && (size_t)n < sizeof(rig->heard) - rig->heard_len);
    rig->heard_len += (size_t)n;
    return 0;
}

static inline const char *archive_rig_ask(struct archive_rig *rig,
                                          const struct history_question *question)
{
    struct history_answer answer;

    rig->heard_len = 0;
    rig->heard[0] = '\0';
    assert_int_equal(
        archive_history(archive_rig_reader(rig), question, archive_rig_hear, rig, &answer), 0);
    return rig->heard;
}

/* The newest 1000 of a scope, whatever their kind. */
static inline const char *archive_rig_all(struct archive_rig *rig, struct scope scope)
{
    struct history_question question = { .scopes = &scope,
                                         .n_scopes = 1,
                                         .window = WINDOW_LATEST,
                                         .limit = QUESTION_LIMIT_MAX,
                                         .kinds = KINDS_ALL };

    return archive_rig_ask(rig, &question);
}

static inline const char *archive_rig_search(struct archive_rig *rig, const struct scope *scopes,
                                             uint32_t n, const char *words)
{
    struct search_question question = { .scopes = scopes, .n_scopes = n, .limit = 100 };
    struct search_answer answer;

    rig->heard_len = 0;
    rig->heard[0] = '\0';
    (void)snprintf(question.words, sizeof(question.words), "%s", words);
    assert_int_equal(
        archive_search(archive_rig_reader(rig), &question, archive_rig_hear, rig, &answer), 0);
    return rig->heard;
}

/* What was said up to now in the lobby and at tea. */
static inline const char *archive_rig_search_rooms(struct archive_rig *rig, const char *words)
{
    struct scope scopes[] = { archive_rig_room(rig, rig->lobby), archive_rig_room(rig, rig->tea) };

    archive_rig_settle(rig);
    return archive_rig_search(rig, scopes, 2, words);
}

/* What an SQL query for one value gives, as text. */
static inline const char *archive_rig_sql(struct archive_rig *rig, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;

    rig->heard[0] = '\0';
    assert_int_equal(sqlite3_open(rig->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    if (sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_text(statement, 0) != NULL) {
        (void)snprintf(rig->heard, sizeof(rig->heard), "%s",
                       (const char *)sqlite3_column_text(statement, 0));
    }
    (void)sqlite3_finalize(statement);
    (void)sqlite3_close(db);
    return rig->heard;
}

/* The numbers of all records, and of the gaps. */
#define ARCHIVE_RIG_NUMBERS                                                                        \
    "SELECT group_concat(number, ' ') FROM (SELECT number FROM records ORDER BY number)"
#define ARCHIVE_RIG_GAPS "SELECT group_concat(first || '-' || last, ' ') FROM gaps"

#define ARCHIVE_TEST(name)                                                                         \
    cmocka_unit_test_setup_teardown(name, archive_rig_set_up, archive_rig_tear_down)
/* The same in an archive whose segments have two numbers each. */
#define ARCHIVE_TEST_SEGMENTS(name)                                                                \
    {                                                                                              \
#name "_in_segments", name, archive_rig_set_up_segments, archive_rig_tear_down, NULL       \
    }

#endif
