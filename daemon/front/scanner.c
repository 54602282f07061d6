/* SPDX-License-Identifier: MIT */
/* The scanner is a state machine over bytes; scanner_clean() runs the same machine a second time
 * over a whole line, to collect its text. */
#include "front/scanner.h"

#include "lib/utf8.h"

enum { KEY_BS = 0x08, KEY_DEL = 0x7f, KEY_CTRL_U = 0x15 };

/* What one byte turned out to be. */
enum scanner_step {
    STEP_NONE, /* part of a command, or nothing */
    STEP_TEXT,
    STEP_END_LF,
    STEP_END_CR,
    STEP_COMMAND, /* IAC and one byte */
    STEP_OPTION,  /* IAC, verb and option */
    STEP_TWO,     /* IAC was text, and so is this byte */
};

struct scanner scanner_at(uint64_t consumed, uint8_t state)
{
    return (struct scanner){ .at = consumed, .state = state };
}

static enum scanner_step scanner_text_byte(uint8_t *state, uint8_t byte, bool is_telnet)
{
    bool was_cr = *state == SCANNER_CR;

    *state = SCANNER_TEXT;
    if (was_cr && (byte == '\n' || byte == '\0')) {
        return STEP_NONE;
    }
    if (byte == '\n') {
        return STEP_END_LF;
    }
    if (byte == '\r') {
        *state = SCANNER_CR;
        return STEP_END_CR;
    }
    if (is_telnet && byte == TELNET_IAC) {
        *state = SCANNER_IAC;
        return STEP_NONE;
    }
    return byte == '\0' ? STEP_NONE : STEP_TEXT;
}

/* Behind IAC: a byte that is no command proves that the IAC was somebody's text (nc sends what it
 * gets), so that both are text; an end of line stays one. */
static enum scanner_step scanner_iac_byte(uint8_t *state, uint8_t byte)
{
    *state = SCANNER_TEXT;
    if (byte == TELNET_IAC) {
        return STEP_TEXT;
    }
    if (byte == TELNET_SB) {
        *state = SCANNER_SUB;
        return STEP_COMMAND;
    }
    if (byte >= TELNET_WILL) {
        *state = SCANNER_VERB;
        return STEP_NONE;
    }
    if (byte >= TELNET_EOF) {
        return STEP_COMMAND;
    }
    if (byte == '\n') {
        return STEP_END_LF;
    }
    if (byte == '\r') {
        *state = SCANNER_CR;
        return STEP_END_CR;
    }
    return STEP_TWO;
}

static enum scanner_step scanner_step(uint8_t *state, uint8_t byte, bool is_telnet)
{
    if (*state == SCANNER_TEXT && byte >= ' ' && byte != TELNET_IAC) {
        return STEP_TEXT; /* nearly always */
    }
    switch ((enum scanner_state) * state) {
    case SCANNER_IAC: return scanner_iac_byte(state, byte);
    case SCANNER_VERB: *state = SCANNER_TEXT; return STEP_OPTION;
    case SCANNER_SUB:
        if (byte == TELNET_IAC) {
            *state = SCANNER_SUB_IAC;
        }
        return STEP_NONE;
    case SCANNER_SUB_IAC: *state = byte == TELNET_SE ? SCANNER_TEXT : SCANNER_SUB; return STEP_NONE;
    case SCANNER_TEXT:
    case SCANNER_CR:
    case SCANNER_STATES:
    case SCANNER_SKIPPING: break;
    }
    return scanner_text_byte(state, byte, is_telnet);
}

static uint8_t scanner_byte(const struct scan_input *input, uint64_t at)
{
    return (uint8_t)input->page[at % PAGE_SIZE_BYTES];
}

/* How many bytes from `at` on, before `to`, are text and nothing else; 0 is always true. */
static size_t scanner_plain_len(const struct scan_input *input, uint64_t at, uint64_t to)
{
    size_t from = at % PAGE_SIZE_BYTES;

    return text_plain_len((struct text){ .at = input->page + from,
                                         .len = (size_t)u64_min(to - at, PAGE_SIZE_BYTES - from) });
}

/* The line ends at `at`. The LF or NUL of a CR that is here already goes with it. */
static enum scan scanner_end_line(struct scanner *scanner, const struct scan_input *input)
{
    bool was_skipping = (scanner->state & SCANNER_SKIPPING) != 0;

    scanner->state &= (uint8_t)~SCANNER_SKIPPING;
    if (scanner->state == SCANNER_CR && scanner->at < input->read &&
        (scanner_byte(input, scanner->at) == '\n' || scanner_byte(input, scanner->at) == '\0')) {
        scanner->at++;
        scanner->state = SCANNER_TEXT;
    }
    scanner->n_text = 0;
    return was_skipping ? SCAN_NOTHING : SCAN_LINE;
}

static bool scanner_is_full(const struct scanner *scanner, const struct scan_input *input)
{
    return scanner->at - input->consumed >= PAGE_SIZE_BYTES;
}

static bool scanner_is_long(const struct scanner *scanner, const struct scan_input *input)
{
    return scanner->n_text > input->max_text ||
           (scanner->n_text > 0 && scanner_is_full(scanner, input));
}

/* All was looked at. Without text there is nothing to keep, but for a command that is cut; and not
 * even that in a full page, which must be read on. */
static enum scan scanner_rest(const struct scanner *scanner, const struct scan_input *input)
{
    uint8_t state = scanner->state & (uint8_t)~SCANNER_SKIPPING;
    bool is_between = state == SCANNER_TEXT || state == SCANNER_CR || state == SCANNER_SUB ||
                      state == SCANNER_SUB_IAC;

    if (scanner->at > input->consumed && (is_between || scanner_is_full(scanner, input)) &&
        (scanner->n_text == 0 || (scanner->state & SCANNER_SKIPPING))) {
        return SCAN_NOTHING;
    }
    return SCAN_MORE;
}

static enum scan scanner_one(struct scanner *scanner, const struct scan_input *input,
                             struct scan_found *out)
{
    uint8_t byte = scanner_byte(input, scanner->at);
    uint8_t skipping = scanner->state & SCANNER_SKIPPING;
    uint8_t state = scanner->state & (uint8_t)~SCANNER_SKIPPING;
    enum scanner_step step = scanner_step(&state, byte, input->is_telnet);

    scanner->at++;
    scanner->state = state | skipping;
    switch (step) {
    case STEP_NONE: break;
    case STEP_TEXT: scanner->n_text++; break;
    case STEP_TWO: scanner->n_text += 2; break;
    case STEP_END_LF:
    case STEP_END_CR: out->text_end = scanner->at - 1; return scanner_end_line(scanner, input);
    case STEP_COMMAND: *out = (struct scan_found){ .verb = byte }; return SCAN_COMMAND;
    case STEP_OPTION:
        *out = (struct scan_found){ .verb = scanner->verb, .option = byte };
        return SCAN_COMMAND;
    }
    if (state == SCANNER_VERB) {
        scanner->verb = byte;
    }
    return SCAN_MORE;
}

/* Nearly all of a line: passed over at once, but for what would make it too long. */
static void scanner_pass_plain(struct scanner *scanner, const struct scan_input *input)
{
    size_t n;

    if (scanner->state == SCANNER_TEXT && scanner->n_text <= input->max_text) {
        n = scanner_plain_len(
            input, scanner->at,
            u64_min(input->read, scanner->at + input->max_text + 1 - scanner->n_text));
        scanner->at += n;
        scanner->n_text += (uint32_t)n;
    }
}

enum scan scanner_next(struct scanner *scanner, const struct scan_input *input,
                       struct scan_found *out)
{
    for (;;) {
        enum scan found;

        /* A page may also become full with a command, which is returned before this is seen. */
        scanner_pass_plain(scanner, input);
        if (!(scanner->state & SCANNER_SKIPPING) && scanner_is_long(scanner, input)) {
            scanner->state |= SCANNER_SKIPPING;
            scanner->n_text = 0;
            return SCAN_LONG;
        }
        if (scanner->at >= input->read) {
            return scanner_rest(scanner, input);
        }
        found = scanner_one(scanner, input, out);
        if (found != SCAN_MORE) {
            return found;
        }
    }
}

/* ---- the text of a line ---- */

static void scanner_erase(struct buf *out, bool is_line)
{
    out->len = is_line ? 0 : out->len - utf8_last_len(buf_text(out));
}

static void scanner_clean_byte(struct buf *out, uint8_t byte, bool is_telnet)
{
    if (is_telnet && (byte == KEY_BS || byte == KEY_DEL)) {
        scanner_erase(out, false);
    } else if (is_telnet && byte == KEY_CTRL_U) {
        scanner_erase(out, true);
    } else {
        buf_char(out, (char)byte);
    }
}

/* Returns how many bytes it took: as many as there is room for. */
static size_t scanner_copy_plain(const struct scan_input *input, uint64_t at, uint64_t to,
                                 struct buf *out)
{
    size_t n = scanner_plain_len(input, at, u64_min(to, at + buf_space(out)));

    buf_put(out, input->page + at % PAGE_SIZE_BYTES, n);
    return n;
}

static void scanner_clean_step(struct buf *out, enum scanner_step step, uint8_t byte,
                               bool is_telnet)
{
    switch (step) {
    case STEP_TWO:
        buf_char(out, (char)TELNET_IAC);
        if (byte != '\0') {
            scanner_clean_byte(out, byte, is_telnet);
        }
        return;
    case STEP_TEXT: scanner_clean_byte(out, byte, is_telnet); return;
    case STEP_COMMAND:
        if (byte == TELNET_EC || byte == TELNET_EL) {
            scanner_erase(out, byte == TELNET_EL);
        }
        return;
    case STEP_NONE:
    case STEP_OPTION:
    case STEP_END_LF:
    case STEP_END_CR: return;
    }
}

void scanner_clean(const struct scan_input *input, uint64_t to, uint8_t state, struct buf *out)
{
    state &= (uint8_t)~SCANNER_SKIPPING;
    for (uint64_t at = input->consumed; at < to; at++) {
        uint8_t byte;

        if (state == SCANNER_TEXT) {
            at += scanner_copy_plain(input, at, to, out);
        }
        if (at == to) {
            return;
        }
        byte = scanner_byte(input, at);
        scanner_clean_step(out, scanner_step(&state, byte, input->is_telnet), byte,
                           input->is_telnet);
    }
}
