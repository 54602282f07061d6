/* SPDX-License-Identifier: MIT */
/* Folders of the user. Owns where they are and that nobody else can look into those we make. */
#include "folder.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

bool folder_of_user(const char *xdg, const char *home, const char *fallback, struct buf *out)
{
    if (xdg != NULL && xdg[0] == '/') { /* others are to be ignored */
        buf_format(out, "%s", xdg);
    } else if (home != NULL && home[0] == '/') {
        buf_format(out, "%s/%s", home, fallback);
    } else {
        return false;
    }
    return !out->full;
}

/* The bytes at the beginning that stand for the user's home; 0: none do. */
static size_t folder_home_len(struct text path)
{
    static const char *const words[] = { "~", "$HOME", "${HOME}" };

    for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
        size_t len = strlen(words[i]);

        if (text_starts_with(path, text_of(words[i])) && (path.len == len || path.at[len] == '/')) {
            return len;
        }
    }
    return 0;
}

int folder_expand(struct text path, const char *home, struct buf *out)
{
    size_t len = folder_home_len(path);

    if (len == 0 && (text_starts_with(path, TEXT("~")) || text_starts_with(path, TEXT("$")))) {
        return FOLDER_UNKNOWN;
    }
    if (len > 0 && (home == NULL || home[0] != '/')) {
        return FOLDER_NO_HOME;
    }
    buf_format(out, "%s%.*s", len > 0 ? home : "", (int)(path.len - len), path.at + len);
    return 0;
}

int folder_make_for(const char *path)
{
    char folder[PATH_MAX];
    size_t len = strlen(path);

    if (len >= sizeof(folder)) {
        return -ENAMETOOLONG;
    }
    memcpy(folder, path, len + 1);
    for (char *end = strchr(folder + 1, '/'); end != NULL; end = strchr(end + 1, '/')) {
        *end = '\0';
        if (mkdir(folder, S_IRWXU) < 0 && errno != EEXIST) {
            return -errno;
        }
        *end = '/';
    }
    return 0;
}
