/* SPDX-License-Identifier: MIT */
/* Sources: proc(5); Documentation/scheduler/sched-stats and Documentation/networking/proc_net_tcp
 * of the kernel. */
#include "bench/gauge.h"

#include <dirent.h>
#include <stdio.h>
#include <time.h>

enum { GAUGE_PATH_MAX = 320, NS_PER_S = 1000000000 };

uint64_t gauge_now_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

/* The n-th number of a file, from 0; 0 if there is none. */
static uint64_t gauge_read(const char *path, int n)
{
    FILE *file = fopen(path, "re");
    unsigned long long value = 0;

    if (file == NULL) {
        return 0;
    }
    for (int i = 0; i <= n; i++) {
        if (fscanf(file, "%llu", &value) != 1) {
            value = 0;
        }
    }
    (void)fclose(file);
    return value;
}

uint64_t gauge_cpu_ns(pid_t pid)
{
    char path[GAUGE_PATH_MAX];
    uint64_t sum = 0;
    const struct dirent *task;
    DIR *tasks;

    (void)snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
    tasks = pid > 0 ? opendir(path) : NULL;
    if (tasks == NULL) {
        return 0;
    }
    while ((task = readdir(tasks)) != NULL) {
        if (task->d_name[0] != '.') {
            (void)snprintf(path, sizeof(path), "/proc/%d/task/%s/schedstat", (int)pid,
                           task->d_name);
            sum += gauge_read(path, 0);
        }
    }
    (void)closedir(tasks);
    return sum;
}

uint64_t gauge_resident(pid_t pid)
{
    char path[GAUGE_PATH_MAX];

    (void)snprintf(path, sizeof(path), "/proc/%d/statm", (int)pid);
    return pid > 0 ? gauge_read(path, 1) * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

uint64_t gauge_most_unsent(uint16_t port)
{
    FILE *file = fopen("/proc/net/tcp", "re");
    char line[GAUGE_PATH_MAX];
    uint64_t most = 0;

    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        unsigned local, unsent;

        if (sscanf(line, "%*d: %*x:%x %*x:%*x %*x %x:", &local, &unsent) == 2 && local == port) {
            most = u64_max(most, unsent);
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return most;
}
