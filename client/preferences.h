/* SPDX-License-Identifier: MIT */
/* The user's configuration file, which need not exist:
 * $XDG_CONFIG_HOME/partyline/partyline.conf, or ~/.config/partyline/partyline.conf (XDG Base
 * Directory Specification). What the command line says goes before it. */
#ifndef CLIENT_PREFERENCES_H
#define CLIENT_PREFERENCES_H

#include "arguments.h"
#include "settings.h"

enum preferences_outcome { PREFERENCES_WRONG = 1 /* out_why says what, with file and line */ };

/* Where the file would be; false if nothing says where the user is at home. Either may be NULL. */
must_check bool preferences_path(const char *config_home, const char *home, struct buf *out_path);

/* Reads `path`, NUL-terminated; none is fine. Paths in it may begin with "~/" or "$HOME/", which is
 * `home`; that may be NULL. What it names and the command line has not is set in
 * both; *settings has its defaults. Returns 0 or an outcome. */
must_check int preferences_read(const char *path, const char *home, struct arguments *arguments,
                                struct settings *settings, struct buf *out_why);

#endif
