/* SPDX-License-Identifier: MIT */
/* Where to listen, and who is there: parsing and printing of socket addresses. Numeric only: a
 * daemon that waits for a name server cannot start. */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include "lib/text.h"

#include <sys/socket.h>

enum { ADDRESS_TEXT_SIZE = 128 };

struct address {
    struct sockaddr_storage storage;
    socklen_t len;
    bool with_ipv4; /* "*": the IPv6 wildcard, serving IPv4 too; "[::]" serves IPv6 alone */
};

enum address_outcome { ADDRESS_BAD = 1 };

/* "127.0.0.1:7777", "[::1]:7777", "*:7777" (IPv6 wildcard, serving IPv4 too), "unix:/run/x.sock"
 * (absolute, clean UTF-8). Port 0 lets the kernel choose. 0 or ADDRESS_BAD. */
must_check int address_parse(struct text t, struct address *out);
/* The same form back; the address alone, without port and brackets, with `with_port` false (unix:
 * "unix"). An IPv4 peer of an IPv6 socket is shown as IPv4. A peer chooses the path it binds to:
 * one that is empty, abstract or not clean UTF-8 is shown as "unix". At most ADDRESS_TEXT_SIZE. */
void address_print(const struct address *a, bool with_port, struct buf *out);
/* The IPv4 wildcard with the port of `a`: what "*" comes to on a machine without IPv6. */
void address_only_ipv4(const struct address *a, struct address *out);
/* 16 bytes that tell hosts apart (lib/host.h): an IPv4 address as ::ffff:a.b.c.d; all zero for unix
 * sockets. */
void address_host(const struct address *a, unsigned char out[16]);

#endif
