/* SPDX-License-Identifier: MIT */
/* labeled-response: what a labelled line is answered with carries its label, or stands in a batch
 * that does, records of one's own included. What was written while a line was handled is the end of
 * the page, not committed yet; the tags are put into it there. An answer that goes on in later
 * transactions keeps its batch open: the reference stands in the region (wire.out.batch).
 * Sources: ircv3.net/specs/extensions/labeled-response, batch. */
#include "front/irc.h"

#include <string.h>

enum {
    IRC_LABEL_MAX = 64,      /* bytes */
    IRC_BATCH_TAG_SIZE = 16, /* "batch=fffff" */
    IRC_BATCH_MASK = 0xfffff,
    IRC_LABELS_NEED_CAPS = IRC_CAP_LABELED_RESPONSE | IRC_CAP_BATCH,
};

struct text irc_label_of(const struct reader *reader, const struct irc_message *message)
{
    struct text label;

    if ((reader_person(reader)->caps & IRC_LABELS_NEED_CAPS) != IRC_LABELS_NEED_CAPS ||
        !irc_tag_raw(message->tags, TEXT("label"), &label) || label.len > IRC_LABEL_MAX) {
        return TEXT_NONE;
    }
    return label;
}

/* A tag in front of every line costs up to three quarters of the shortest line, which has 17 bytes:
 * an answer may take four sevenths of the page. */
struct irc_reply irc_reply_begin(struct reader *reader, bool is_labelled)
{
    struct irc_reply reply = { .start = reader->output.len, .size = reader->output.size };

    if (is_labelled) {
        reader->output.size -= buf_space(&reader->output) * 3 / 7;
    }
    return reply;
}

void irc_reply_drop(struct reader *reader, const struct irc_reply *reply)
{
    reader->output.len = reply->start;
    reader->output.size = reply->size;
}

void irc_tag_lines(struct buf *out, struct text lines, struct text tag)
{
    while (lines.len > 0) {
        struct text line = text_cut(&lines, '\n');
        bool has_tags = line.at[0] == '@';

        if (!text_starts_with(line, TEXT("@batch="))) {
            buf_char(out, '@');
            buf_text_put(out, tag);
            buf_char(out, has_tags ? ';' : ' ');
            line = (struct text){ line.at + has_tags, line.len - has_tags };
        }
        buf_text_put(out, line);
        buf_char(out, '\n');
    }
}

static uint32_t irc_count_lines(struct text lines)
{
    uint32_t n = 0;

    for (; lines.len > 0; n++) {
        (void)text_cut(&lines, '\n');
    }
    return n;
}

static uint32_t irc_batch(const struct reader *reader)
{
    return reader_wire(reader)->out.batch;
}

static void irc_set_batch(struct reader *reader, uint32_t batch)
{
    state_edit_output(reader_hub(reader)->state, reader->row)->batch = batch;
}

/* Only one is open at a time: where its line stands in the input tells it from those before. */
static void irc_open_batch(struct reader *reader, struct text label)
{
    irc_set_batch(reader, ((uint32_t)reader_wire(reader)->in.consumed & IRC_BATCH_MASK) + 1);
    buf_format(&reader->output, "@label=%.*s :%s BATCH +%x labeled-response\r\n", TEXT_ARG(label),
               reader->exchange->server_name, irc_batch(reader));
}

static void irc_close_batch(struct reader *reader)
{
    buf_format(&reader->output, ":%s BATCH -%x\r\n", reader->exchange->server_name,
               irc_batch(reader));
    irc_set_batch(reader, 0);
}

/* A line that was begun and refused as poison left one open. */
void irc_close_stale_batch(struct reader *reader)
{
    if (irc_batch(reader) != 0 && reader_wire(reader)->in.step == 0) {
        irc_close_batch(reader);
    }
}

/* ---- what one says to oneself ---- */

/* It is shown as the echo, if one asked for that, and then as what arrives: "the server MUST NOT
 * include the label tag, except for any acknowledgment sent with echo-message". */
struct irc_parts {
    struct text before, arrived, after;
};

static bool irc_is_to_oneself(const struct reader *reader, struct text line)
{
    static const struct text commands[] = { TEXT("PRIVMSG"), TEXT("NOTICE"), TEXT("TAGMSG") };
    struct text nick = text_of(reader_person(reader)->nick);
    struct irc_message message;

    if (line.len == 0 || text_starts_with(line, TEXT("@batch="))) { /* history */
        return false;
    }
    line.len--; /* the CR */
    if (irc_parse(line, &message) != 0 || message.n_params == 0) {
        return false;
    }
    for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
        if (text_equal(message.command, commands[i])) {
            return text_equal(irc_source_nick(message.source), nick) &&
                   text_equal(message.params[0], nick);
        }
    }
    return false;
}

/* Lines to oneself stand together, since a step has one target. */
static struct text irc_find_to_oneself(const struct reader *reader, struct text lines)
{
    struct text found = { lines.at, 0 };

    while (lines.len > 0) {
        const char *start = lines.at;
        struct text line = text_cut(&lines, '\n');

        if (irc_is_to_oneself(reader, line)) {
            found.at = found.len == 0 ? start : found.at;
            found.len = (size_t)(lines.at - found.at);
        }
    }
    return found;
}

static struct irc_parts irc_part_lines(const struct reader *reader, struct text lines)
{
    bool has_echo = (reader_person(reader)->caps & IRC_CAP_ECHO_MESSAGE) != 0;
    struct text own = irc_find_to_oneself(reader, lines);
    struct text half = { own.at, own.len / 2 };
    struct irc_parts parts;

    if (has_echo) { /* with very long tags there is the echo alone */
        bool is_twice = text_equal(half, (struct text){ own.at + half.len, own.len - half.len });

        own = (struct text){ own.at + (is_twice ? half.len : own.len), is_twice ? half.len : 0 };
    }
    parts.before = (struct text){ lines.at, (size_t)(own.at - lines.at) };
    parts.arrived = own;
    parts.after = (struct text){ own.at + own.len, lines.len - parts.before.len - own.len };
    return parts;
}

/* ---- the end of an answer ---- */

static void irc_put_parts(struct reader *reader, const struct irc_parts *parts, struct text tag)
{
    irc_tag_lines(&reader->output, parts->before, tag);
    buf_text_put(&reader->output, parts->arrived);
    irc_tag_lines(&reader->output, parts->after, tag);
}

static void irc_put_in_batch(struct reader *reader, const struct irc_parts *parts)
{
    char space[IRC_BATCH_TAG_SIZE];
    struct buf tag = buf_over(space, sizeof(space));

    buf_format(&tag, "batch=%x", irc_batch(reader));
    irc_put_parts(reader, parts, buf_text(&tag));
}

/* A label alone: for one line, or none. */
static void irc_put_labelled(struct reader *reader, const struct irc_parts *parts,
                             struct text label)
{
    char space[sizeof("label=") + IRC_LABEL_MAX];
    struct buf tag = buf_over(space, sizeof(space));

    buf_format(&tag, "label=%.*s", TEXT_ARG(label));
    irc_put_parts(reader, parts, buf_text(&tag));
    if (parts->before.len + parts->after.len == 0) {
        buf_format(&reader->output, "@%.*s :%s ACK\r\n", TEXT_ARG(buf_text(&tag)),
                   reader->exchange->server_name);
    }
}

/* A batch is opened only when something will be in it: a line, or what follows as a long answer. */
static void irc_put_answer(struct reader *reader, const struct irc_parts *parts, struct text label,
                           bool is_last)
{
    uint32_t n = irc_count_lines(parts->before) + irc_count_lines(parts->after);

    if (irc_batch(reader) == 0 && is_last && n <= 1) {
        irc_put_labelled(reader, parts, label);
        return;
    }
    if (irc_batch(reader) == 0 && (n > 0 || reader_wire(reader)->answer.kind != 0)) {
        irc_open_batch(reader, label);
    }
    irc_put_in_batch(reader, parts);
    if (is_last) {
        irc_close_batch(reader);
    }
}

void irc_reply_end(struct reader *reader, const struct irc_reply *reply, struct text label,
                   bool is_last)
{
    char space[PAGE_SIZE_BYTES];
    struct buf copy = buf_over(space, sizeof(space));
    struct irc_parts parts;

    (void)output_private(reader); /* the line's own records */
    reader->output.size = reply->size;
    buf_put(&copy, reader->output.at + reply->start, reader->output.len - reply->start);
    reader->output.len = reply->start;
    parts = irc_part_lines(reader, buf_text(&copy));
    irc_put_answer(reader, &parts, label, is_last);
}
