/* SPDX-License-Identifier: MIT */
/* What the operator is told: one line, a level, and named fields for the system's journal. Knows
 * nothing of where lines go: whoever composes the program sets the sink (one per process, set
 * before anything reports; this and the level are the only globals of the project). */
#ifndef LIB_REPORT_H
#define LIB_REPORT_H

#include "lib/base.h"

enum report_level { /* the numbers of syslog(3) */
                    REPORT_ERROR = 3,
                    REPORT_WARNING = 4,
                    REPORT_NOTICE = 5,
                    REPORT_INFO = 6,
                    REPORT_DEBUG = 7,
};

/* An optional field; its name is that of the journal's field (upper case). NULL values are left
 * out. */
struct report_field {
    const char *name;
    const char *value;
};

/* `line` has no newline; `fields` has n entries. Borrowed for the call. */
typedef void (*report_sink)(enum report_level level, const char *line,
                            const struct report_field *fields, size_t n);

void report_set_sink(report_sink sink); /* NULL: standard error */
void report_set_level(enum report_level level);
bool report_is_on(enum report_level level);

void report(enum report_level level, const char *format, ...) format_like(2, 3);
void report_with(enum report_level level, const struct report_field *fields, size_t n,
                 const char *format, ...) format_like(4, 5);

#endif
