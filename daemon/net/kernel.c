/* SPDX-License-Identifier: MIT */
/* The kernel's own counts. linux/tcp.h is the one that has the byte totals; it cannot be included
 * together with netinet/tcp.h, hence the states below. Nothing here changes a socket, and nothing
 * is remembered between two calls. */
#include "net/kernel.h"

#include "lib/text.h"

#include <errno.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

enum kernel_state { /* the numbers of netinet/tcp.h */
                    KERNEL_FIN_WAIT1 = 4,
                    KERNEL_FIN_WAIT2 = 5,
                    KERNEL_CLOSE = 7,
                    KERNEL_CLOSE_WAIT = 8,
                    KERNEL_LAST_ACK = 9,
                    KERNEL_LISTEN = 10,
                    KERNEL_CLOSING = 11,
};

enum { KERNEL_LINE_SIZE = 8192 };

static int kernel_tcp_info(int fd, struct tcp_info *out)
{
    struct tcp_info info = { 0 };
    socklen_t len = sizeof(info);

    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) < 0) {
        return -errno;
    }
    if (len < offsetof(struct tcp_info, tcpi_segs_out)) {
        return -EOPNOTSUPP; /* a kernel without byte totals (before 4.2) */
    }
    *out = info;
    return 0;
}

static bool kernel_is_unmoved(const struct tcp_info *a, const struct tcp_info *b)
{
    return a->tcpi_bytes_acked == b->tcpi_bytes_acked &&
           a->tcpi_bytes_received == b->tcpi_bytes_received && a->tcpi_state == b->tcpi_state;
}

/* Our own FIN counts as a byte from shutdown(2) on, even while it is unsent. */
static bool kernel_counts_own_fin(int state)
{
    return state == KERNEL_FIN_WAIT1 || state == KERNEL_FIN_WAIT2 || state == KERNEL_CLOSING ||
           state == KERNEL_LAST_ACK;
}

static bool kernel_counts_peer_fin(int state)
{
    return state == KERNEL_CLOSE_WAIT || state == KERNEL_LAST_ACK || state == KERNEL_CLOSING;
}

static void kernel_add_up(const struct tcp_info *info, int unsent, int unread,
                          struct kernel_totals *out)
{
    uint64_t acked = info->tcpi_bytes_acked;
    uint64_t received = info->tcpi_bytes_received;
    int state = info->tcpi_state;

    *out = (struct kernel_totals){
        .written = acked + (uint64_t)unsent - (kernel_counts_own_fin(state) ? 1 : 0),
        .read = received - (uint64_t)unread - (kernel_counts_peer_fin(state) ? 1 : 0),
        .state = state,
        .read_in_doubt = state == KERNEL_CLOSE,
    };
}

int kernel_tcp_totals(int fd, struct kernel_totals *out)
{
    struct tcp_info before = { 0 };
    struct tcp_info after = { 0 };
    int unsent = 0;
    int unread = 0;
    int r = kernel_tcp_info(fd, &after);

    if (r < 0) {
        return r;
    }
    /* Acknowledgements and data arrive between the calls, and each moves bytes from one number to
     * another. It ends: whoever asks neither sends nor reads, so the buffers fill or drain. */
    do {
        before = after;
        if (ioctl(fd, SIOCOUTQ, &unsent) < 0 || ioctl(fd, SIOCINQ, &unread) < 0) {
            return -errno;
        }
        r = kernel_tcp_info(fd, &after);
        if (r < 0) {
            return r;
        }
    } while (!kernel_is_unmoved(&before, &after));
    kernel_add_up(&after, unsent, unread, out);
    return 0;
}

int kernel_listen_queue(int fd, struct kernel_queue *out)
{
    struct tcp_info info = { 0 };
    int r = kernel_tcp_info(fd, &info);

    if (r < 0) {
        return r;
    }
    if (info.tcpi_state != KERNEL_LISTEN) {
        return -EINVAL; /* a conversation's numbers there mean something else */
    }
    *out = (struct kernel_queue){ .waiting = info.tcpi_unacked, .limit = info.tcpi_sacked };
    return 0;
}

static bool kernel_read_line(FILE *file, char line[KERNEL_LINE_SIZE], struct text *out)
{
    if (fgets(line, KERNEL_LINE_SIZE, file) == NULL) {
        return false;
    }
    line[strcspn(line, "\n")] = '\0';
    *out = text_of(line);
    return true;
}

/* The file comes in pairs of lines: names, then as many values. */
static bool kernel_find_column(struct text names, struct text values, struct text wanted,
                               uint64_t *out)
{
    while (names.len > 0) {
        struct text name = text_cut_word(&names);
        struct text value = text_cut_word(&values);

        if (text_equal(name, wanted)) {
            return text_number(value, UINT64_MAX, out);
        }
    }
    return false;
}

int kernel_listen_overflows(uint64_t *out)
{
    /* Of this process: /proc/net is not there under ProcSubset=pid (systemd.exec(5)). */
    FILE *file = fopen("/proc/self/net/netstat", "re");
    char name_line[KERNEL_LINE_SIZE];
    char value_line[KERNEL_LINE_SIZE];
    struct text names;
    struct text values;
    bool found = false;

    if (file == NULL) {
        return -errno;
    }
    while (!found && kernel_read_line(file, name_line, &names) &&
           kernel_read_line(file, value_line, &values)) {
        found = kernel_find_column(names, values, TEXT("ListenOverflows"), out);
    }
    (void)fclose(file);
    return found ? 0 : -ENODATA;
}
