/* SPDX-License-Identifier: MIT */
/* Marks and rows of the index. The index keeps no texts of its own: what is removed is told again.
 */
#include "store/words.h"

enum {
    WORDS_MARKS_SIZE = 130 * (WORDS_MARK_BYTES + 1), /* LOG_LINKS_MAX places, who, stretch */
    WORDS_PLACES = 0xF0000, /* code points of a mark: one of 4096 from here on, thrice */
    WORDS_PEOPLE = 0xF1000,
    WORDS_STRETCHES = 0xF2000,
};

static const char words_add_sql[] = "INSERT INTO words(rowid, text) VALUES(?1, ?2)";
static const char words_remove_sql[] =
    "INSERT INTO words(words, rowid, text) VALUES('delete', ?1, ?2)";

int words_init(struct words_index *index, struct database *database)
{
    int r;

    *index = (struct words_index){ .database = database };
    r = database_prepare(database, words_add_sql, &index->add);
    return r < 0 ? r : database_prepare(database, words_remove_sql, &index->remove);
}

void words_fini(struct words_index *index)
{
    database_finalize(&index->add, 1);
    database_finalize(&index->remove, 1);
}

bool words_are_said(int kind)
{
    return kind == RECORD_SAID || kind == RECORD_ACTION || kind == RECORD_NOTICE;
}

bool words_are_in(int kind, struct text text)
{
    return text.len > 0 && (words_are_said(kind) || kind == RECORD_TOPIC);
}

/* ---- marks ---- */

/* 36 bits as three characters of four bytes each. */
static void words_mark(struct buf *out, uint32_t base, uint64_t value)
{
    for (unsigned i = 0; i < 3; i++) {
        uint32_t code = base + (uint32_t)(value >> (12 * i) & 0xfff);

        buf_char(out, (char)(0xF0 | code >> 18));
        buf_char(out, (char)(0x80 | (code >> 12 & 0x3f)));
        buf_char(out, (char)(0x80 | (code >> 6 & 0x3f)));
        buf_char(out, (char)(0x80 | (code & 0x3f)));
    }
}

void words_mark_stretch(struct buf *out, uint64_t number)
{
    words_mark(out, WORDS_STRETCHES, number >> WORDS_STRETCH_BITS);
}

void words_mark_place(struct buf *out, uint64_t place)
{
    words_mark(out, WORDS_PLACES, place);
}

/* A hash (FNV-1a, the number is its definition's): two nicks may share it, so a hit is compared. */
void words_mark_who(struct buf *out, struct text who)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < who.len; i++) {
        hash = (hash ^ (unsigned char)text_lower(who.at[i])) * UINT64_C(0x100000001b3);
    }
    words_mark(out, WORDS_PEOPLE, hash ^ hash >> 36);
}

static void words_put_marks(struct buf *out, const struct words *words)
{
    struct text rest = words->places;
    uint64_t place;

    words_mark_stretch(out, words->number);
    buf_char(out, ' ');
    words_mark_who(out, words->who);
    while (rest.len > 0) {
        if (text_number(text_cut_word(&rest), INT64_MAX, &place)) {
            buf_char(out, ' ');
            words_mark_place(out, place);
        }
    }
}

/* ---- rows ---- */

static int words_run(struct words_index *index, sqlite3_stmt *statement, const struct words *words)
{
    char space[WORDS_MARKS_SIZE + RECORD_TEXT_MAX + 1];
    struct buf indexed = buf_over(space, sizeof(space));

    words_put_marks(&indexed, words);
    buf_char(&indexed, ' ');
    buf_text_put(&indexed, words->text);
    database_bind_u64(statement, 1, words->number);
    database_bind_text(statement, 2, buf_text(&indexed));
    return database_run(index->database, statement);
}

int words_add(struct words_index *index, const struct words *words)
{
    return words_run(index, index->add, words);
}

int words_remove(struct words_index *index, const struct words *words)
{
    return words_run(index, index->remove, words);
}
