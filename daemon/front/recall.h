/* SPDX-License-Identifier: MIT */
/* The past as it is shown, whoever keeps it: a window of history out of the log as long as the log
 * has all of it, else out of the archive, which is asked through the loop and answers later. Then
 * the line (or the long answer) ends with FRONT_ASKS and is begun again when the answer is there; a
 * crash in between only means that it is asked again.
 *
 * The archive is asked for the whole window, up to the newest record, so that nothing need be put
 * together from two places. A page's worth of records is got at a time. */
#ifndef FRONT_RECALL_H
#define FRONT_RECALL_H

#include "chat/history.h"
#include "front/front.h"

enum { RECALL_ASKED = 16 }; /* besides enum history_outcome */

/* As history_find(). HISTORY_FOUND; HISTORY_OLDER: as far as the log has it, since the archive
 * could not be asked or is not to be had just now, which ends a window that is shown already;
 * HISTORY_PAUSED; RECALL_ASKED: exchange.asked is set, nothing may be written. */
must_check int recall_find(struct reader *reader, struct history_query *query,
                           struct history_walk *walk);
/* As history_next(). */
must_check int recall_next(struct reader *reader, const struct history_query *query,
                           struct history_walk *walk, const struct record **out_record);

/* Where the window begins, or where the step before this one left it. */
struct history_walk recall_walk(const struct reader *reader, const struct history_query *query);
/* The next step goes on here; `kind` is the front end's, of an answer that waits for it.
 * FRONT_MORE. */
int recall_pause(struct reader *reader, uint32_t kind, const struct history_query *query,
                 const struct history_walk *walk);

/* Who enters the room is to be shown its newest `n` messages: has the log fewer, and the archive
 * perhaps more? */
bool recall_is_short(const struct reader *reader, uint32_t room, uint32_t n);
/* As history_find_targets(), the names borrowed from the state or from reader.answer.
 * HISTORY_FOUND, RECALL_ASKED. */
must_check int recall_targets(struct reader *reader, const struct history_point *after,
                              const struct history_point *before, struct history_targets *out);

/* What is searched for. */
struct recall_search {
    struct text words; /* all of them are in the text; none: whatever was said */
    struct text who;   /* said it; empty: anybody */
    uint32_t room;     /* one that the reader is in; 0: */
    struct text with;  /* its talk with this nick; empty: all that it may read */
    struct bound from, to;
    bool is_from_oldest; /* so many from `from` on, else the newest */
    bool is_said_only;   /* no topics */
    uint32_t limit;
    uint64_t shown, end; /* going on behind the record of one number (0: from the beginning), up to
                            before that of another, which was the next one when it was asked */
};

enum { RECALL_SEARCH_MAX = 100 };

/* HISTORY_FOUND: the records are those of reader.answer; RECALL_ASKED; HISTORY_OLDER: there is no
 * archive, or it cannot be read. */
must_check int recall_search(struct reader *reader, const struct recall_search *search);

/* The messages before the membership began, as many as are shown to who enters, out of the archive
 * alone: from the last one `shown` on (0: from the first). False: when it began is not known any
 * more. */
must_check bool recall_before_entering(const struct reader *reader, uint32_t membership,
                                       uint64_t shown, struct history_query *out_query,
                                       struct history_walk *out_walk);
/* An answer came to a question for the messages before somebody entered: if the log has all of
 * them, nobody else need ask. */
void recall_note(struct reader *reader, uint32_t room);

/* The scopes of all that the reader may read now: its rooms, and what it heard alone. Returns their
 * number, at most RECALL_SCOPES_MAX. */
enum { RECALL_SCOPES_MAX = MEMBERSHIPS_PER_PERSON + 1 };
uint32_t recall_scopes(const struct reader *reader, struct scope scopes[RECALL_SCOPES_MAX]);
/* Of one room that it is in; of its talk with one nick. */
void recall_scope_room(const struct reader *reader, uint32_t room, struct scope *out);
void recall_scope_talk(const struct reader *reader, struct text with, struct scope *out);

/* A new inquiry that has to hear of everything up to now. NULL: no memory. */
struct inquiry *recall_inquire(const struct reader *reader, enum inquiry_kind kind,
                               uint32_t n_scopes);

#endif
