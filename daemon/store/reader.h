/* SPDX-License-Identifier: MIT */
/* Asking the archive, on a connection of its own that only reads: writing never waits for it. Each
 * question sees the database as it was at one moment. A record that was archived is a record again
 * (state/log.h reads its texts), without links. One thread at a time; it may block on the disk. */
#ifndef STORE_READER_H
#define STORE_READER_H

#include "store/question.h"

#include "lib/text.h"

struct archive_reader;

/* Opens the archive for reading. *out is made also if it fails, to say why; -ENOMEM: it is not.
 * -errno as of database_open(). */
must_check int archive_reader_new(const char *path, struct archive_reader **out);
struct archive_reader *archive_reader_free(struct archive_reader *reader);
OWNED_DEFINE(struct archive_reader *, archive_reader_free)

/* Is the file not the one of this path any more? */
bool archive_reader_is_stale(struct archive_reader *reader);

/* The last failure, in words; borrowed. */
const char *archive_reader_why(const struct archive_reader *reader);

/* Hears of one record, in the order of the log; `scope` is the index of a scope that it is in. The
 * record is borrowed for the call. Negative ends the answer and is passed on. */
typedef int (*archive_record_fn)(void *context, uint32_t scope, const struct record *record);

/* Each 0 or -errno. *out says what the whole window is, also when `fn` has ended the answer. */
must_check int archive_history(struct archive_reader *reader,
                               const struct history_question *question, archive_record_fn fn,
                               void *context, struct history_answer *out);
must_check int archive_search(struct archive_reader *reader, const struct search_question *question,
                              archive_record_fn fn, void *context, struct search_answer *out);
/* In which of the scopes something was said between question->from and to: question->limit of
 * them, those of the latest records; in the order of these. The window and kinds don't matter.
 * `targets` has room for `limit`. */
must_check int archive_targets(struct archive_reader *reader,
                               const struct history_question *question, struct target *targets,
                               uint32_t *out_n);

#endif
