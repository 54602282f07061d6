/* SPDX-License-Identifier: MIT */
/* The schema, version by version. */
#include "store/schema.h"

#include <assert.h>

/* clang-format off */
/* Up to version 3 the index of words was one of FTS5's, `words`, which took three quarters of the
 * time that archiving takes; it goes (store/former_index), and what is in an older archive is
 * indexed anew (store/indexer) when there is nothing else to do. */
static const char schema_1[] =
"CREATE TABLE kinds(kind INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;\n"
"INSERT INTO kinds VALUES(1,'said'),(2,'action'),(3,'notice'),(4,'joined'),(5,'left'),(6,'quit'),"
"(7,'renamed'),(8,'topic'),(9,'away'),(10,'kicked'),(11,'modes'),(12,'invited'),(13,'realname'),"
"(14,'host'),(15,'account'),(16,'tagged'),(17,'wallops');\n"
"CREATE TABLE cursors(\n"
"    conversation INTEGER PRIMARY KEY, -- ms: when the region came into being\n"
"    number INTEGER NOT NULL           -- the last record that is archived\n"
") STRICT;\n"
"CREATE TABLE gaps(\n"
"    first INTEGER PRIMARY KEY, -- numbers of the records that were lost\n"
"    last INTEGER NOT NULL\n"
") STRICT;\n"
"CREATE TABLE records(\n"
"    number INTEGER PRIMARY KEY,\n"
"    ms INTEGER NOT NULL,\n"
"    kind INTEGER NOT NULL,\n"
"    flags INTEGER NOT NULL,\n"
"    author INTEGER NOT NULL, -- connection; 0: the daemon\n"
"    who TEXT NOT NULL,\n"
"    source TEXT NOT NULL,\n"
"    place TEXT NOT NULL,     -- room or nick it was said to\n"
"    text TEXT NOT NULL,\n"
"    target TEXT, account TEXT, tags TEXT,\n"
"    places TEXT NOT NULL     -- ids, with spaces between\n"
") STRICT;\n"
"CREATE TABLE places(\n"
"    id INTEGER PRIMARY KEY,\n"
"    is_box INTEGER NOT NULL,       -- what one person hears alone\n"
"    conversation INTEGER NOT NULL,\n"
"    owner INTEGER NOT NULL,        -- room or connection\n"
"    name TEXT NOT NULL,            -- the room's; in a box: who is at the other end\n"
"    folded TEXT NOT NULL,          -- in lower case\n"
"    is_permanent INTEGER NOT NULL, -- the same room in all conversations\n"
"    records INTEGER NOT NULL,\n"
"    bytes INTEGER NOT NULL         -- of text\n"
") STRICT;\n"
"CREATE UNIQUE INDEX places_by_owner ON places(is_box, conversation, owner, folded);\n"
"CREATE INDEX places_by_name ON places(folded, id) WHERE is_box = 0;\n"
"CREATE TABLE placements(\n"
"    place INTEGER NOT NULL,\n"
"    is_event INTEGER NOT NULL, -- 0: somebody said something\n"
"    number INTEGER NOT NULL,\n"
"    kind INTEGER NOT NULL,\n"
"    least INTEGER NOT NULL,    -- 1: for those with voice, 2: for operators of the room\n"
"    PRIMARY KEY(place, is_event, number)\n"
") STRICT, WITHOUT ROWID;\n"
"CREATE VIEW talk AS SELECT number, datetime(ms / 1000, 'unixepoch') AS utc, kinds.name AS kind,\n"
"    place, who, target, text FROM records JOIN kinds USING(kind);\n"
"PRAGMA user_version = 1;\n";

static const char schema_2[] =
"CREATE TABLE rooms(               -- those that stay, as they were last\n"
"    name TEXT PRIMARY KEY COLLATE NOCASE,\n"
"    topic TEXT NOT NULL,\n"
"    topic_by TEXT NOT NULL,\n"
"    modes TEXT NOT NULL,          -- letters\n"
"    key TEXT NOT NULL,\n"
"    bans TEXT NOT NULL,           -- MASK BY SECONDS, a line each; so are the next two\n"
"    exceptions TEXT NOT NULL,\n"
"    invitations TEXT NOT NULL,\n"
"    topic_ms INTEGER NOT NULL,\n"
"    members INTEGER NOT NULL      -- at most; 0: any number\n"
") STRICT;\n"
"PRAGMA user_version = 2;\n";

static const char schema_3[] = /* nothing but that what went before asks for phrases */
"PRAGMA user_version = 3;\n";

static const char schema_4[] =
"CREATE TABLE segments( -- of the index of words\n"
"    id INTEGER PRIMARY KEY CHECK(id > 0 AND id < 1 << 42),\n"
"    first INTEGER NOT NULL CHECK(first >= 0), -- numbers of the records that it knows\n"
"    last INTEGER NOT NULL CHECK(last BETWEEN first AND first + 4095),\n"
"    lost INTEGER NOT NULL CHECK(lost >= 0)    -- that were removed since it was made\n"
") STRICT;\n"
"CREATE UNIQUE INDEX segments_by_first ON segments(first);\n"
"CREATE UNIQUE INDEX segments_by_last ON segments(last);\n"
"CREATE INDEX segments_by_lost ON segments(lost) WHERE lost > 0;\n"
"CREATE TABLE postings(\n"
"    id INTEGER PRIMARY KEY, -- segment * 2^20 + first token\n"
"    lists BLOB NOT NULL     -- daemon/store/postings.h\n"
") STRICT;\n"
"PRAGMA user_version = 4;\n";
/* clang-format on */

const char *schema_step(int version)
{
    static const char *const steps[] = { schema_1, schema_2, schema_3, schema_4 };

    assert(version >= 1 && (size_t)version <= ARRAY_SIZE(steps));
    return steps[version - 1];
}
