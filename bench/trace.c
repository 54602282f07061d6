/* SPDX-License-Identifier: MIT */
/* The table of `strace -c` ends with a line "100.00 seconds usecs/call calls [errors] total". */
#include "bench/trace.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { TRACE_ATTACH_US = 300000 };

int trace_start(struct trace *trace, pid_t pid)
{
    char number[16];
    int fd;

    *trace = (struct trace){ .path = "/tmp/bench-trace-XXXXXX" };
    fd = mkstemp(trace->path);
    if (fd < 0) {
        return -errno;
    }
    (void)close(fd);
    (void)snprintf(number, sizeof(number), "%d", (int)pid);
    trace->strace = fork();
    if (trace->strace < 0) {
        return -errno;
    }
    if (trace->strace == 0) {
        (void)execlp("strace", "strace", "-qq", "-c", "-f", "-o", trace->path, "-p", number,
                     (char *)NULL);
        _exit(EXIT_FAILURE);
    }
    (void)usleep(TRACE_ATTACH_US);
    return 0;
}

uint64_t trace_total(const char *path)
{
    FILE *file = fopen(path, "re");
    char line[256];
    unsigned long long calls = 0;

    if (file == NULL) {
        return 0;
    }
    while (fgets(line, sizeof(line), file) != NULL) {
        if (strstr(line, " total\n") != NULL) {
            (void)!sscanf(line, "%*f %*f %*u %llu", &calls);
        }
    }
    (void)fclose(file);
    return calls;
}

uint64_t trace_stop(struct trace *trace)
{
    uint64_t calls;

    if (trace->strace <= 0) {
        return 0;
    }
    (void)kill(trace->strace, SIGINT);
    (void)waitpid(trace->strace, NULL, 0);
    calls = trace_total(trace->path);
    (void)unlink(trace->path);
    trace->strace = 0;
    return calls;
}
