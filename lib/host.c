/* SPDX-License-Identifier: MIT */
/* IPv6 with inet_ntop(3). IPv4 by hand: everyone who comes and goes is printed, and there it costs
 * a tenth of what inet_ntop() does. */
#include "lib/host.h"

#include <arpa/inet.h>
#include <string.h>

static const unsigned char HOST_V4_PREFIX[12] = { [10] = 0xff, [11] = 0xff };
static const unsigned char HOST_LOCAL[16] = { 0 };

static char *host_put_part(char *to, unsigned part)
{
    if (part >= 100) {
        *to++ = (char)('0' + part / 100);
    }
    if (part >= 10) {
        *to++ = (char)('0' + part / 10 % 10);
    }
    *to++ = (char)('0' + part % 10);
    return to;
}

static void host_print_v4(const unsigned char bytes[4], struct buf *out)
{
    char printed[INET_ADDRSTRLEN];
    char *end = host_put_part(printed, bytes[0]);

    for (int i = 1; i < 4; i++) {
        *end++ = '.';
        end = host_put_part(end, bytes[i]);
    }
    buf_put(out, printed, (size_t)(end - printed)); /* all or nothing */
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
