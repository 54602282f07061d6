/* SPDX-License-Identifier: MIT */
/* Formatting of reports. The sink is promised a bounded line without control bytes, whatever a
 * peer's name or a file's path brought in, and fields without NULL. Without a sink lines go to
 * standard error. Changes no errno: a report is often made between a failure and its return. */
#include "lib/report.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { REPORT_LINE_SIZE = 1024, REPORT_MAX_FIELDS = 16 };

static void report_to_stderr(enum report_level level, const char *line,
                             const struct report_field *fields, size_t n);

static report_sink report_current_sink = report_to_stderr;
static enum report_level report_current_level = REPORT_INFO;

static void report_to_stderr(enum report_level level, const char *line,
                             const struct report_field *fields, size_t n)
{
    (void)level;
    (void)fields;
    (void)n;
    (void)fprintf(stderr, "%s\n", line);
}

void report_set_sink(report_sink sink)
{
    report_current_sink = sink == NULL ? report_to_stderr : sink;
}

void report_set_level(enum report_level level)
{
    report_current_level = level;
}

bool report_is_on(enum report_level level)
{
    return level <= report_current_level;
}

/* A line that was cut ends in "...", and not within a character of UTF-8. */
static void report_mark_cut(char line[REPORT_LINE_SIZE])
{
    static const char mark[] = "...";
    size_t at = REPORT_LINE_SIZE - sizeof(mark);

    while (at > 0 && ((unsigned char)line[at] & 0xC0) == 0x80) {
        at--;
    }
    memcpy(line + at, mark, sizeof(mark));
}

format_like(2, 0) static void report_format(char line[REPORT_LINE_SIZE], const char *format,
                                            va_list arguments)
{
    int n = vsnprintf(line, REPORT_LINE_SIZE, format, arguments);

    if (n < 0) {
        line[0] = '\0';
    }
    if (n >= REPORT_LINE_SIZE) {
        report_mark_cut(line);
    }
    for (char *c = line; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == '\x7f') {
            *c = '?';
        }
    }
}

static void report_send(enum report_level level, const char *line,
                        const struct report_field *fields, size_t n)
{
    struct report_field given[REPORT_MAX_FIELDS];
    size_t n_given = 0;

    for (size_t i = 0; i < n && n_given < REPORT_MAX_FIELDS; i++) {
        if (fields[i].value != NULL) {
            given[n_given++] = fields[i];
        }
    }
    report_current_sink(level, line, given, n_given);
}

void report(enum report_level level, const char *format, ...)
{
    int saved_errno = errno;
    char line[REPORT_LINE_SIZE];
    va_list arguments;

    if (!report_is_on(level)) {
        return;
    }
    va_start(arguments, format);
    report_format(line, format, arguments);
    va_end(arguments);
    report_send(level, line, NULL, 0);
    errno = saved_errno;
}

void report_with(enum report_level level, const struct report_field *fields, size_t n,
                 const char *format, ...)
{
    int saved_errno = errno;
    char line[REPORT_LINE_SIZE];
    va_list arguments;

    if (!report_is_on(level)) {
        return;
    }
    va_start(arguments, format);
    report_format(line, format, arguments);
    va_end(arguments);
    report_send(level, line, fields, n);
    errno = saved_errno;
}
