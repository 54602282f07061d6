/* SPDX-License-Identifier: MIT */
/* Whose history a record belongs to is told by its links alone: the tenant of a room's row is the
 * room's id; that of a box is the low half of the connection's. A room's name is known from the
 * first record that says it: everyone's coming does. */
#include "store/filing.h"

#include "store/tap.h"
#include "store/words.h"

#include <stdio.h>
#include <string.h>

enum filing_statement {
    FILING_FIND,
    FILING_CREATE,
    FILING_NAME,
    FILING_SUM,
};

static const char *const filing_sql[] = {
    [FILING_FIND] = ("SELECT id, name, is_permanent FROM places "
                     "WHERE is_box = ?1 AND conversation = ?2 AND owner = ?3 "
                     "AND (is_box = 0 OR folded = ?4)"),
    [FILING_CREATE] = "INSERT INTO places VALUES(NULL,?1,?2,?3,?5,?4,0,0,0)",
    [FILING_NAME] = "UPDATE places SET name = ?2, folded = ?3, is_permanent = ?4 WHERE id = ?1",
    [FILING_SUM] = "UPDATE places SET records = records + ?2, bytes = bytes + ?3 WHERE id = ?1",
};

int filing_init(struct filing *filing, struct database *database)
{
    int r;

    filing->database = database;
    filing->conversation = 0;
    filing->permanent = "";
    memset(filing->statements, 0, sizeof(filing->statements));
    filing_forget(filing);
    r = staging_init(&filing->staging, database);
    return r < 0 ? r
                 : database_prepare_all(database, filing_sql, filing->statements,
                                        ARRAY_SIZE(filing_sql));
}

void filing_fini(struct filing *filing)
{
    staging_fini(&filing->staging);
    database_finalize(filing->statements, ARRAY_SIZE(filing_sql));
}

void filing_forget(struct filing *filing)
{
    staging_forget(&filing->staging);
    memset(filing->slots, 0, sizeof(filing->slots));
}

void filing_fold(struct buf *out, struct text name)
{
    for (size_t i = 0; i < name.len; i++) {
        buf_char(out, text_lower(name.at[i]));
    }
}

/* ---- what a record says of its places ---- */

static bool filing_is_room_name(struct text where)
{
    return text_starts_with(where, TEXT("#"));
}

/* "@#room" and "+#room" are said to those with a rank: 2 and 1. */
static unsigned filing_cut_rank(struct text *where)
{
    unsigned rank = text_starts_with(*where, TEXT("@"))   ? 2
                    : text_starts_with(*where, TEXT("+")) ? 1
                                                          : 0;
    struct text rest = { .at = where->at + (rank != 0), .len = where->len - (rank != 0) };

    if (rank == 0 || !filing_is_room_name(rest)) {
        return 0;
    }
    *where = rest;
    return rank;
}

/* The whole id of a connection of whose low half is known, as near the author's as can be: ids are
 * given one after the other. */
static uint64_t filing_whole_id(uint32_t low, uint64_t near)
{
    return near + (uint64_t)(int64_t)(int32_t)(low - (uint32_t)near);
}

/* Who is at the other end of what this box was told; empty: it concerns nobody's talk. */
static struct text filing_peer(const struct record *record, const struct link *link)
{
    struct text where = record_field(record, RECORD_WHERE);

    (void)filing_cut_rank(&where);
    if (!(words_are_said(record->kind) || record->kind == RECORD_TAGGED) ||
        filing_is_room_name(where)) {
        return TEXT_NONE;
    }
    return link->tenant == (uint32_t)record->author_id ? where : record_field(record, RECORD_WHO);
}

static struct filing_key filing_key(const struct record *record, const struct link *link,
                                    struct text *out_name)
{
    struct filing_key key = { .is_box = (link->owner & LINK_BOX) != 0, .owner = link->tenant };
    struct buf folded = buf_over(key.folded, sizeof(key.folded) - 1);

    if (key.is_box) {
        key.owner = filing_whole_id(link->tenant, record->author_id);
        *out_name = filing_peer(record, link);
        filing_fold(&folded, *out_name);
    }
    return key;
}

/* ---- places ---- */

static bool filing_is_permanent(const struct filing *filing, struct text folded)
{
    char space[ROOM_NAME_SIZE + 3] = "\n";
    struct buf line = buf_over(space, sizeof(space) - 1);

    line.len = 1;
    buf_text_put(&line, folded);
    buf_char(&line, '\n');
    return !line.full && folded.len > 0 && strstr(filing->permanent, space) != NULL;
}

static int filing_sum(struct filing *filing, struct filing_slot *slot)
{
    sqlite3_stmt *sum = filing->statements[FILING_SUM];

    if (slot->id == 0 || slot->n_records == 0) {
        return 0;
    }
    database_bind_u64(sum, 1, slot->id);
    database_bind_u64(sum, 2, slot->n_records);
    database_bind_u64(sum, 3, slot->n_bytes);
    slot->n_records = 0;
    slot->n_bytes = 0;
    return database_run(filing->database, sum);
}

int filing_settle(struct filing *filing)
{
    int r = staging_write(&filing->staging);

    for (size_t i = 0; i < FILING_SLOTS && r == 0; i++) {
        r = filing_sum(filing, &filing->slots[i]);
    }
    return r;
}

static bool filing_is_same(const struct filing_key *a, const struct filing_key *b)
{
    return a->is_box == b->is_box && a->owner == b->owner && strcmp(a->folded, b->folded) == 0;
}

static struct filing_slot *filing_slot(struct filing *filing, const struct filing_key *key)
{
    uint64_t hash = key->owner * 2 + key->is_box;

    for (const char *c = key->folded; *c != '\0'; c++) {
        hash = hash * 31 + (unsigned char)*c;
    }
    hash *= UINT64_C(0x9E3779B97F4A7C15); /* rooms have even numbers: mixed, they use all slots */
    return &filing->slots[hash >> (64 - FILING_SLOT_BITS)];
}

static int filing_create(struct filing *filing, struct filing_slot *slot, struct text name)
{
    sqlite3_stmt *create = filing->statements[FILING_CREATE];
    int r;

    database_bind_u64(create, 1, slot->key.is_box);
    database_bind_u64(create, 2, filing->conversation);
    database_bind_u64(create, 3, slot->key.owner);
    database_bind_text(create, 4, text_of(slot->key.folded));
    database_bind_text(create, 5, name);
    r = database_run(filing->database, create);
    slot->id = (uint64_t)sqlite3_last_insert_rowid(filing->database->db);
    slot->is_named = slot->key.is_box;
    return r;
}

/* Finds the place's row, or makes it. A room whose row lacks the mark of a permanent one counts as
 * without a name: the next record that says it sets both. */
static int filing_load(struct filing *filing, struct filing_slot *slot, struct text name)
{
    sqlite3_stmt *find = filing->statements[FILING_FIND];
    int r;

    database_bind_u64(find, 1, slot->key.is_box);
    database_bind_u64(find, 2, filing->conversation);
    database_bind_u64(find, 3, slot->key.owner);
    database_bind_text(find, 4, text_of(slot->key.folded));
    r = database_next(filing->database, find);
    if (r == DATABASE_ROW) {
        struct text known = database_text(find, 1);
        char space[ROOM_NAME_SIZE];
        struct buf folded = buf_over(space, sizeof(space));
        bool lacks_mark;

        filing_fold(&folded, known);
        slot->id = database_u64(find, 0);
        lacks_mark = filing_is_permanent(filing, buf_text(&folded)) && database_u64(find, 2) == 0;
        slot->is_named = slot->key.is_box || (known.len > 0 && !lacks_mark);
        (void)sqlite3_reset(find);
        return 0;
    }
    return r < 0 ? r : filing_create(filing, slot, name);
}

/* *out has id 0 after a failure. */
static int filing_find(struct filing *filing, const struct filing_key *key, struct text name,
                       struct filing_slot **out)
{
    struct filing_slot *slot = filing_slot(filing, key);
    int r = 0;

    *out = slot;
    if (slot->id != 0 && filing_is_same(&slot->key, key)) {
        return 0;
    }
    r = filing_sum(filing, slot);
    *slot = (struct filing_slot){ .key = *key };
    return r < 0 ? r : filing_load(filing, slot, name);
}

/* A record of the room says its name: it is written down, also that the room is permanent. It stays
 * so: what was said in it while it was, is the history of the next. */
static int filing_name(struct filing *filing, struct filing_slot *slot, struct text name)
{
    sqlite3_stmt *statement = filing->statements[FILING_NAME];
    char space[ROOM_NAME_SIZE];
    struct buf folded = buf_over(space, sizeof(space));

    filing_fold(&folded, name);
    slot->is_named = true;
    database_bind_u64(statement, 1, slot->id);
    database_bind_text(statement, 2, name);
    database_bind_text(statement, 3, buf_text(&folded));
    database_bind_u64(statement, 4, filing_is_permanent(filing, buf_text(&folded)));
    return database_run(filing->database, statement);
}

/* ---- the record ---- */

static void filing_place(struct filing *filing, const struct record *record,
                         struct filing_slot *slot, unsigned rank)
{
    struct placement placement = { .place = slot->id,
                                   .number = record->number,
                                   .is_event = !words_are_said(record->kind),
                                   .kind = record->kind,
                                   .least = (uint8_t)(slot->key.is_box ? 0 : rank) };

    slot->n_records++;
    slot->n_bytes += record_field(record, RECORD_TEXT).len;
    staging_place(&filing->staging, &placement);
}

/* Places the record by one of its links, and appends the place's id. */
static int filing_put_link(struct filing *filing, const struct record *record,
                           const struct link *link, struct buf *places)
{
    struct text name = TEXT_NONE, where = record_field(record, RECORD_WHERE);
    struct filing_key key = filing_key(record, link, &name);
    unsigned rank = filing_cut_rank(&where);
    struct filing_slot *slot;
    int r = filing_find(filing, &key, name, &slot);

    if (r == 0 && !slot->is_named && filing_is_room_name(where)) {
        r = filing_name(filing, slot, where);
    }
    if (r < 0) {
        return r;
    }
    if (places->len > 0) {
        buf_char(places, ' ');
    }
    buf_number(places, slot->id);
    filing_place(filing, record, slot, rank);
    return 0;
}

int filing_add(struct filing *filing, const struct record *record)
{
    char space[PLACES_SIZE];
    struct buf places = buf_over(space, sizeof(space));
    int r = 0;

    for (int i = 0; i < record->n_links && r == 0; i++) {
        r = filing_put_link(filing, record, &tap_links(record)[i], &places);
    }
    return r < 0 ? r : staging_add(&filing->staging, record, buf_text(&places));
}
