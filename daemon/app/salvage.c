/* SPDX-License-Identifier: MIT */
/* Written under another name first, so that what is called region-*.bin is whole. The oldest are
 * removed before the new one needs their space. */
#include "app/salvage.h"

#include "lib/report.h"
#include "lib/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SALVAGE_FORMAT     "region-%llu.bin"
#define SALVAGE_UNFINISHED "region.part"
enum { SALVAGE_NAME_SIZE = 40, SALVAGE_CHUNK = 65536 };

/* The time in a file's name; 0: it is none of ours. */
static uint64_t salvage_time(const char *name)
{
    struct text t = text_of(name);
    const struct text prefix = TEXT("region-"), suffix = TEXT(".bin");
    uint64_t seconds;

    if (t.len <= prefix.len + suffix.len || !text_starts_with(t, prefix) ||
        memcmp(t.at + t.len - suffix.len, suffix.at, suffix.len) != 0) {
        return 0;
    }
    t = (struct text){ t.at + prefix.len, t.len - prefix.len - suffix.len };
    return text_number(t, UINT64_MAX, &seconds) ? seconds : 0;
}

/* How many there are, and the oldest of them. */
static unsigned salvage_count(int directory, uint64_t *out_oldest)
{
    int copy = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = copy < 0 ? NULL : fdopendir(copy);
    struct dirent *entry;
    unsigned n = 0;

    *out_oldest = 0;
    if (entries == NULL) {
        fd_close_slot(&copy);
        return 0;
    }
    while ((entry = readdir(entries)) != NULL) {
        uint64_t seconds = salvage_time(entry->d_name);

        n += seconds != 0;
        if (seconds != 0 && (*out_oldest == 0 || seconds < *out_oldest)) {
            *out_oldest = seconds;
        }
    }
    (void)closedir(entries);
    return n;
}

/* Leaves `n` at most. */
static void salvage_thin_out(int directory, unsigned n)
{
    char name[SALVAGE_NAME_SIZE];
    uint64_t oldest;

    while (salvage_count(directory, &oldest) > n) {
        (void)snprintf(name, sizeof(name), SALVAGE_FORMAT, (unsigned long long)oldest);
        if (unlinkat(directory, name, 0) < 0) {
            return;
        }
    }
}

static int salvage_write(int to, const char *bytes, size_t len, off_t at)
{
    while (len > 0) {
        ssize_t n = pwrite(to, bytes, len, at);

        if (n <= 0) {
            return n < 0 ? -errno : -EIO;
        }
        bytes += n;
        len -= (size_t)n;
        at += n;
    }
    return 0;
}

/* [at, end) holds data. */
static int salvage_copy_range(int to, int from, off_t at, off_t end)
{
    char chunk[SALVAGE_CHUNK];

    while (at < end) {
        size_t wanted = size_min((size_t)(end - at), sizeof(chunk));
        ssize_t n = pread(from, chunk, wanted, at);
        int r;

        if (n <= 0) {
            return n < 0 ? -errno : -EIO;
        }
        r = salvage_write(to, chunk, (size_t)n, at);
        if (r < 0) {
            return r;
        }
        at += n;
    }
    return 0;
}

static int salvage_copy(int to, int from)
{
    off_t end = 0, at;
    struct stat status;
    int r = 0;

    if (fstat(from, &status) < 0 || ftruncate(to, status.st_size) < 0) {
        return -errno;
    }
    while (r == 0 && (at = lseek(from, end, SEEK_DATA)) >= 0) {
        end = lseek(from, at, SEEK_HOLE);
        if (end < 0) {
            return -errno;
        }
        r = salvage_copy_range(to, from, at, end);
    }
    return r == 0 && errno != ENXIO ? -errno : r; /* ENXIO: there is no more data */
}

static int salvage_store(int directory, int fd, const char *name)
{
    owned_fd int to =
        openat(directory, SALVAGE_UNFINISHED, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    int r;

    if (to < 0) {
        return -errno;
    }
    r = salvage_copy(to, fd);
    if (r == 0 && renameat(directory, SALVAGE_UNFINISHED, directory, name) < 0) {
        r = -errno;
    }
    if (r < 0) {
        (void)unlinkat(directory, SALVAGE_UNFINISHED, 0);
    }
    return r;
}

void salvage_region(int fd, uint64_t real_ms)
{
    const char *path = getenv("STATE_DIRECTORY");
    char name[SALVAGE_NAME_SIZE];
    owned_fd int directory = -1;
    int r;

    if (path == NULL || path[0] == '\0') {
        return;
    }
    (void)snprintf(name, sizeof(name), SALVAGE_FORMAT, (unsigned long long)(real_ms / 1000));
    directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory >= 0) {
        salvage_thin_out(directory, SALVAGE_FILES_MAX - 1);
    }
    r = directory < 0 ? -errno : salvage_store(directory, fd, name);
    if (r < 0) {
        report(REPORT_WARNING, "the region can't be put aside: %s", strerror(-r));
    } else {
        report(REPORT_NOTICE, "the region was put aside as %s/%s", path, name);
    }
}
