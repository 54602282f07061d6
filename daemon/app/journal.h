/* SPDX-License-Identifier: MIT */
/* Where reports go: to the system's journal, with fields, when it is what reads our standard error,
 * otherwise to standard error as "level: text". Never waits for a reader: a report that a stalled
 * journal cannot take is lost, the conversation is not.
 * Sources: systemd.exec(5) on $JOURNAL_STREAM, sd-daemon(3) on "<4>" prefixes, and
 * https://systemd.io/JOURNAL_NATIVE_PROTOCOL/. */
#ifndef APP_JOURNAL_H
#define APP_JOURNAL_H

#include "lib/report.h"
#include "lib/text.h"

#define JOURNAL_SOCKET "/run/systemd/journal/socket"

enum { JOURNAL_DATAGRAM_MAX = 16384 }; /* bytes; a field that does not fit is left out */

/* Sets the sink of lib/report.h. Before anything reports. */
void journal_start(void);

/* True if standard error is the stream that the environment names ("device:inode"; may be NULL). */
bool journal_is_stream(const char *journal_stream, int fd);

void journal_sink(enum report_level level, const char *line, const struct report_field *fields,
                  size_t n);
void journal_stderr_sink(enum report_level level, const char *line,
                         const struct report_field *fields, size_t n);

/* The datagram of one report: MESSAGE, PRIORITY, SYSLOG_IDENTIFIER, then the fields. */
void journal_encode(enum report_level level, const char *line, const struct report_field *fields,
                    size_t n, struct buf *out);
/* Sends it to the socket at `path`. -errno; -EAGAIN when the journal is behind. */
must_check int journal_send(const char *path, struct text datagram);

#endif
