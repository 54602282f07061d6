/* SPDX-License-Identifier: MIT */
/* First lines: of IRC (RFC 2812, 3.1; IRCv3 capability negotiation), HTTP (RFC 9112, 3), SSH (RFC
 * 4253, 4.2) and TLS (RFC 8446, 5.1: a handshake of any version). */
#include "front/foreign.h"

enum { FOREIGN_USER_WORDS = 5, FOREIGN_METHOD_LEAST = 3 };

static size_t foreign_count_words(struct text line)
{
    size_t n = 0;

    while (text_cut_word(&line).len > 0) {
        n++;
    }
    return n;
}

/* Programs write commands in capitals, people hardly ever. */
static bool foreign_is_irc(struct text line)
{
    size_t n = foreign_count_words(line);
    struct text command = text_cut_word(&line), first = text_cut_word(&line);

    if (text_equal(command, TEXT("CAP"))) {
        return text_equal(first, TEXT("LS")) || text_equal(first, TEXT("REQ")) ||
               text_equal(first, TEXT("LIST")) || text_equal(first, TEXT("END"));
    }
    if (text_equal(command, TEXT("USER"))) {
        return n >= FOREIGN_USER_WORDS;
    }
    return n == 2 && (text_equal(command, TEXT("PASS")) || text_equal(command, TEXT("NICK")));
}

static bool foreign_is_method(struct text word)
{
    for (size_t i = 0; i < word.len; i++) {
        if (word.at[i] < 'A' || word.at[i] > 'Z') {
            return false;
        }
    }
    return word.len >= FOREIGN_METHOD_LEAST;
}

static bool foreign_is_http(struct text line)
{
    return foreign_is_method(text_cut_word(&line)) && text_cut_word(&line).len > 0 &&
           text_starts_with(text_trim(line), TEXT("HTTP/"));
}

enum foreign foreign_find(struct text first_line)
{
    return text_starts_with(first_line, TEXT("SSH-"))       ? FOREIGN_SSH
           : text_starts_with(first_line, TEXT("\x16\x03")) ? FOREIGN_TLS
           : foreign_is_http(first_line)                    ? FOREIGN_HTTP
           : foreign_is_irc(first_line)                     ? FOREIGN_IRC
                                                            : FOREIGN_NONE;
}

const char *foreign_name(enum foreign foreign)
{
    static const char *const names[] = { "", "IRC", "HTTP", "SSH", "TLS" };

    return names[foreign];
}
