/* SPDX-License-Identifier: MIT */
/* What lies in the region: plain structs that outlive the process. References are row numbers or
 * log positions, never pointers; row 0 of every table is kept free and means "none", so zeroed
 * memory is empty. Only state/ writes these fields, through state_edit_*(); others read them
 * through const. Changing anything here means a new LAYOUT_VERSION and a converter. */
#ifndef STATE_LAYOUT_H
#define STATE_LAYOUT_H

#include "lib/base.h"

enum {
    LAYOUT_VERSION = 4,
    NAME_SIZE = 32,              /* nickname: at most 31 bytes and a NUL */
    ROOM_NAME_SIZE = 64,         /* with '#': at most 63 bytes and a NUL */
    CELL_BYTES = 58,             /* text in one cell */
    PAGE_SIZE_BYTES = 16384,     /* holds a round's worth of output, or the longest line twice */
    JOURNAL_BYTES = 131072,      /* the largest transaction: the last one quits 64 rooms, 100 KB */
    MEMBERSHIPS_PER_PERSON = 64, /* rows, those on their way out included */
    PAST_ROWS = 256,             /* of those who have left, for WHOWAS: the oldest gives way */
    RECORD_TEXT_MAX = 4096,
    RECORD_TAGS_MAX = 4094, /* of a client, IRCv3 message-tags */
    RECORD_ROOM = 16384,    /* the log has this much free before a transaction: all it may append */
};

#define UNTIL_OPEN UINT64_MAX

/* The records of a room or of a person's box: ordinals [first, end) are kept in the log. */
struct chain {
    uint64_t first, end;
    uint64_t first_pos, last_pos; /* log positions of the oldest and the newest; valid if kept */
};

/* A reader's place in a chain. */
struct cursor {
    uint64_t due; /* ordinal of the next record */
    uint64_t pos; /* log position of the record before it, valid if that one is kept */
};

enum wire_phase {
    WIRE_FREE,
    WIRE_NEW, /* accepted, nothing visible has happened yet */
    WIRE_OPEN,
    WIRE_ENDING,    /* the farewell is committed; what is due is being sent */
    WIRE_LINGERING, /* our FIN is sent; reading until the peer's, or a deadline */
};

enum wire_transport { WIRE_TCP, WIRE_UNIX };

enum wire_flag {
    WIRE_TELNET = 1,     /* the peer has proven to be telnet */
    WIRE_PINGED = 2,     /* a ping of ours is unanswered */
    WIRE_FLOOD_TOLD = 4, /* it was told that its lines are delayed */
    WIRE_PEER_FIRST = 8, /* said goodbye in its protocol: its FIN is awaited before ours is sent */
    WIRE_IDLE_WARNED = 16,
};

/* Bytes from the peer: consumed <= read. Byte n of the stream lies at n % PAGE_SIZE_BYTES of the
 * page; there is a page while consumed < read. */
struct wire_input {
    uint64_t consumed; /* behind the last line that took effect */
    uint64_t seen;     /* up to here protocol bytes (telnet) had their effect */
    uint64_t read;     /* as last stored; after a crash the kernel's count is the truth */
    uint32_t page;
    uint8_t scanner; /* what the scanner knows at `consumed` */
    uint8_t reserved;
    uint16_t step; /* parts of the line at `consumed` that are done (a list of rooms) */
};

/* Bytes to the peer: written <= produced, written by the kernel's account. What lies between is the
 * end of the page, or, of a page that several rows name, a part of it; page[0] is byte `base` of
 * the stream. */
struct wire_output {
    uint64_t produced;
    uint64_t base;
    uint64_t written; /* stored for unix sockets only, where the kernel does not count */
    uint32_t page;
    uint32_t batch; /* a group of answers that is begun and not ended: the front end's; 0: none */
};

/* A long answer that goes on when the page is empty: what, about which row, from where to where.
 * The meaning of the numbers is the front end's. */
struct wire_answer {
    uint32_t kind; /* 0: none */
    uint32_t row;
    uint64_t at, until;
};

struct wire_flood { /* token bucket */
    uint64_t at_ms;
    uint32_t millitokens;
    uint32_t told_minute; /* nothing of flood, but there is place: when what happened that it was
                             told last, in minutes of real time; 0: not known */
};

/* One connection. */
struct wire {
    uint64_t id; /* 0: the row is free; never reused */
    struct wire_input in;
    struct wire_output out;
    struct wire_answer answer;
    struct wire_flood flood;
    uint64_t born_ms, heard_ms, deadline_ms; /* boot time; deadline: of pings and of lingering */
    unsigned char host[16];
    uint8_t phase, front, transport, reserved;
    uint32_t flags;
};

enum person_flag {
    PERSON_REGISTERED = 1, /* is known to others */
    PERSON_GUEST = 2,      /* wears a name given by us */
    PERSON_GONE = 4,       /* has quit; the connection is being closed */
    PERSON_AWAY = 8,
    PERSON_KILLED = 16,  /* an operator ends the connection; `away` says why */
    PERSON_CURIOUS = 32, /* also hears what changes about those it watches */

    PERSON_INVISIBLE = 1 << 16, /* modes: IRC's i, w, o, B */
    PERSON_WALLOPS = 1 << 17,
    PERSON_OPERATOR = 1 << 18, /* of the server */
    PERSON_BOT = 1 << 19,
};

/* What few people have; lies in a cell of its own. All are cells; 0: none. */
struct person_more {
    uint32_t account;
    uint32_t host;    /* shown instead of the address */
    uint32_t invited; /* to rooms: their ids, 4 bytes each, the oldest first */
    uint32_t watched; /* nicks whose coming and going is told; see chat/watched.h */
    uint32_t marks;   /* up to when rooms and talks are read; see chat/marks.h */
    uint32_t reserved[3];
};

/* Who is at the end of the connection of the same row. */
struct person {
    char nick[NAME_SIZE]; /* empty while unnamed */
    struct chain box;     /* what others sent to this person alone */
    struct cursor box_cursor;
    uint32_t first_membership, last_membership;
    uint32_t n_memberships;        /* rows, those on their way out included */
    uint32_t current;              /* membership that plain lines go to; 0: none */
    uint32_t user, realname, away; /* cells */
    uint32_t flags;
    uint32_t caps;     /* the front end's: what this reader asked for */
    uint32_t more;     /* cell that holds a struct person_more; 0: all of it is 0 */
    uint64_t spoke_ms; /* boot time */
};

enum room_flag {
    ROOM_PERMANENT = 1, /* of the configuration: stays when empty */
};

enum room_mode {                         /* as bits of room.modes; the letters are IRC's */
                 ROOM_INVITE_ONLY = 1,   /* i */
                 ROOM_MODERATED = 2,     /* m: operators and who has voice may speak */
                 ROOM_NO_EXTERNAL = 4,   /* n: members may speak */
                 ROOM_SECRET = 8,        /* s: only members know of it */
                 ROOM_TOPIC_LOCKED = 16, /* t: operators may set the topic */
};

enum room_list { ROOM_BANS, ROOM_EXCEPTIONS, ROOM_INVITATIONS, ROOM_LISTS }; /* b, e, I */

struct room {
    uint32_t id; /* 0: the row is free; tells a row's tenants apart */
    uint32_t flags;
    char name[ROOM_NAME_SIZE];
    struct chain chain;
    uint32_t first_member, last_member; /* memberships, in the order of joining */
    uint32_t n_members;                 /* present */
    uint32_t n_memberships;             /* rows, those on their way out included */
    uint32_t topic, topic_by;           /* cells */
    uint64_t topic_ms, born_ms;         /* real time */
    uint32_t next_serial;
    uint32_t modes;
    uint32_t key;               /* cell: k */
    uint32_t limit;             /* members: l; 0: none */
    uint32_t lists[ROOM_LISTS]; /* cells: masks, one a line; see chat/masks.h */
    uint32_t reserved;
};

enum membership_flag {
    MEMBER_OPERATOR = 1, /* o */
    MEMBER_VOICE = 2,    /* v */
};

/* A person hears the records [from, until) of a room. The row goes when the cursor is at until. */
struct membership {
    uint32_t person; /* 0: the row is free */
    uint32_t room;
    uint32_t room_next, room_prev;
    uint32_t own_next, own_prev;
    uint32_t serial; /* grows with each joining of the room */
    uint32_t flags;
    struct cursor cursor;
    uint64_t until;  /* UNTIL_OPEN: present */
    uint64_t joined; /* ordinal of the record of joining; what is before it is history */
};

/* Who left the nick some time ago, by value. */
struct past {
    uint64_t gone_ms; /* real time; 0: the row is empty */
    char nick[NAME_SIZE];
    char user[24];
    char host[64];
    char realname[120];
    char account[NAME_SIZE];
};

/* 64 bytes of text, chained. */
struct cell {
    uint32_t next;
    uint16_t len; /* bytes in this cell; 0xffff never */
    char bytes[CELL_BYTES];
};

enum record_kind {
    RECORD_SAID = 1,
    RECORD_ACTION,   /* /me */
    RECORD_NOTICE,   /* IRC NOTICE */
    RECORD_JOINED,   /* text: the realname */
    RECORD_LEFT,     /* text: reason */
    RECORD_QUIT,     /* text: reason */
    RECORD_RENAMED,  /* text: the new nick */
    RECORD_TOPIC,    /* text: the new topic */
    RECORD_AWAY,     /* text: why; empty: is back */
    RECORD_KICKED,   /* target: who was; text: reason */
    RECORD_MODES,    /* text: "+o-v ann bob" */
    RECORD_INVITED,  /* target: who was */
    RECORD_REALNAME, /* text: the new one */
    RECORD_HOST,     /* text: the new "user host" */
    RECORD_ACCOUNT,  /* text: the account; empty: none any more */
    RECORD_TAGGED,   /* nothing but tags (IRC TAGMSG) */
    RECORD_WALLOPS,  /* from an operator of the server to whoever listens */
};

enum { RECORD_FIELDS = 4 };

enum record_flag {
    RECORD_BY_BOT = 1,
    RECORD_BY_DAEMON = 2, /* `who` is the server */
};

/* What few records have: behind the fields, each behind a struct record_extra. */
enum record_extra_kind {
    RECORD_TARGET = 1, /* nick */
    RECORD_BY_ACCOUNT, /* the author's */
    RECORD_TAGS,       /* of the client, as it sent them */
    RECORD_EXTRAS_END,
};

struct record_extra {
    uint16_t kind;
    uint16_t len; /* bytes that follow */
};

/* One thing that happened, in the log: this, n_links links, the bytes of the fields,
 * the extras. */
struct record {
    uint32_t size; /* of the whole, a multiple of 8 */
    uint8_t kind;
    uint8_t n_links;
    uint8_t flags;
    uint8_t n_extras;
    uint64_t number; /* order of all records; never reused */
    uint64_t real_ms;
    uint64_t author_id;          /* connection; 0: the daemon */
    uint16_t len[RECORD_FIELDS]; /* who, source, where, text: by value */
};

enum { LINK_BOX = 1U << 31 }; /* in link.owner: a person's box, not a room */

/* A record's place in one chain. */
struct link {
    uint32_t owner;  /* row of room or person */
    uint32_t tenant; /* room.id, or the low half of wire.id: is the row still whose it was? */
    uint64_t ordinal;
    uint64_t next, prev; /* log positions; next is valid once a later record exists */
};

struct region_sizes {
    uint32_t wires; /* rows, the unused row 0 included; so are the next four */
    uint32_t rooms;
    uint32_t memberships;
    uint32_t cells;
    uint32_t pages;
    uint32_t reserved;
    uint64_t log_bytes; /* a power of two, at least 1 MiB */
};

enum in_hand_kind { IN_HAND_NOTHING, IN_HAND_START, IN_HAND_LINE, IN_HAND_FLUSH };

/* What the daemon was doing, for the start that finds it undone. */
struct in_hand {
    uint16_t kind;
    uint16_t signal; /* of which the daemon died with this in hand; 0: it was killed from outside */
    uint32_t starts; /* of the suspect: starts in a row that found it in hand */
    uint64_t id;     /* connection */
    uint64_t offset; /* in.consumed of the line, out.produced of what is written */
};

/* Records [head, tail) are kept. */
struct log_state {
    uint64_t head, tail;
    uint64_t next_number;
    uint64_t last_ms;
};

struct region_header {
    char magic[8];
    uint32_t layout;
    uint32_t is_complete;
    struct region_sizes sizes;
    uint64_t journal_len; /* bytes; 0: nothing to roll back. Setting it to 0 IS the commit */
    struct in_hand in_hand;
    struct in_hand suspect; /* what the last start found in hand */
    uint64_t visible;       /* the log up to here is committed: for readers outside the daemon */
    struct counters {       /* what transactions hand out; edited as one */
        uint64_t next_connection_id;
        uint64_t generation; /* starts so far */
        uint64_t started_ms; /* real time at which the conversation began */
        uint32_t next_room_id;
        uint32_t next_past; /* row of the past that is written next */
    } counters;
    struct log_state log;
    char journal[JOURNAL_BYTES];
};

#endif
