/* SPDX-License-Identifier: MIT */
/* The 16 bytes by which hosts are told apart: an IPv6 address, an IPv4 address as ::ffff:a.b.c.d
 * (RFC 4291, 2.5.5.2), or all zero for a peer on this machine's unix socket. Pure. */
#ifndef LIB_HOST_H
#define LIB_HOST_H

#include "lib/text.h"

/* "10.0.0.1", "2001:db8::1", or "localhost" for all zero. Never begins with ':', which would end a
 * parameter list in IRC: "::1" prints as "0::1". At most 46 bytes. */
void host_print(const unsigned char host[16], struct buf *out);

#endif
