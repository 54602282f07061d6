/* SPDX-License-Identifier: MIT */
/* The control message of one descriptor, built and taken apart in one place. */
#include "lib/rights.h"

#include <errno.h>
#include <string.h>

union rights_control {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
};

static int rights_send_message(int socket, const struct iovec *part, int fd, struct msghdr *message,
                               int flags)
{
    union rights_control control = { .header = { .cmsg_level = SOL_SOCKET,
                                                 .cmsg_type = SCM_RIGHTS,
                                                 .cmsg_len = CMSG_LEN(sizeof(fd)) } };
    struct iovec copy = *part;
    int r;

    memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
    message->msg_iov = &copy;
    message->msg_iovlen = 1;
    message->msg_control = &control;
    message->msg_controllen = sizeof(control);
    r = sendmsg(socket, message, flags | MSG_NOSIGNAL) < 0 ? -errno : 0;
    message->msg_iov = NULL; /* they end here */
    message->msg_control = NULL;
    return r;
}

/* sendmsg() only reads what it is given, but says so nowhere in its types. */
static struct iovec rights_part(const void *bytes, size_t len)
{
    struct iovec part = { .iov_len = len };

    memcpy(&part.iov_base, &bytes, sizeof(bytes));
    return part;
}

int rights_send(int socket, const void *bytes, size_t len, int fd, int flags)
{
    struct iovec part = rights_part(bytes, len);
    struct msghdr message = { 0 };

    return rights_send_message(socket, &part, fd, &message, flags);
}

int rights_send_to(int socket, struct text message, int fd, const struct sockaddr *to,
                   socklen_t to_len)
{
    struct iovec part = rights_part(message.at, message.len);
    struct msghdr header = { .msg_namelen = to_len };

    memcpy(&header.msg_name, &to, sizeof(header.msg_name));
    return rights_send_message(socket, &part, fd, &header, 0);
}

int rights_receive(int socket, void *bytes, size_t len, int flags, int *out_fd)
{
    union rights_control control;
    struct iovec part = { .iov_base = bytes, .iov_len = len };
    struct msghdr message = { .msg_iov = &part,
                              .msg_iovlen = 1,
                              .msg_control = &control,
                              .msg_controllen = CMSG_LEN(sizeof(int)) }; /* no second one */
    struct cmsghdr *header;
    ssize_t n = recvmsg(socket, &message, flags | MSG_CMSG_CLOEXEC);
    int fd;

    if (n < 0) {
        return -errno;
    }
    if (n == 0) {
        return -EAGAIN;
    }
    header = CMSG_FIRSTHDR(&message);
    if (header == NULL || header->cmsg_type != SCM_RIGHTS ||
        header->cmsg_len != CMSG_LEN(sizeof(int))) {
        return -EBADMSG;
    }
    memcpy(&fd, CMSG_DATA(header), sizeof(fd));
    if (n != (ssize_t)len || (message.msg_flags & (MSG_CTRUNC | MSG_TRUNC)) != 0) {
        (void)close(fd);
        return -EBADMSG;
    }
    *out_fd = fd;
    return 0;
}
