/* SPDX-License-Identifier: MIT */
/* A file of a test's own. */
#ifndef SUPPORT_TEMP_FILE_H
#define SUPPORT_TEMP_FILE_H

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Makes an empty file; `path` ends with six bytes that are chosen anew each time. 0 or -1. */
static inline int temp_file_make(char *path)
{
    int fd;

    memcpy(path + strlen(path) - 6, "XXXXXX", 6);
    fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

#endif
