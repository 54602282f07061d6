/* SPDX-License-Identifier: MIT */
/* Sorts what the manager hands over. A descriptor listens or it does not: what does not listen came
 * out of the fd store, whatever it is called. */
#include "app/activation.h"

#include "lib/report.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <systemd/sd-daemon.h>

enum { ACTIVATION_PORT_LINE = 7777, ACTIVATION_PORT_IRC = 6667 };

static bool activation_is_listener(int fd)
{
    int is_listening = 0;
    int type = 0;
    socklen_t len = sizeof(int);

    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &is_listening, &len) == 0 &&
           getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0 && is_listening != 0 &&
           type == SOCK_STREAM;
}

/* 0 for what has no port. */
static unsigned activation_port(int fd)
{
    struct sockaddr_storage address = { 0 };
    socklen_t len = sizeof(address);

    if (getsockname(fd, (struct sockaddr *)&address, &len) < 0) {
        return 0;
    }
    if (address.ss_family == AF_INET) {
        return ntohs(((const struct sockaddr_in *)&address)->sin_port);
    }
    if (address.ss_family == AF_INET6) {
        return ntohs(((const struct sockaddr_in6 *)&address)->sin6_port);
    }
    return 0;
}

static enum activation_kind activation_guess(const char *name, int fd)
{
    unsigned port = activation_port(fd);
    bool is_irc = port == ACTIVATION_PORT_IRC;

    report(port == ACTIVATION_PORT_LINE || is_irc ? REPORT_NOTICE : REPORT_WARNING,
           "a listening socket is called \"%s\", neither \"line\" nor \"irc\" "
           "(FileDescriptorName=); by its port (%u) it is taken for %s",
           name, port, is_irc ? "irc" : "line");
    return is_irc ? ACTIVATION_IRC : ACTIVATION_LINE;
}

static enum activation_kind activation_kind_of(const char *name, int fd)
{
    if (!activation_is_listener(fd)) {
        return ACTIVATION_STORED;
    }
    if (strcmp(name, "line") == 0) {
        return ACTIVATION_LINE;
    }
    return strcmp(name, "irc") == 0 ? ACTIVATION_IRC : activation_guess(name, fd);
}

int activation_init(struct activation *activation)
{
    char **names = NULL;
    int n = sd_listen_fds_with_names(1, &names);

    *activation = (struct activation){ 0 };
    if (n <= 0) {
        free(names);
        return n;
    }
    activation->fds = calloc((size_t)n, sizeof(*activation->fds));
    for (int i = 0; i < n; i++) {
        int fd = SD_LISTEN_FDS_START + i;

        if (activation->fds == NULL) {
            (void)close(fd);
            free(names[i]);
            continue;
        }
        activation->fds[activation->n++] = (struct activation_fd){
            .kind = activation_kind_of(names[i], fd),
            .name = names[i], /* the strings become ours, the array does not */
            .fd = fd,
        };
    }
    free(names);
    return activation->fds != NULL ? 0 : -ENOMEM;
}

void activation_fini(struct activation *activation)
{
    for (size_t i = 0; i < activation->n; i++) {
        fd_close_slot(&activation->fds[i].fd);
        free(activation->fds[i].name);
    }
    free(activation->fds);
    *activation = (struct activation){ 0 };
}
