/* SPDX-License-Identifier: MIT */
/* The first start. Owns the questions and what the first configuration file looks like. The
 * terminal is as we found it: it edits the line itself, and ^C ends the program. */
#include "first_start.h"

#include "folder.h"

#include "lib/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { FIRST_START_FILE_MAX = 4096 };

/* As arguments.h says. */
static const char first_start_host[] = "localhost";

struct first_start_question {
    enum arguments_which which;
    const char *name, *wrong;
};

static const struct first_start_question first_start_nick = {
    .which = ARGUMENTS_NICK, .name = "nickname", .wrong = "this cannot be a nickname"
};
static const struct first_start_question first_start_server = {
    .which = ARGUMENTS_SERVER,
    .name = "server",
    .wrong = "not a server: give HOST, HOST:PORT or unix:PATH"
};

bool first_start_is_due(const struct arguments *arguments, const char *path, const char *type)
{
    const struct term_config terminal = { .in = STDIN_FILENO,
                                          .out = STDOUT_FILENO,
                                          .is_plain = arguments->is_plain || arguments->is_json,
                                          .type = type };

    return term_can_edit(&terminal) && arguments->n_sends == 0 &&
           !(arguments->has_nick && arguments->has_server) && access(path, F_OK) < 0 &&
           errno == ENOENT;
}

/* Byte by byte, so that what was typed ahead is left to the chat. A longer line is cut, and then
 * one byte longer than an answer may be. Returns 0, FIRST_START_END or -errno. */
static int first_start_read(const struct first_start *s, struct buf *line)
{
    for (;;) {
        char c;
        ssize_t n = read(s->in, &c, 1);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0 && errno != EIO) { /* EIO: the terminal is gone */
            return -errno;
        }
        if (n <= 0) {
            return FIRST_START_END;
        }
        if (c == '\n') {
            return 0;
        }
        buf_char(line, c);
    }
}

/* An empty answer takes what `value` is already. */
static bool first_start_set(const struct first_start_question *q, struct text answer,
                            struct arguments *arguments, char *value)
{
    char wish[FIRST_START_ANSWER_MAX + 1];

    if (answer.len == 0) {
        return true;
    }
    if (answer.len > FIRST_START_ANSWER_MAX || !utf8_is_clean(answer, UTF8_KEEP_NONE)) {
        return false;
    }
    memcpy(wish, answer.at, answer.len);
    wish[answer.len] = '\0';
    if (!arguments_set(arguments, q->which, wish)) {
        return false;
    }
    memcpy(value, wish, answer.len + 1);
    return true;
}

/* Until there is an answer, which goes where `value` is the default. */
static int first_start_put(const struct first_start *s, const struct first_start_question *q,
                           struct arguments *arguments, char *value)
{
    for (;;) {
        char bytes[FIRST_START_ANSWER_MAX + 1];
        struct buf line = buf_over(bytes, sizeof(bytes));
        int r;

        if (dprintf(s->out, "%s [%s]: ", q->name, value) < 0) {
            return -errno;
        }
        r = first_start_read(s, &line);
        if (r != 0) {
            (void)dprintf(s->out, "\n");
            return r;
        }
        if (first_start_set(q, text_trim(buf_text(&line)), arguments, value)) {
            return 0;
        }
        if (dprintf(s->out, "%s\n", q->wrong) < 0) {
            return -errno;
        }
    }
}

int first_start_ask(struct first_start *s, struct arguments *arguments)
{
    int r = 0;

    if (dprintf(s->out,
                "This is the first start. Enter takes what is in brackets, ^D leaves.\n"
                "Once you were in, the answers are kept in\n%s\n",
                s->path) < 0) {
        return -errno;
    }
    memcpy(s->nick, arguments->nick, sizeof(arguments->nick));
    memcpy(s->server, first_start_host, sizeof(first_start_host));
    if (!arguments->has_nick) {
        r = first_start_put(s, &first_start_nick, arguments, s->nick);
    }
    if (r == 0 && !arguments->has_server) {
        r = first_start_put(s, &first_start_server, arguments, s->server);
    }
    s->has_asked = r == 0;
    return r;
}

/* -- the file -- */

static void first_start_put_string(struct text t, struct buf *out)
{
    for (size_t i = 0; i < t.len; i++) {
        if (t.at[i] == '"' || t.at[i] == '\\') {
            buf_char(out, '\\');
        }
        buf_char(out, t.at[i]);
    }
}

/* What the command line said was for once, and is not kept. */
static void first_start_put_file(const struct first_start *s, const struct arguments *arguments,
                                 struct buf *out)
{
    buf_text_put(out, TEXT("# Written at the first start; partyline(1) says what else can be "
                           "set here.\n"));
    if (!arguments->has_nick) {
        buf_text_put(out, TEXT("nick = \""));
        first_start_put_string(text_of(s->nick), out);
        buf_text_put(out, TEXT("\";\n"));
    }
    if (!arguments->has_server) {
        buf_text_put(out, TEXT("server = \""));
        first_start_put_string(text_of(s->server), out);
        buf_text_put(out, TEXT("\";\n"));
    }
}

int first_start_keep(const struct first_start *s, const struct arguments *arguments)
{
    char bytes[FIRST_START_FILE_MAX];
    struct buf file = buf_over(bytes, sizeof(bytes));
    owned_fd int fd = -1;
    ssize_t n;
    int r;

    if (!s->has_asked) {
        return 0;
    }
    r = folder_make_for(s->path);
    if (r < 0) {
        return r;
    }
    fd = open(s->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0) {
        return errno == EEXIST ? 0 : -errno;
    }
    first_start_put_file(s, arguments, &file);
    n = write(fd, file.at, file.len);
    if (n == (ssize_t)file.len) {
        return 0;
    }
    r = n < 0 ? -errno : -ENOSPC;
    (void)unlink(s->path); /* half a file would be worse than none */
    return r;
}
