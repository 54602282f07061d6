/* SPDX-License-Identifier: MIT */
/* The property: the same stream, cut differently, gives the same lines and the same commands, also
 * to a scanner that starts over wherever something was consumed, as after a crash. The first byte
 * says whether telnet means something, the second and third how the stream is cut. */
#include "support/stream.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Shorter than a page: what fills a page is cut by where it was begun. */
enum { FUZZ_STREAM_MAX = 4096 };

static void fuzz_feed_in_pieces(struct stream *s, const char *bytes, size_t len, unsigned seed)
{
    while (len > 0) {
        size_t piece = 1 + (seed >> 8) % 7;

        piece = size_min(piece, len);
        stream_feed(s, bytes, piece);
        bytes += piece;
        len -= piece;
        seed = seed * 1103515245U + 12345U;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct stream whole, cut;
    bool is_telnet;
    unsigned seed;
    size_t len;
    const char *bytes;

    if (size < 3) {
        return 0;
    }
    is_telnet = data[0] & 1;
    seed = data[1] * 256U + data[2];
    bytes = (const char *)data + 3;
    len = size_min(size - 3, FUZZ_STREAM_MAX);
    stream_begin(&whole, is_telnet, false);
    stream_feed(&whole, bytes, len);
    stream_begin(&cut, is_telnet, true);
    fuzz_feed_in_pieces(&cut, bytes, len, seed);
    if (whole.out.full || !text_equal(buf_text(&whole.out), buf_text(&cut.out)) ||
        whole.input.read - whole.scanner.at != cut.input.read - cut.scanner.at) {
        abort();
    }
    return 0;
}
