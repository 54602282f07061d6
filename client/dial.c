/* SPDX-License-Identifier: MIT */
/* Connecting in the background. Owns the child and what it says: one message, which always carries
 * a descriptor, of use only if connecting succeeded. The child ends with us. */
#include "dial.h"

#include "lib/rights.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>

struct dial_answer {
    bool is_connected;
    uint32_t len;
    char words[DIAL_WORDS_MAX];
};

static void dial_run(const struct connect_target *target, int answer_to)
{
    struct dial_answer answer = { .len = 0 };
    struct buf words = buf_over(answer.words, sizeof(answer.words));
    int fd = answer_to;

    answer.is_connected = connect_any(target, &fd, &words) == 0;
    answer.len = (uint32_t)words.len;
    if (rights_send(answer_to, &answer, sizeof(answer), fd, 0) < 0) {
        _exit(1); /* nobody is interested any more */
    }
    _exit(0);
}

int dial_start(const struct connect_target *target, int *out_fd)
{
    int pair[2];
    pid_t child;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) {
        return -errno;
    }
    child = fork();
    if (child == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        (void)close(pair[0]);
        dial_run(target, pair[1]);
    }
    (void)close(pair[1]);
    if (child < 0) {
        int error = errno;

        (void)close(pair[0]);
        return -error;
    }
    *out_fd = pair[0];
    return 0;
}

int dial_take(int fd, int *out_socket, struct buf *out_words)
{
    struct dial_answer answer;
    owned_fd int socket = -1;
    int r = rights_receive(fd, &answer, sizeof(answer), 0, &socket);

    if (r < 0) {
        return r;
    }
    buf_put(out_words, answer.words, size_min(answer.len, sizeof(answer.words)));
    if (!answer.is_connected) {
        return DIAL_FAILED;
    }
    *out_socket = give_fd(&socket);
    return 0;
}
