/* SPDX-License-Identifier: MIT */
/* Each statement walks an index from where its answer begins, and reads no more than the answer. */
#include "store/lookup.h"

#include "store/filing.h"
#include "store/words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* By rank, or as the author. Only for the few that are not for all is the record looked up. */
#define LOOKUP_MAY_SEE                                                                             \
    "(least <= ?6 OR (SELECT author FROM records WHERE records.number = placements.number) = ?8) "

/* Only what people say to each other, unless ?9: no CTCP but actions, and not that somebody types;
 * said (1), noticed (3) and tagged (16) may be such. As history_is_talk(). */
#define LOOKUP_IS_TALK                                                                             \
    "(?9 OR kind NOT IN (1, 3, 16) OR (SELECT CASE kind WHEN 16 THEN instr(tags, ';') > 0 "        \
    "OR (substr(tags, 1, 7) <> '+typing' AND substr(tags, 1, 13) <> '+draft/typing') "             \
    "ELSE substr(text, 1, 1) <> char(1) END "                                                      \
    "FROM records WHERE records.number = placements.number)) "

static const char *const lookup_sql[LOOKUP_STATEMENTS] = {
    [LOOKUP_ROOM] = ("SELECT id, name, 0, conversation FROM places "
                     "WHERE is_box = 0 AND conversation = ?1 AND owner = ?2"),
    [LOOKUP_BY_NAME] = ("SELECT id, name, is_permanent, conversation FROM places "
                        "WHERE is_box = 0 AND folded = ?3 ORDER BY is_permanent DESC, id DESC"),
    [LOOKUP_BOX] = ("SELECT id, name, 0, conversation FROM places "
                    "WHERE is_box = 1 AND conversation = ?1 AND owner = ?2 ORDER BY id DESC"),
    [LOOKUP_TALK_WITH] = ("SELECT id, name, 0, conversation FROM places "
                          "WHERE is_box = 1 AND conversation = ?1 AND owner = ?2 AND folded = ?3"),
    [LOOKUP_NEWEST] = ("SELECT number FROM placements WHERE place = ?1 AND is_event = ?2 "
                       "AND number >= ?3 AND number < ?4 AND (?5 >> kind) & 1 AND " LOOKUP_MAY_SEE
                       "AND " LOOKUP_IS_TALK "ORDER BY number DESC LIMIT ?7"),
    [LOOKUP_OLDEST] = ("SELECT number FROM placements WHERE place = ?1 AND is_event = ?2 "
                       "AND number >= ?3 AND number < ?4 AND (?5 >> kind) & 1 AND " LOOKUP_MAY_SEE
                       "AND " LOOKUP_IS_TALK "ORDER BY number LIMIT ?7"),
    [LOOKUP_AT] = "SELECT number, ms FROM records WHERE number >= ?1 ORDER BY number LIMIT 1",
    [LOOKUP_LAST_BEFORE] =
        "SELECT number FROM records WHERE number < ?1 ORDER BY number DESC LIMIT 1",
    [LOOKUP_RECORD] = ("SELECT ms, kind, flags, author, who, source, place, text, target, account, "
                       "tags, places FROM records WHERE number = ?1"),
    [LOOKUP_LEAST] = ("SELECT least FROM placements "
                      "WHERE place = ?1 AND is_event = ?2 AND number = ?3"),
    [LOOKUP_SEGMENT_BEFORE] =
        "SELECT id, first, last FROM segments WHERE first < ?1 ORDER BY first DESC LIMIT 1",
    [LOOKUP_SEGMENT_FROM] =
        "SELECT id, first, last FROM segments WHERE last >= ?1 ORDER BY last LIMIT 1",
    [LOOKUP_LEAF] =
        "SELECT lists FROM postings WHERE id >= ?1 AND id <= ?2 ORDER BY id DESC LIMIT 1",
};

/* Most people ask for a few; who was in many rooms over many conversations asks for thousands. */
static int lookup_make_room(struct lookup *lookup)
{
    uint32_t size = lookup->spots_size == 0 ? LOOKUP_SPOTS_FIRST : 2 * lookup->spots_size;
    struct spot *spots;

    if (lookup->n_spots < lookup->spots_size) {
        return 0;
    }
    spots = realloc(lookup->spots, size * sizeof(*spots));
    if (spots == NULL) {
        return -ENOMEM;
    }
    lookup->spots = spots;
    lookup->spots_size = size;
    return 0;
}

int lookup_init(struct lookup *lookup, const char *path)
{
    int r = database_open(&lookup->database, path, DATABASE_READS);

    if (r == 0) {
        r = database_prepare_all(&lookup->database, lookup_sql, lookup->statements,
                                 LOOKUP_STATEMENTS);
    }
    return r < 0 ? r : lookup_make_room(lookup);
}

void lookup_fini(struct lookup *lookup)
{
    database_finalize(lookup->statements, LOOKUP_STATEMENTS);
    database_close(&lookup->database);
    free(lookup->spots);
    lookup->spots = NULL;
}

int lookup_begin(struct lookup *lookup)
{
    return database_exec(&lookup->database, "BEGIN");
}

int lookup_end(struct lookup *lookup, int r)
{
    for (size_t i = 0; i < LOOKUP_STATEMENTS; i++) {
        (void)sqlite3_reset(lookup->statements[i]);
    }
    database_roll_back(&lookup->database); /* nothing was written */
    return r;
}

/* ---- places ---- */

static void lookup_add_spot(struct lookup *lookup, const struct scope *scope, uint32_t index,
                            sqlite3_stmt *row)
{
    struct spot *spot = &lookup->spots[lookup->n_spots++];
    struct text name = database_text(row, 1);
    bool is_own = database_u64(row, 3) == scope->conversation && scope->reader != 0;

    *spot = (struct spot){ .id = database_u64(row, 0),
                           .since = scope->since,
                           .scope = index,
                           .rank = scope->rank,
                           .author = is_own ? scope->reader : UINT64_MAX };
    memcpy(spot->name, name.at, size_min(name.len, sizeof(spot->name) - 1));
}

static int lookup_scope(struct lookup *lookup, const struct scope *scope, uint32_t index)
{
    bool is_by_name = scope->kind == SCOPE_PERMANENT || scope->kind == SCOPE_NAMED;
    enum lookup_statement which = is_by_name                  ? LOOKUP_BY_NAME
                                  : scope->kind == SCOPE_ROOM ? LOOKUP_ROOM
                                  : scope->name[0] == '\0'    ? LOOKUP_BOX
                                                              : LOOKUP_TALK_WITH;
    sqlite3_stmt *rows = lookup->statements[which];
    char space[ROOM_NAME_SIZE];
    struct buf folded = buf_over(space, sizeof(space));
    bool is_first = true;
    int r;

    filing_fold(&folded, text_of(scope->name));
    (void)sqlite3_bind_int64(rows, 1, (sqlite3_int64)scope->conversation);
    (void)sqlite3_bind_int64(rows, 2, (sqlite3_int64)scope->owner);
    (void)sqlite3_bind_text(rows, 3, space, (int)folded.len, SQLITE_STATIC);
    while ((r = database_next(&lookup->database, rows)) == DATABASE_ROW &&
           lookup->n_spots < LOOKUP_SPOTS_MAX) {
        if (is_by_name && sqlite3_column_int(rows, 2) == 0 &&
            !(is_first && scope->kind == SCOPE_NAMED)) {
            break;
        }
        r = lookup_make_room(lookup);
        if (r < 0) {
            break;
        }
        lookup_add_spot(lookup, scope, index, rows);
        is_first = false;
    }
    (void)sqlite3_reset(rows);
    return r < 0 ? r : 0;
}

static int spot_compare(const void *a, const void *b)
{
    const struct spot *one = a, *other = b;

    return (one->id > other->id) - (one->id < other->id);
}

int lookup_scopes(struct lookup *lookup, const struct scope *scopes, uint32_t n)
{
    int r = 0;

    lookup->n_spots = 0;
    for (uint32_t i = 0; i < n && r == 0; i++) {
        r = lookup_scope(lookup, &scopes[i], i);
    }
    qsort(lookup->spots, lookup->n_spots, sizeof(lookup->spots[0]), spot_compare);
    return r;
}

/* ---- times ---- */

int lookup_first_from(struct lookup *lookup, uint64_t number, uint64_t *out_number,
                      uint64_t *out_ms)
{
    sqlite3_stmt *at = lookup->statements[LOOKUP_AT];
    int r;

    database_bind_u64(at, 1, number);
    r = database_next(&lookup->database, at);
    if (r == DATABASE_ROW) {
        *out_number = database_u64(at, 0);
        *out_ms = database_u64(at, 1);
        (void)sqlite3_reset(at);
    }
    return r;
}

int lookup_last_before(struct lookup *lookup, uint64_t number, uint64_t *out)
{
    sqlite3_stmt *last = lookup->statements[LOOKUP_LAST_BEFORE];
    int r;

    database_bind_u64(last, 1, number);
    r = database_next(&lookup->database, last);
    if (r == DATABASE_ROW) {
        *out = database_u64(last, 0);
        (void)sqlite3_reset(last);
    }
    return r;
}

/* Between what the number is that is looked for: not below `low`, and what is at or above `high` is
 * not earlier. The times are those of the records there. */
struct lookup_stretch {
    uint64_t low, high;
    uint64_t low_ms, high_ms;
};

static int lookup_whole(struct lookup *lookup, struct lookup_stretch *out)
{
    uint64_t last = 0;
    int r = lookup_first_from(lookup, 0, &out->low, &out->low_ms);

    if (r == DATABASE_ROW) {
        r = lookup_last_before(lookup, INT64_MAX, &last);
    }
    if (r == DATABASE_ROW) {
        r = lookup_first_from(lookup, last, &last, &out->high_ms);
    }
    out->high = r == DATABASE_ROW ? last + 1 : out->low;
    return r;
}

/* Where it is if as much was said at all times. */
static uint64_t lookup_guess(const struct lookup_stretch *s, uint64_t ms)
{
    double part;

    if (ms <= s->low_ms || s->high_ms <= s->low_ms) {
        return s->low;
    }
    part = (double)(ms - s->low_ms) / (double)(s->high_ms - s->low_ms);
    return s->low + u64_min((uint64_t)(part * (double)(s->high - s->low)), s->high - s->low - 1);
}

/* Times grow with numbers (state/log.c), so there is no index of them but this: guessing, and
 * halving in turns, since each look may be one at the disk. Where the clock was set back between
 * two regions, the answer is one of the places where it passed `ms`. */
int lookup_number_at(struct lookup *lookup, uint64_t ms, uint64_t *out)
{
    struct lookup_stretch s = { .low = 0 };
    int r = lookup_whole(lookup, &s);

    for (bool guesses = true; r >= 0 && s.low < s.high; guesses = !guesses) {
        uint64_t at = guesses ? lookup_guess(&s, ms) : s.low + (s.high - s.low) / 2;
        uint64_t number = at, its_ms = ms;

        r = lookup_first_from(lookup, at, &number, &its_ms);
        if (r == 0 || its_ms >= ms) {
            s.high = at;
            s.high_ms = its_ms;
        } else {
            s.low = number + 1;
            s.low_ms = its_ms;
        }
    }
    *out = r < 0 ? *out : s.low;
    return r < 0 ? r : 0;
}

int lookup_range(struct lookup *lookup, const struct bound *from, const struct bound *to,
                 struct range *out)
{
    int r = 0;

    *out = (struct range){ .low = from->at > 0 ? from->at + 1 : 0,
                           .high = to->at > 0 ? to->at : INT64_MAX };
    if (from->is_ms) {
        r = lookup_number_at(lookup, from->at + 1, &out->low);
    }
    if (r == 0 && to->is_ms) {
        r = lookup_number_at(lookup, to->at, &out->high);
    }
    return r;
}

/* ---- records ---- */

static bool lookup_put_extra(struct record *record, struct buf *out, enum record_extra_kind kind,
                             struct text t)
{
    struct record_extra extra = { .kind = (uint16_t)kind, .len = (uint16_t)t.len };

    if (t.len > 0) {
        buf_put(out, &extra, sizeof(extra));
        buf_text_put(out, t);
        record->n_extras++;
    }
    return t.len <= UINT16_MAX;
}

/* As log_append() lays it out, without links. False: somebody wrote what is no record. */
static bool lookup_pack(struct lookup *lookup, sqlite3_stmt *row, struct record *record)
{
    struct buf out = buf_over((char *)(record + 1), sizeof(lookup->record) - sizeof(*record));
    bool is_sound = true;

    for (int i = 0; i < RECORD_FIELDS; i++) {
        struct text t = database_text(row, 4 + i);

        is_sound = is_sound && t.len <= UINT16_MAX;
        record->len[i] = (uint16_t)t.len;
        buf_text_put(&out, t);
    }
    for (int i = 0; i < RECORD_EXTRAS_END - RECORD_TARGET; i++) {
        is_sound = lookup_put_extra(record, &out, (enum record_extra_kind)(RECORD_TARGET + i),
                                    database_text(row, 8 + i)) &&
                   is_sound;
    }
    record->size = (uint32_t)(sizeof(*record) + out.len);
    return is_sound && !out.full;
}

static void lookup_keep_places(struct lookup *lookup, struct text places)
{
    struct buf out = buf_over(lookup->places, sizeof(lookup->places) - 1);

    buf_text_put(&out, places);
    lookup->places[out.len] = '\0';
}

int lookup_record(struct lookup *lookup, uint64_t number, const struct record **out)
{
    sqlite3_stmt *row = lookup->statements[LOOKUP_RECORD];
    struct record *record = (struct record *)(void *)lookup->record;
    uint64_t kind;
    bool is_sound;
    int r;

    database_bind_u64(row, 1, number);
    r = database_next(&lookup->database, row);
    if (r != DATABASE_ROW) {
        return r;
    }
    kind = database_u64(row, 1);
    *record = (struct record){ .number = number,
                               .real_ms = database_u64(row, 0),
                               .kind = (uint8_t)kind,
                               .flags = (uint8_t)sqlite3_column_int(row, 2),
                               .author_id = database_u64(row, 3) };
    is_sound = kind >= RECORD_SAID && kind <= RECORD_WALLOPS && lookup_pack(lookup, row, record);
    lookup_keep_places(lookup, database_text(row, 11));
    (void)sqlite3_reset(row);
    *out = record;
    return is_sound ? DATABASE_ROW : 0; /* the others of an answer are to be had all the same */
}

static int lookup_may_see(struct lookup *lookup, const struct spot *spot,
                          const struct record *record)
{
    sqlite3_stmt *least = lookup->statements[LOOKUP_LEAST];
    bool may;
    int r;

    if (record->number < spot->since) {
        return 0;
    }
    database_bind_u64(least, 1, spot->id);
    database_bind_u64(least, 2, !words_are_said(record->kind));
    database_bind_u64(least, 3, record->number);
    r = database_next(&lookup->database, least);
    if (r != DATABASE_ROW) {
        return r;
    }
    may = sqlite3_column_int(least, 0) <= (int)spot->rank || record->author_id == spot->author;
    (void)sqlite3_reset(least);
    return may ? DATABASE_ROW : 0;
}

int lookup_is_allowed(struct lookup *lookup, const struct record *record, uint32_t *out_scope)
{
    struct text rest = text_of(lookup->places);
    struct spot key = { 0 };
    int r = 0;

    while (rest.len > 0 && r == 0) {
        const struct spot *spot = NULL;

        if (text_number(text_cut_word(&rest), INT64_MAX, &key.id)) {
            spot = bsearch(&key, lookup->spots, lookup->n_spots, sizeof(key), spot_compare);
        }
        if (spot != NULL) {
            *out_scope = spot->scope;
            r = lookup_may_see(lookup, spot, record);
        }
    }
    return r;
}
