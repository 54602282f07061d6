CREATE INDEX places_by_name ON places(folded, id) WHERE is_box = 0;
CREATE UNIQUE INDEX places_by_owner ON places(is_box, conversation, owner, folded);
CREATE UNIQUE INDEX segments_by_first ON segments(first);
CREATE UNIQUE INDEX segments_by_last ON segments(last);
CREATE INDEX segments_by_lost ON segments(lost) WHERE lost > 0;
CREATE TABLE cursors(
    conversation INTEGER PRIMARY KEY, -- ms: when the region came into being
    number INTEGER NOT NULL           -- the last record that is archived
) STRICT;
CREATE TABLE gaps(
    first INTEGER PRIMARY KEY, -- numbers of the records that were lost
    last INTEGER NOT NULL
) STRICT;
CREATE TABLE kinds(kind INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
CREATE TABLE placements(
    place INTEGER NOT NULL,
    is_event INTEGER NOT NULL, -- 0: somebody said something
    number INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    least INTEGER NOT NULL,    -- 1: for those with voice, 2: for operators of the room
    PRIMARY KEY(place, is_event, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE places(
    id INTEGER PRIMARY KEY,
    is_box INTEGER NOT NULL,       -- what one person hears alone
    conversation INTEGER NOT NULL,
    owner INTEGER NOT NULL,        -- room or connection
    name TEXT NOT NULL,            -- the room's; in a box: who is at the other end
    folded TEXT NOT NULL,          -- in lower case
    is_permanent INTEGER NOT NULL, -- the same room in all conversations
    records INTEGER NOT NULL,
    bytes INTEGER NOT NULL         -- of text
) STRICT;
CREATE TABLE postings(
    id INTEGER PRIMARY KEY, -- segment * 2^20 + first token
    lists BLOB NOT NULL     -- daemon/store/postings.h
) STRICT;
CREATE TABLE records(
    number INTEGER PRIMARY KEY,
    ms INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    flags INTEGER NOT NULL,
    author INTEGER NOT NULL, -- connection; 0: the daemon
    who TEXT NOT NULL,
    source TEXT NOT NULL,
    place TEXT NOT NULL,     -- room or nick it was said to
    text TEXT NOT NULL,
    target TEXT, account TEXT, tags TEXT,
    places TEXT NOT NULL     -- ids, with spaces between
) STRICT;
CREATE TABLE rooms(               -- those that stay, as they were last
    name TEXT PRIMARY KEY COLLATE NOCASE,
    topic TEXT NOT NULL,
    topic_by TEXT NOT NULL,
    modes TEXT NOT NULL,          -- letters
    key TEXT NOT NULL,
    bans TEXT NOT NULL,           -- MASK BY SECONDS, a line each; so are the next two
    exceptions TEXT NOT NULL,
    invitations TEXT NOT NULL,
    topic_ms INTEGER NOT NULL,
    members INTEGER NOT NULL      -- at most; 0: any number
) STRICT;
CREATE TABLE segments( -- of the index of words
    id INTEGER PRIMARY KEY CHECK(id > 0 AND id < 1 << 42),
    first INTEGER NOT NULL CHECK(first >= 0), -- numbers of the records that it knows
    last INTEGER NOT NULL CHECK(last BETWEEN first AND first + 4095),
    lost INTEGER NOT NULL CHECK(lost >= 0)    -- that were removed since it was made
) STRICT;
CREATE VIEW talk AS SELECT number, datetime(ms / 1000, 'unixepoch') AS utc, kinds.name AS kind,
    place, who, target, text FROM records JOIN kinds USING(kind);
