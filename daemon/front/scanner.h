/* SPDX-License-Identifier: MIT */
/* Finds lines in a stream whose byte n lies at n % PAGE_SIZE_BYTES of a page. Lines end with LF,
 * CR LF, CR NUL or a lone CR; telnet's commands (RFC 854) are told apart from text. Each byte is
 * looked at once, however the stream is cut. Pure: what it finds takes effect elsewhere. */
#ifndef FRONT_SCANNER_H
#define FRONT_SCANNER_H

#include "lib/text.h"
#include "state/layout.h"

enum scanner_state {
    SCANNER_TEXT,
    SCANNER_CR, /* the line before ended with CR: an LF or NUL now belongs to it */
    SCANNER_IAC,
    SCANNER_VERB, /* WILL, WONT, DO or DONT; the option follows */
    SCANNER_SUB,  /* in a subnegotiation, up to IAC SE */
    SCANNER_SUB_IAC,
    SCANNER_STATES,
    SCANNER_SKIPPING = 0x80, /* flag: in a line that was too long, up to its end */
};

struct scanner {
    uint64_t at;     /* stream position up to which was looked */
    uint32_t n_text; /* bytes of text since the line's beginning */
    uint8_t state;
    uint8_t verb;
};

enum scan {
    SCAN_MORE,    /* all of it was looked at; the line has no end yet */
    SCAN_LINE,    /* a line: its text is in [consumed, out->text_end), it ends at scanner.at */
    SCAN_NOTHING, /* [consumed, scanner.at) means nothing (any more): consume it */
    SCAN_LONG,    /* the line is too long: consume up to scanner.at, skip the rest of it */
    SCAN_COMMAND, /* a telnet command ends at scanner.at: out->verb, out->option */
};

enum telnet {                   /* RFC 854 */
              TELNET_EOF = 236, /* RFC 1184 */
              TELNET_AYT = 246,
              TELNET_EC = 247,
              TELNET_EL = 248,
              TELNET_SB = 250,
              TELNET_WILL = 251,
              TELNET_WONT = 252,
              TELNET_DO = 253,
              TELNET_DONT = 254,
              TELNET_IAC = 255,
              TELNET_SE = 240,
};

struct scan_input {
    const char *page; /* of PAGE_SIZE_BYTES; borrowed */
    uint64_t consumed, read;
    uint32_t max_text; /* bytes */
    bool is_telnet;
};

struct scan_found {
    uint64_t text_end;
    uint8_t verb;   /* for SCAN_COMMAND: the byte behind IAC */
    uint8_t option; /* for WILL ... DONT */
};

/* Begins at `consumed` with what was known there. */
struct scanner scanner_at(uint64_t consumed, uint8_t state);
enum scan scanner_next(struct scanner *scanner, const struct scan_input *input,
                       struct scan_found *out);

/* Copies the text of [from, to) into `out`, without telnet's commands and NULs, with the erase keys
 * applied (BS, DEL, IAC EC: one character; ^U, IAC EL: the line) if is_telnet. `state` is what was
 * known at `from`. */
void scanner_clean(const struct scan_input *input, uint64_t to, uint8_t state, struct buf *out);

#endif
