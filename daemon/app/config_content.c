/* SPDX-License-Identifier: MIT */
/* Reads the whole file first, so that libconfig is handed memory: its scanner calls exit() when a
 * read fails (a directory is enough), and a reload must never end the daemon. For the same reason
 * @include is refused: those files libconfig would read itself. */
#include "app/config_content.h"

#include "app/config_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What libconfig would not report, or would not survive. */
static int config_content_check(const char *content, size_t size, struct config_error *out_error)
{
    struct text rest = { .at = content, .len = size };
    unsigned n_line = 0;

    while (rest.len > 0) {
        struct text line = text_cut(&rest, '\n');

        n_line++;
        if (text_find(line, '\0') < line.len) {
            return config_refuse(out_error, NULL, n_line, "a NUL byte");
        }
        while (line.len > 0 && (line.at[0] == ' ' || line.at[0] == '\t')) {
            line.at++;
            line.len--;
        }
        if (text_starts_with(line, TEXT("@include"))) {
            return config_refuse(out_error, NULL, n_line,
                                 "@include is not supported: all settings stand in one file");
        }
    }
    return 0;
}

/* Opens without waiting for anybody, so that a FIFO cannot hold a reload up. */
static int config_content_open(const char *path, int *out_fd, size_t *out_size,
                               struct config_error *out_error)
{
    owned_fd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    struct stat status;

    if (fd < 0 || fstat(fd, &status) < 0) {
        return config_refuse(out_error, NULL, 0, "cannot be read: %s", strerror(errno));
    }
    if (!S_ISREG(status.st_mode)) {
        return config_refuse(out_error, NULL, 0, "cannot be read: not a regular file");
    }
    if (status.st_size > CONFIG_FILE_MAX) {
        return config_refuse(out_error, NULL, 0, "larger than %d bytes", CONFIG_FILE_MAX);
    }
    *out_size = (size_t)status.st_size;
    *out_fd = give_fd(&fd);
    return 0;
}

/* The content of the file, with a newline behind it, since libconfig takes no comment that ends
 * with the file, and a NUL. */
static int config_content_slurp(const char *path, char **out_content, size_t *out_size,
                                struct config_error *out_error)
{
    owned(config_content_free) char *content = NULL;
    owned_fd int fd = -1;
    size_t size = 0;
    size_t n = 0;
    int r = config_content_open(path, &fd, &size, out_error);

    if (r != 0) {
        return r;
    }
    content = calloc(1, size + 2);
    if (content == NULL) {
        return -ENOMEM;
    }
    while (n < size) {
        ssize_t got = read(fd, content + n, size - n);

        if (got < 0) {
            return config_refuse(out_error, NULL, 0, "cannot be read: %s", strerror(errno));
        }
        if (got == 0) {
            break; /* it became shorter meanwhile */
        }
        n += (size_t)got;
    }
    content[n] = '\n';
    *out_content = give(content);
    *out_size = n;
    return 0;
}

char *config_content_free(char *content)
{
    free(content);
    return NULL;
}

int config_content_read(const char *path, char **out, struct config_error *out_error)
{
    owned(config_content_free) char *content = NULL;
    size_t size = 0;
    int r = config_content_slurp(path, &content, &size, out_error);

    if (r == 0) {
        r = config_content_check(content, size, out_error);
    }
    if (r == 0) {
        *out = give(content);
    }
    return r;
}
