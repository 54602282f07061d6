/* SPDX-License-Identifier: MIT */
/* The native protocol of the journal is one datagram, so it is sent here and not by
 * sd_journal_sendv(3): that one waits for as long as journald does. A socket for each report keeps
 * this free of state; when there is no descriptor for one, the text at least goes out on the stream
 * that standard error is. */
#include "app/journal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

static const char *journal_word(enum report_level level)
{
    switch (level) {
    case REPORT_ERROR: return "error";
    case REPORT_WARNING: return "warning";
    case REPORT_NOTICE: return "notice";
    case REPORT_INFO: return "info";
    case REPORT_DEBUG: return "debug";
    }
    return "report";
}

bool journal_is_stream(const char *journal_stream, int fd)
{
    struct text inode_text = text_of(journal_stream);
    struct text device_text = text_cut(&inode_text, ':');
    uint64_t device = 0;
    uint64_t inode = 0;
    struct stat status;

    return text_number(device_text, UINT64_MAX, &device) &&
           text_number(inode_text, UINT64_MAX, &inode) && fstat(fd, &status) == 0 &&
           device == status.st_dev && inode == status.st_ino;
}

/* NAME, newline, length in 64 bits little-endian, value, newline: the form that can hold anything.
 * A field that does not fit is left out as a whole. */
static void journal_put(struct buf *out, const char *name, struct text value)
{
    struct buf field = buf_over(out->at + out->len, buf_space(out));
    unsigned char length[8];

    for (unsigned i = 0; i < sizeof(length); i++) {
        length[i] = (unsigned char)((uint64_t)value.len >> (8 * i));
    }
    buf_format(&field, "%s\n", name);
    buf_put(&field, length, sizeof(length));
    buf_text_put(&field, value);
    buf_char(&field, '\n');
    if (!field.full) {
        out->len += field.len;
    }
}

void journal_encode(enum report_level level, const char *line, const struct report_field *fields,
                    size_t n, struct buf *out)
{
    char priority = (char)('0' + (int)level);

    journal_put(out, "PRIORITY", (struct text){ .at = &priority, .len = 1 });
    journal_put(out, "SYSLOG_IDENTIFIER", text_of(program_invocation_short_name));
    journal_put(out, "MESSAGE", text_of(line));
    for (size_t i = 0; i < n; i++) {
        if (fields[i].value != NULL) {
            journal_put(out, fields[i].name, text_of(fields[i].value));
        }
    }
}

int journal_send(const char *path, struct text datagram)
{
    owned_fd int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct sockaddr_un journal = { .sun_family = AF_UNIX };

    if (fd < 0) {
        return -errno;
    }
    if (strlen(path) >= sizeof(journal.sun_path)) {
        return -ENAMETOOLONG;
    }
    memcpy(journal.sun_path, path, strlen(path) + 1);
    if (sendto(fd, datagram.at, datagram.len, MSG_DONTWAIT | MSG_NOSIGNAL,
               (const struct sockaddr *)&journal, sizeof(journal)) < 0) {
        return -errno;
    }
    return 0;
}

void journal_sink(enum report_level level, const char *line, const struct report_field *fields,
                  size_t n)
{
    char datagram[JOURNAL_DATAGRAM_MAX];
    struct buf out = buf_over(datagram, sizeof(datagram));

    journal_encode(level, line, fields, n, &out);
    if (journal_send(JOURNAL_SOCKET, buf_text(&out)) == 0) {
        return;
    }
    out = buf_over(datagram, sizeof(datagram));
    buf_format(&out, "<%d>%s\n", (int)level, line);
    if (send(STDERR_FILENO, out.at, out.len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
        return; /* lost: there is nobody left to tell */
    }
}

void journal_stderr_sink(enum report_level level, const char *line,
                         const struct report_field *fields, size_t n)
{
    char text[JOURNAL_DATAGRAM_MAX];
    struct buf out = buf_over(text, sizeof(text));

    (void)fields; /* the line says what matters; fields are for searching */
    (void)n;
    buf_format(&out, "%s: %s\n", journal_word(level), line);
    if (write(STDERR_FILENO, out.at, out.len) < 0) {
        return; /* lost: there is nobody left to tell */
    }
}

void journal_start(void)
{
    bool is_journal = journal_is_stream(getenv("JOURNAL_STREAM"), STDERR_FILENO);

    report_set_sink(is_journal ? journal_sink : journal_stderr_sink);
}
