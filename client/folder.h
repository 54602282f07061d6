/* SPDX-License-Identifier: MIT */
/* Folders of the user (XDG Base Directory Specification). */
#ifndef CLIENT_FOLDER_H
#define CLIENT_FOLDER_H

#include "lib/text.h"

/* Appends `xdg`, or else `fallback` below `home`; either may be NULL, and is ignored unless it
 * begins with '/'. False, and nothing is appended, if neither does. */
must_check bool folder_of_user(const char *xdg, const char *home, const char *fallback,
                               struct buf *out);

enum folder_outcome {
    FOLDER_NO_HOME = 1, /* nothing says where the user is at home */
    FOLDER_UNKNOWN      /* "~bob/", "$TMP/": only the own home is known here */
};

/* Appends `path` with "~", "$HOME" or "${HOME}" at its beginning, and before a '/' or the end,
 * replaced; `home` may be NULL. "./~" is a file of that name. Returns 0, with nothing said of what
 * did not fit but out->full, or an outcome, and nothing is appended. */
must_check int folder_expand(struct text path, const char *home, struct buf *out);

/* Makes the folders that the file at `path` lies in, those that are missing, for the user alone
 * (0700). Returns 0 or -errno. */
must_check int folder_make_for(const char *path);

#endif
