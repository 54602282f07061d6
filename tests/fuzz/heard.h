/* SPDX-License-Identifier: MIT */
/* What a peer of the fuzzed server hears, looked at byte by byte: to a terminal go clean text and
 * telnet's answers alone, to an IRC client complete lines within 512 bytes besides their tags. */
#ifndef FUZZ_HEARD_H
#define FUZZ_HEARD_H

#include "front/scanner.h"
#include "lib/utf8.h"

enum { HEARD_LINE_MAX = 16384, HEARD_IRC_MAX = 512 };

struct heard {
    char line[HEARD_LINE_MAX]; /* since the last LF */
    size_t len;
    bool is_irc;
    uint8_t n_telnet; /* bytes to come of a command */
};

static inline const char *heard_irc_line(struct text line)
{
    if (line.len > 0 && line.at[0] == '@') {
        (void)text_cut(&line, ' ');
    }
    if (line.len + 2 > HEARD_IRC_MAX) {
        return "an IRC line is longer than 512 bytes";
    }
    return utf8_is_clean(line, UTF8_KEEP_TEXT) ? NULL : "an IRC line is not clean";
}

static inline const char *heard_line(const struct heard *heard)
{
    struct text line = { heard->line, heard->len };

    if (line.len == 0 || line.at[line.len - 1] != '\r') {
        return "a line does not end with CR LF";
    }
    line.len--;
    if (heard->is_irc) {
        return heard_irc_line(line);
    }
    return utf8_is_clean(line, UTF8_KEEP_NONE) ? NULL : "a line could harm a terminal";
}

static inline const char *heard_byte(struct heard *heard, char byte)
{
    const char *wrong = NULL;

    if (heard->n_telnet > 0) {
        heard->n_telnet--;
        return NULL;
    }
    if (!heard->is_irc && (uint8_t)byte == TELNET_IAC) { /* never text: it is not UTF-8 */
        heard->n_telnet = 2;
        return NULL;
    }
    if (byte == '\n') {
        wrong = heard_line(heard);
        heard->len = 0;
        return wrong;
    }
    if (heard->len == HEARD_LINE_MAX) {
        return "a line is longer than a page";
    }
    heard->line[heard->len++] = byte;
    return NULL;
}

/* NULL, or what is wrong. */
static inline const char *heard_add(struct heard *heard, const char *bytes, size_t len)
{
    const char *wrong = NULL;

    for (size_t i = 0; i < len && wrong == NULL; i++) {
        wrong = heard_byte(heard, bytes[i]);
    }
    return wrong;
}

#endif
