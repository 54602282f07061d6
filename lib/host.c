/* SPDX-License-Identifier: MIT */
/* IPv6 with inet_ntop(3). IPv4 by hand: everyone who comes and goes is printed, and there it costs
 * a tenth of what inet_ntop() does. */
#include "lib/host.h"

#include <arpa/inet.h>
#include <string.h>

static const unsigned char HOST_V4_PREFIX[12] = { [10] = 0xff, [11] = 0xff };
static const unsigned char HOST_LOCAL[16] = { 0 };

static void host_print_v4(const unsigned char bytes[4], struct buf *out)
{
    char printed[INET_ADDRSTRLEN];
    struct buf dotted = buf_over(printed, sizeof(printed));

    for (int i = 0; i < 4; i++) {
        if (i > 0) {
            buf_char(&dotted, '.');
        }
        buf_number(&dotted, bytes[i]);
    }
    buf_text_put(out, buf_text(&dotted)); /* all or nothing */
}

void host_print(const unsigned char host[16], struct buf *out)
{
    char printed[INET6_ADDRSTRLEN];

    if (memcmp(host, HOST_LOCAL, sizeof(HOST_LOCAL)) == 0) {
        buf_text_put(out, TEXT("localhost"));
        return;
    }
    if (memcmp(host, HOST_V4_PREFIX, sizeof(HOST_V4_PREFIX)) == 0) {
        host_print_v4(host + sizeof(HOST_V4_PREFIX), out);
        return;
    }
    (void)inet_ntop(AF_INET6, host, printed, sizeof(printed));
    if (printed[0] == ':') {
        buf_char(out, '0');
    }
    buf_text_put(out, text_of(printed));
}
