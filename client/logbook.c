/* SPDX-License-Identifier: MIT */
/* What is said, kept in files. Owns their names, their descriptors and what a line of them looks
 * like. A line is one write(2), so that two clients may share a file. */
#include "logbook.h"

#include "folder.h"
#include "lines.h"

#include "lib/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* -- names -- */

static bool logbook_is_safe(char c, bool is_first, bool is_utf8)
{
    if ((unsigned char)c >= 0x80) {
        return is_utf8;
    }
    if (is_first && (c == '.' || c == '-')) {
        return false;
    }
    return c > ' ' && c < 0x7F && c != '/' && c != '%' && c != '~';
}

static uint64_t logbook_hash(struct text name)
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */

    for (size_t i = 0; i < name.len; i++) {
        hash = (hash ^ (unsigned char)text_lower(name.at[i])) * UINT64_C(1099511628211);
    }
    return hash;
}

void logbook_put_name(struct text name, struct buf *out)
{
    char bytes[LOGBOOK_NAME_MAX + 1];
    struct buf b = buf_over(bytes, sizeof(bytes));
    bool is_utf8 = utf8_is_clean(name, UTF8_KEEP_NONE);

    for (size_t i = 0; i < name.len && !b.full; i++) {
        char c = text_lower(name.at[i]);

        if (logbook_is_safe(c, i == 0, is_utf8)) {
            buf_char(&b, c);
        } else {
            buf_format(&b, "%%%02x", (unsigned)(unsigned char)c);
        }
    }
    if (b.full || b.len > LOGBOOK_NAME_MAX) {
        b.len = utf8_fit(buf_text(&b), LOGBOOK_NAME_MAX);
        buf_text_put(out, buf_text(&b));
        buf_format(out, "~%016llx", (unsigned long long)logbook_hash(name));
        return;
    }
    buf_text_put(out, buf_text(&b));
}

void logbook_init(struct logbook *l, const char *state_home, const char *home, struct text server)
{
    struct buf b = buf_over(l->folder, sizeof(l->folder) - 1);

    *l = (struct logbook){ .n = 0 };
    if (!folder_of_user(state_home, home, ".local/state", &b)) {
        b.len = 0;
    } else {
        buf_text_put(&b, TEXT("/partyline/logs/"));
        logbook_put_name(server, &b);
    }
    l->folder[b.full ? 0 : b.len] = '\0';
}

void logbook_fini(struct logbook *l)
{
    while (l->n > 0) {
        (void)close(l->files[--l->n].fd);
    }
}

/* -- files -- */

static int logbook_path(const struct logbook *l, const char *name, struct buf *out)
{
    buf_format(out, "%s/%s.log", l->folder, name);
    if (out->full) {
        return -ENAMETOOLONG;
    }
    out->at[out->len] = '\0';
    return 0;
}

/* A line that was torn by a full disk or a crash is ended, so that the next one stands alone. */
static int logbook_end_line(int fd)
{
    struct stat status;
    char last = '\n';

    if (fstat(fd, &status) < 0) {
        return -errno;
    }
    if (!S_ISREG(status.st_mode)) {
        return -EINVAL;
    }
    if (status.st_size > 0 && pread(fd, &last, 1, status.st_size - 1) < 0) {
        return -errno;
    }
    return last != '\n' && write(fd, "\n", 1) < 0 ? -errno : 0;
}

/* Returns a descriptor or -errno. */
static int logbook_open(const struct logbook *l, const char *name)
{
    char bytes[PATH_MAX];
    struct buf path = buf_over(bytes, sizeof(bytes) - 1);
    owned_fd int fd = -1;
    int r = logbook_path(l, name, &path);

    if (r == 0) {
        r = folder_make_for(bytes);
    }
    if (r < 0) {
        return r;
    }
    fd = open(bytes, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK,
              S_IRUSR | S_IWUSR);
    if (fd < 0) {
        return -errno;
    }
    r = logbook_end_line(fd);
    return r < 0 ? r : give_fd(&fd);
}

static void logbook_close(struct logbook *l, size_t i)
{
    (void)close(l->files[i].fd);
    l->files[i] = l->files[--l->n];
}

static void logbook_make_room(struct logbook *l)
{
    size_t oldest = 0;

    for (size_t i = 1; i < l->n; i++) {
        oldest = l->files[i].used < l->files[oldest].used ? i : oldest;
    }
    if (l->n == LOGBOOK_FILES_MAX) {
        logbook_close(l, oldest);
    }
}

/* One that was removed while it was open is there no more. */
static bool logbook_is_there(int fd)
{
    struct stat status;

    return fstat(fd, &status) == 0 && status.st_nlink > 0;
}

/* Returns the file's index or -errno. */
static int logbook_find(struct logbook *l, const char *name)
{
    struct logbook_file file = { .fd = -1 };
    size_t i = 0;

    while (i < l->n && strcmp(l->files[i].name, name) != 0) {
        i++;
    }
    if (i < l->n && logbook_is_there(l->files[i].fd)) {
        return (int)i;
    }
    if (i < l->n) {
        logbook_close(l, i);
    }
    logbook_make_room(l);
    file.fd = logbook_open(l, name);
    if (file.fd < 0) {
        return file.fd;
    }
    memcpy(file.name, name, strlen(name) + 1);
    l->files[l->n] = file;
    return (int)l->n++;
}

/* A file that took half a line is closed: opening it again ends that line. */
static int logbook_append(struct logbook *l, const char *name, struct text line)
{
    int i = logbook_find(l, name);
    ssize_t n;
    int r;

    if (i < 0) {
        return i;
    }
    l->files[i].used = ++l->n_uses;
    n = write(l->files[i].fd, line.at, line.len);
    if (n == (ssize_t)line.len) {
        return 0;
    }
    r = n < 0 ? -errno : -ENOSPC;
    logbook_close(l, (size_t)i);
    return r;
}

/* -- lines -- */

static void logbook_put_line(const struct event *event, struct buf *out)
{
    struct tm tm = { .tm_hour = 0 };
    char time_text[sizeof("2026-11-22 14:02:07") + 16];
    bool is_action = event->kind == EVENT_ACTION;
    bool is_notice = event->kind == EVENT_NOTICE;

    (void)localtime_r(&event->at, &tm);
    (void)strftime(time_text, sizeof(time_text), "%Y-%m-%d %H:%M:%S", &tm);
    buf_format(out, "%s %s", time_text, is_action ? "* " : is_notice ? "-" : "<");
    lines_put_clean(event->who, out);
    buf_text_put(out, is_action ? TEXT(" ") : is_notice ? TEXT("- ") : TEXT("> "));
    lines_put_clean(event->text, out);
    buf_char(out, '\n');
}

static bool logbook_is_service(struct text nick)
{
    static const struct text ending = { .at = "serv", .len = 4 };

    return nick.len >= ending.len &&
           text_equal_nocase(
               (struct text){ .at = nick.at + nick.len - ending.len, .len = ending.len }, ending);
}

/* Whose file it belongs into; empty if it is not to be kept. */
static struct text logbook_conversation(const struct event *event)
{
    struct text peer = event->is_own ? event->whom : event->who;

    if (!event_is_talk(event) || event->is_past) {
        return TEXT_NONE;
    }
    if (event->room.len > 0) {
        return event->room;
    }
    if (text_find(peer, '.') < peer.len || (event->is_own && logbook_is_service(peer))) {
        return TEXT_NONE; /* a server, or a secret */
    }
    return peer;
}

static void logbook_explain(const struct logbook *l, const char *name, int error, struct buf *why)
{
    if (l->folder[0] == '\0') {
        buf_text_put(why, TEXT("no log is kept: HOME does not say where"));
    } else {
        buf_format(why, "cannot write the log %s/%s.log: %s; what is said is still shown",
                   l->folder, name, strerror(-error));
    }
}

int logbook_take(struct logbook *l, const struct event *event, struct buf *out_why)
{
    char bytes[LINES_BYTES], name[LOGBOOK_NAME_SIZE];
    struct text conversation = logbook_conversation(event);
    struct buf line = buf_over(bytes, sizeof(bytes));
    struct buf name_buf = buf_over(name, sizeof(name) - 1);
    int r;

    if (conversation.len == 0) {
        return 0;
    }
    logbook_put_name(conversation, &name_buf);
    name[name_buf.len] = '\0';
    logbook_put_line(event, &line);
    r = l->folder[0] == '\0' ? -ENOENT : logbook_append(l, name, buf_text(&line));
    if (r == 0 || l->has_failed) {
        return 0;
    }
    l->has_failed = true;
    logbook_explain(l, name, r, out_why);
    return LOGBOOK_FAILED;
}
