/* SPDX-License-Identifier: MIT */
/* The daemon's command line. Pure but for getopt_long(3), which keeps its own state and prints
 * nothing here: what is wrong is handed back as text. */
#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H

#include "lib/base.h"

/* sysexits.h has them too; here so that the manual and the code name the same three. */
enum {
    OPTIONS_EXIT_USAGE = 64,
    OPTIONS_EXIT_CONFIG = 78,
};

enum options_mode {
    OPTIONS_SERVE,
    OPTIONS_CHECK_CONFIG,
    OPTIONS_PRINT_CONFIG,
    OPTIONS_EXPORT,
    OPTIONS_VERSION,
    OPTIONS_HELP,
};

struct options {
    enum options_mode mode;
    bool is_keeping;         /* connections outlive this process, in the manager's fd store */
    bool is_json;            /* the export is for programs */
    const char *room;        /* borrowed from argv: to be exported */
    const char *config_path; /* borrowed from argv; NULL: the default path, which may be missing */
};

enum options_outcome { OPTIONS_BAD = 1 };

/* 0 or OPTIONS_BAD, with out_reason (size bytes) saying what is wrong in one line. */
must_check int options_parse(int argc, char **argv, struct options *out, char *out_reason,
                             size_t size);

extern const char options_usage[];

#endif
