/* SPDX-License-Identifier: MIT */
/* Answers in words. Owns the sentences: "$N" is parameter N, of which 0 is our own nick; "$*" is
 * from the third on; "%N" is a number of seconds, said in hours and minutes. */
#include "answers.h"

static const struct {
    struct text command;
    const char *sentence;
} answers_rows[] = {
    { { "301", 3 }, "$1 is away: $2" },
    { { "311", 3 }, "$1 is $2@$3 ($5)" },
    { { "312", 3 }, "$1 is on $2 ($3)" },
    { { "313", 3 }, "$1 is an operator of this server" },
    { { "314", 3 }, "$1 was $2@$3 ($5)" },
    { { "317", 3 }, "$1 has said nothing for %2" },
    { { "319", 3 }, "$1 is in $2" },
    { { "324", 3 }, "the modes of $1 are $*" },
    { { "330", 3 }, "$1 is logged in as $2" },
    { { "341", 3 }, "$1 is invited to $2" },
    { { "671", 3 }, "$1 uses a secure connection" },
};

static struct text answers_param(const struct irc_message *message, int i)
{
    return i < message->n_params ? message->params[i] : TEXT_NONE;
}

static void answers_put_rest(const struct irc_message *message, struct buf *out)
{
    for (int i = 2; i < message->n_params; i++) {
        buf_text_put(out, i > 2 ? TEXT(" ") : TEXT_NONE);
        buf_text_put(out, message->params[i]);
    }
}

static void answers_put_seconds(struct text seconds, struct buf *out)
{
    uint64_t s;

    if (!text_number(seconds, UINT32_MAX, &s)) {
        buf_text_put(out, seconds);
    } else if (s < 60) {
        buf_format(out, "%u s", (unsigned)s);
    } else if (s < 3600) {
        buf_format(out, "%u min", (unsigned)(s / 60));
    } else {
        buf_format(out, "%u h %u min", (unsigned)(s / 3600), (unsigned)(s % 3600 / 60));
    }
}

static void answers_put_sentence(const struct irc_message *message, const char *sentence,
                                 struct buf *out)
{
    for (; *sentence != '\0'; sentence++) {
        bool is_value = (*sentence == '$' || *sentence == '%') && sentence[1] != '\0';

        if (!is_value) {
            buf_char(out, *sentence);
            continue;
        }
        if (sentence[1] == '*') {
            answers_put_rest(message, out);
        } else if (*sentence == '%') {
            answers_put_seconds(answers_param(message, sentence[1] - '0'), out);
        } else {
            buf_text_put(out, answers_param(message, sentence[1] - '0'));
        }
        sentence++;
    }
}

bool answers_put(const struct irc_message *message, struct buf *out)
{
    for (size_t i = 0; i < ARRAY_SIZE(answers_rows); i++) {
        if (text_equal(message->command, answers_rows[i].command) && message->n_params >= 3) {
            answers_put_sentence(message, answers_rows[i].sentence, out);
            return true;
        }
    }
    return false;
}
