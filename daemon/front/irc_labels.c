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
struct irc_reply irc_reply_begin(struct reader *reader)
{
    struct irc_reply reply = { .start = reader->output.len, .size = reader->output.size };

    reader->output.size -= buf_space(&reader->output) * 3 / 7;
    return reply;
}

/* Writes the lines again, each with the tag ahead; those that have tags already get one more. */
static void irc_tag_lines(struct buf *out, struct text lines, struct text tag)
{
    while (lines.len > 0) {
        struct text line = text_cut(&lines, '\n');
        bool has_tags = line.at[0] == '@';

        buf_char(out, '@');
        buf_text_put(out, tag);
        buf_char(out, has_tags ? ';' : ' ');
        buf_text_put(out, (struct text){ line.at + has_tags, line.len - has_tags });
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

static void irc_put_in_batch(struct reader *reader, struct text lines)
{
    char space[IRC_BATCH_TAG_SIZE];
    struct buf tag = buf_over(space, sizeof(space));

    buf_format(&tag, "batch=%x", irc_batch(reader));
    irc_tag_lines(&reader->output, lines, buf_text(&tag));
}

/* A label alone: one line, or none. */
static void irc_put_labelled(struct reader *reader, struct text lines, struct text label)
{
    char space[sizeof("label=") + IRC_LABEL_MAX];
    struct buf tag = buf_over(space, sizeof(space));

    buf_format(&tag, "label=%.*s", TEXT_ARG(label));
    if (lines.len == 0) {
        buf_format(&reader->output, "@%.*s :%s ACK\r\n", TEXT_ARG(buf_text(&tag)),
                   reader->exchange->server_name);
    } else {
        irc_tag_lines(&reader->output, lines, buf_text(&tag));
    }
}

void irc_reply_end(struct reader *reader, const struct irc_reply *reply, struct text label,
                   bool is_last)
{
    char space[PAGE_SIZE_BYTES];
    struct buf copy = buf_over(space, sizeof(space));
    struct text lines;

    (void)output_private(reader); /* the line's own records */
    reader->output.size = reply->size;
    buf_put(&copy, reader->output.at + reply->start, reader->output.len - reply->start);
    lines = buf_text(&copy);
    reader->output.len = reply->start;
    if (irc_batch(reader) == 0 && is_last && irc_count_lines(lines) <= 1) {
        irc_put_labelled(reader, lines, label);
        return;
    }
    if (irc_batch(reader) == 0) {
        irc_open_batch(reader, label);
    }
    irc_put_in_batch(reader, lines);
    if (is_last) {
        irc_close_batch(reader);
    }
}
