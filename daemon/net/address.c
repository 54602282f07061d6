/* SPDX-License-Identifier: MIT */
/* Text to socket address and back. An IPv4 address is handled as ::ffff:a.b.c.d inside, which is
 * also how the kernel shows an IPv4 peer of an IPv6 socket, so that a person is the same host
 * whichever way they came in. */
#include "net/address.h"

#include "lib/utf8.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>

enum { ADDRESS_HOST_SIZE = 16, ADDRESS_MAPPED_SIZE = 12 };

static const unsigned char address_mapped[ADDRESS_MAPPED_SIZE] = { [10] = 0xFF, [11] = 0xFF };

static void address_set_ipv6(struct address *a, const struct in6_addr *host, uint16_t port)
{
    struct sockaddr_in6 in6 = {
        .sin6_family = AF_INET6,
        .sin6_port = htons(port),
        .sin6_addr = *host,
    };

    *a = (struct address){ .len = sizeof(in6) };
    memcpy(&a->storage, &in6, sizeof(in6));
}

static void address_set_ipv4(struct address *a, struct in_addr host, uint16_t port)
{
    struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = host };

    *a = (struct address){ .len = sizeof(in) };
    memcpy(&a->storage, &in, sizeof(in));
}

static int address_parse_unix(struct text path, struct address *out)
{
    struct sockaddr_un un = { .sun_family = AF_UNIX };

    if (path.len == 0 || path.len >= sizeof(un.sun_path) || path.at[0] != '/' ||
        !utf8_is_clean(path, UTF8_KEEP_NONE)) {
        return ADDRESS_BAD;
    }
    memcpy(un.sun_path, path.at, path.len);
    *out = (struct address){
        .len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + path.len + 1),
    };
    memcpy(&out->storage, &un, sizeof(un));
    return 0;
}

static bool address_parse_host(int family, struct text host, void *out)
{
    char string[INET6_ADDRSTRLEN] = { 0 };

    if (host.len >= sizeof(string) || text_find(host, '\0') < host.len) {
        return false;
    }
    memcpy(string, host.at, host.len);
    return inet_pton(family, string, out) == 1;
}

static int address_parse_ip(struct text host, uint16_t port, struct address *out)
{
    struct in6_addr ipv6;
    struct in_addr ipv4;

    if (text_equal(host, TEXT("*"))) {
        address_set_ipv6(out, &in6addr_any, port);
        out->with_ipv4 = true;
        return 0;
    }
    if (text_starts_with(host, TEXT("["))) { /* and ends in "]": the caller cut it there */
        host = (struct text){ .at = host.at + 1, .len = host.len - 2 };
        if (!address_parse_host(AF_INET6, host, &ipv6)) {
            return ADDRESS_BAD;
        }
        address_set_ipv6(out, &ipv6, port);
        return 0;
    }
    if (!address_parse_host(AF_INET, host, &ipv4)) {
        return ADDRESS_BAD;
    }
    address_set_ipv4(out, ipv4, port);
    return 0;
}

int address_parse(struct text t, struct address *out)
{
    static const char unix_prefix[] = "unix:";
    struct text port_text;
    uint64_t port;
    size_t colon;

    if (text_starts_with(t, text_of(unix_prefix))) {
        t.at += sizeof(unix_prefix) - 1;
        t.len -= sizeof(unix_prefix) - 1;
        return address_parse_unix(t, out);
    }
    colon = text_starts_with(t, TEXT("[")) ? text_find(t, ']') + 1 : text_find(t, ':');
    if (colon >= t.len || t.at[colon] != ':') {
        return ADDRESS_BAD;
    }
    port_text = (struct text){ .at = t.at + colon + 1, .len = t.len - colon - 1 };
    if (!text_number(port_text, UINT16_MAX, &port)) {
        return ADDRESS_BAD;
    }
    return address_parse_ip((struct text){ .at = t.at, .len = colon }, (uint16_t)port, out);
}

static struct text address_unix_path(const struct address *a)
{
    const char *bytes = (const char *)&a->storage;
    size_t start = offsetof(struct sockaddr_un, sun_path);

    if (a->len <= start) { /* a peer without a name: the usual case */
        return TEXT_NONE;
    }
    return (struct text){ .at = bytes + start, .len = strnlen(bytes + start, a->len - start) };
}

static void address_print_unix(const struct address *a, bool with_path, struct buf *out)
{
    struct text path = address_unix_path(a);

    buf_text_put(out, TEXT("unix"));
    if (with_path && path.len > 0 && utf8_is_clean(path, UTF8_KEEP_NONE)) {
        buf_char(out, ':');
        buf_text_put(out, path);
    }
}

static void address_print_ip(const unsigned char host[ADDRESS_HOST_SIZE], bool with_brackets,
                             struct buf *out)
{
    bool is_ipv4 = memcmp(host, address_mapped, sizeof(address_mapped)) == 0;
    char string[INET6_ADDRSTRLEN] = "";

    (void)inet_ntop(is_ipv4 ? AF_INET : AF_INET6, is_ipv4 ? host + ADDRESS_MAPPED_SIZE : host,
                    string, sizeof(string)); /* the size fits: it cannot fail */
    with_brackets = with_brackets && !is_ipv4;
    buf_format(out, "%s%s%s", with_brackets ? "[" : "", string, with_brackets ? "]" : "");
}

static uint16_t address_port(const struct address *a)
{
    struct sockaddr_in6 in6;

    /* sockaddr_in has its port at the same place */
    memcpy(&in6, &a->storage, sizeof(in6));
    return ntohs(in6.sin6_port);
}

void address_only_ipv4(const struct address *a, struct address *out)
{
    address_set_ipv4(out, (struct in_addr){ .s_addr = htonl(INADDR_ANY) }, address_port(a));
}

void address_print(const struct address *a, bool with_port, struct buf *out)
{
    unsigned char host[ADDRESS_HOST_SIZE];

    if (a->storage.ss_family == AF_UNIX) {
        address_print_unix(a, with_port, out);
        return;
    }
    address_host(a, host);
    if (a->with_ipv4) {
        buf_char(out, '*');
    } else {
        address_print_ip(host, with_port, out);
    }
    if (with_port) {
        buf_char(out, ':');
        buf_number(out, address_port(a));
    }
}

void address_host(const struct address *a, unsigned char out[ADDRESS_HOST_SIZE])
{
    struct sockaddr_in6 in6;
    struct sockaddr_in in;

    memset(out, 0, ADDRESS_HOST_SIZE);
    if (a->storage.ss_family == AF_INET6) {
        memcpy(&in6, &a->storage, sizeof(in6));
        memcpy(out, &in6.sin6_addr, ADDRESS_HOST_SIZE);
    }
    if (a->storage.ss_family == AF_INET) {
        memcpy(&in, &a->storage, sizeof(in));
        memcpy(out, address_mapped, sizeof(address_mapped));
        memcpy(out + ADDRESS_MAPPED_SIZE, &in.sin_addr, sizeof(in.sin_addr));
    }
}
