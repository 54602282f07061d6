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
