/* SPDX-License-Identifier: MIT */
/* The linker's --wrap: calls of f from another file of the daemon come to __wrap_f, and __real_f is
 * f itself. So the torture build needs no line in the daemon, and the daemon that is installed
 * contains nothing of it. */
#ifndef TORTURE_WRAPS_H
#define TORTURE_WRAPS_H

#include "app/boxes.h"
#include "front/output.h"
#include "net/kernel.h"
#include "state/log.h"

#include <sys/socket.h>

/* NOLINTBEGIN(bugprone-reserved-identifier): the linker chooses these names */
int __real_accept4(int fd, struct sockaddr *address, socklen_t *len, int flags);
int __wrap_accept4(int fd, struct sockaddr *address, socklen_t *len, int flags);
ssize_t __real_recv(int fd, void *bytes, size_t len, int flags);
ssize_t __wrap_recv(int fd, void *bytes, size_t len, int flags);
ssize_t __real_send(int fd, const void *bytes, size_t len, int flags);
ssize_t __wrap_send(int fd, const void *bytes, size_t len, int flags);
int __real_shutdown(int fd, int how);
int __wrap_shutdown(int fd, int how);

int __real_rights_receive(int socket, void *bytes, size_t len, int flags, int *out_fd);
int __wrap_rights_receive(int socket, void *bytes, size_t len, int flags, int *out_fd);
int __real_rights_send(int socket, const void *bytes, size_t len, int fd, int flags);
int __wrap_rights_send(int socket, const void *bytes, size_t len, int fd, int flags);
int __real_notify_store(struct notify *notify, const char *name, int fd, bool is_polled);
int __wrap_notify_store(struct notify *notify, const char *name, int fd, bool is_polled);
int __real_notify_unstore(struct notify *notify, const char *name);
int __wrap_notify_unstore(struct notify *notify, const char *name);
void __real_boxes_tidy(struct boxes *boxes);
void __wrap_boxes_tidy(struct boxes *boxes);

int __real_state_open(struct state *state, struct region *region, struct tx_observer *observer);
int __wrap_state_open(struct state *state, struct region *region, struct tx_observer *observer);
void __real_state_begin(struct state *state);
void __wrap_state_begin(struct state *state);
void __real_state_commit(struct state *state);
void __wrap_state_commit(struct state *state);
void __real_log_make_room(struct state *state);
void __wrap_log_make_room(struct state *state);
uint64_t __real_log_append(struct state *state, const struct draft *draft, const uint32_t *owners,
                           uint32_t n_owners);
uint64_t __wrap_log_append(struct state *state, const struct draft *draft, const uint32_t *owners,
                           uint32_t n_owners);
struct cursor *__real_state_edit_cursor(struct state *state, const struct cursor *cursor);
struct cursor *__wrap_state_edit_cursor(struct state *state, const struct cursor *cursor);
void __real_output_close(struct reader *reader);
void __wrap_output_close(struct reader *reader);
void __real_pages_give_back(struct pages *pages, uint32_t page, enum page_use use);
void __wrap_pages_give_back(struct pages *pages, uint32_t page, enum page_use use);
int __real_kernel_tcp_totals(int fd, struct kernel_totals *out);
int __wrap_kernel_tcp_totals(int fd, struct kernel_totals *out);
/* NOLINTEND(bugprone-reserved-identifier) */

/* bugs.c: where a planted bug changes what happens. */
int bugs_rights_send(int socket, const void *bytes, size_t len, int fd);
void bugs_after_unstore(void);
void bugs_after_send(void);

#endif
