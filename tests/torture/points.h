/* SPDX-License-Identifier: MIT */
/* The places at which the torture build of the daemon can be made to die, and the bugs that can be
 * planted in it. Both are chosen by the environment of a start. */
#ifndef TORTURE_POINTS_H
#define TORTURE_POINTS_H

enum point {
    POINT_SAVED,      /* a row is in the journal */
    POINT_FRESH,      /* bytes that nobody reads are about to be written */
    POINT_COMMITTING, /* all is changed, the journal still full */
    POINT_COMMITTED,
    POINT_STORED, /* a plain store */
    POINT_BEFORE_RECV,
    POINT_AFTER_RECV,
    POINT_BEFORE_SEND,
    POINT_AFTER_SEND,
    POINT_ACCEPTED,
    POINT_BEFORE_BOX, /* a connection goes into its box */
    POINT_AFTER_BOX,
    POINT_BEFORE_STORE, /* the manager gets a box, or the region */
    POINT_AFTER_STORE,
    POINT_BEFORE_UNSTORE,
    POINT_AFTER_UNSTORE,
    POINT_PEEKED, /* one entry of a box was read at start */
    POINT_BEFORE_SHUTDOWN,
    POINT_AFTER_SHUTDOWN,
    POINTS
};

extern const char *const POINT_NAMES[POINTS];

/* PARTYLINE_CRASH=POINT:N dies of SIGKILL when it comes to the point for the N-th time. */
#define POINTS_VARIABLE "PARTYLINE_CRASH"
/* PARTYLINE_WALK=1 looks for contradictions in the region as soon as it is open; aborts. */
#define POINTS_WALK_VARIABLE "PARTYLINE_WALK"

enum bug {
    BUG_NONE,
    BUG_WRITTEN,  /* the count of bytes sent is one too high when a connection is taken up */
    BUG_COMMIT,   /* the commit comes behind the send */
    BUG_JOURNAL,  /* cursors are moved without a journal entry */
    BUG_PAGE,     /* a page is given back before its bytes are sent */
    BUG_EVICTION, /* old records are given up in the transaction that overwrites them */
    BUG_BOX,      /* a box is removed before its living stand in another */
    BUGS
};

extern const char *const BUG_NAMES[BUGS];

#define BUGS_VARIABLE "PARTYLINE_BUG"

/* The point is reached. In the daemon only. */
void point(enum point at);

#endif
