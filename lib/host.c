/* SPDX-License-Identifier: MIT */
/* Printing with inet_ntop(3); the two special forms are ours. */
#include "lib/host.h"

#include <arpa/inet.h>
#include <string.h>

static const unsigned char HOST_V4_PREFIX[12] = { [10] = 0xff, [11] = 0xff };
static const unsigned char HOST_LOCAL[16] = { 0 };

void host_print(const unsigned char host[16], struct buf *out)
{
    char printed[INET6_ADDRSTRLEN];

    if (memcmp(host, HOST_LOCAL, sizeof(HOST_LOCAL)) == 0) {
        buf_text_put(out, TEXT("localhost"));
        return;
    }
    if (memcmp(host, HOST_V4_PREFIX, sizeof(HOST_V4_PREFIX)) == 0) {
        (void)inet_ntop(AF_INET, host + sizeof(HOST_V4_PREFIX), printed, sizeof(printed));
    } else {
        (void)inet_ntop(AF_INET6, host, printed, sizeof(printed));
    }
    if (printed[0] == ':') {
        buf_char(out, '0');
    }
    buf_text_put(out, text_of(printed));
}
