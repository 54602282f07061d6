/* SPDX-License-Identifier: MIT */
/* STATS in IRC (RFC 2812, 3.4.4): uptime for everybody; operators and numbers for operators. The
 * lists are long answers, whose `row` is the letter. */
#include "front/flavours.h"
#include "front/irc.h"

#include "chat/records.h"

enum { STATS_DAY_S = 86400, STATS_HOUR_S = 3600, STATS_MINUTE_S = 60 };

/* "3 days 4:05:06" */
static void irc_print_span(uint64_t seconds, struct buf *out)
{
    buf_format(out, "%llu days %llu:%02llu:%02llu", (unsigned long long)(seconds / STATS_DAY_S),
               (unsigned long long)(seconds % STATS_DAY_S / STATS_HOUR_S),
               (unsigned long long)(seconds % STATS_HOUR_S / STATS_MINUTE_S),
               (unsigned long long)(seconds % STATS_MINUTE_S));
}

static uint64_t irc_seconds_since(const struct reader *reader, uint64_t then_ms)
{
    uint64_t now_ms = reader->exchange->now.real_ms;

    return now_ms > then_ms ? (now_ms - then_ms) / 1000 : 0; /* somebody may set the clock */
}

/* What people have seen of it is up since the conversation began. */
static void irc_put_uptime(struct reader *reader)
{
    const struct state *state = reader_hub(reader)->state;
    char up_space[64], awake_space[64];
    struct buf up = buf_over(up_space, sizeof(up_space));
    struct buf awake = buf_over(awake_space, sizeof(awake_space));

    irc_print_span(irc_seconds_since(reader, reader->exchange->started_ms), &up);
    irc_print_span(irc_seconds_since(reader, reader->exchange->woken_ms), &awake);
    irc_numeric(reader, RPL_STATSUPTIME, ":Server Up %.*s", TEXT_ARG(buf_text(&up)));
    irc_numeric(reader, RPL_STATSDEBUG, "u :start %llu of the daemon: %.*s ago",
                (unsigned long long)state->header->counters.generation, TEXT_ARG(buf_text(&awake)));
}

static void irc_put_flavours(struct reader *reader)
{
    const struct renderings *renderings = &reader->exchange->renderings;
    const struct state *state = reader_hub(reader)->state;
    const struct log_state *log = &state->header->log;

    irc_numeric(reader, RPL_STATSDEBUG, "f :flavours in use: %u",
                flavours_in_use(reader->exchange));
    irc_numeric(reader, RPL_STATSDEBUG, "f :renderings made: %llu, reused: %llu",
                (unsigned long long)renderings->n_rendered,
                (unsigned long long)renderings->n_reused);
    irc_numeric(reader, RPL_STATSDEBUG, "f :bytes of the log: %llu of %llu",
                (unsigned long long)(log->tail - log->head),
                (unsigned long long)state->header->sizes.log_bytes);
    irc_numeric(reader, RPL_STATSDEBUG, "f :connections: %u", table_used(&state->free_wires));
    irc_numeric(reader, RPL_STATSDEBUG, "f :rooms: %u", table_used(&state->free_rooms));
}

/* ---- lists ---- */

/* Both return true at their end. */
typedef bool (*irc_stats_fn)(struct reader *reader, uint32_t n);

static bool irc_put_account(struct reader *reader, uint32_t n)
{
    const struct operators *operators = &reader->exchange->operators;
    struct operator_account account;

    if (n >= operators->n) {
        return true;
    }
    if (operator_parse(text_of(operators->entries[n]), &account) == NULL) {
        irc_numeric(reader, RPL_STATSOLINE, "O %.*s * %.*s", TEXT_ARG(account.mask),
                    TEXT_ARG(account.name));
    }
    return false;
}

static bool irc_put_operator(struct reader *reader, uint32_t n)
{
    const struct hub *hub = reader_hub(reader);
    char space[SOURCE_SIZE];
    struct buf source = buf_over(space, sizeof(space));
    const struct person *person;

    if (n >= hub->state->header->sizes.wires) {
        return true;
    }
    person = hub_person(hub, n);
    if ((person->flags & PERSON_OPERATOR) && !(person->flags & PERSON_GONE)) {
        people_source(hub, n, &source);
        irc_numeric(
            reader, RPL_STATSDEBUG, "p :%s (%.*s) idle %llu", person->nick,
            TEXT_ARG(buf_text(&source)),
            (unsigned long long)((reader->exchange->now.boot_ms - person->spoke_ms) / 1000));
    }
    return false;
}

static void irc_end_stats(struct reader *reader, char letter)
{
    irc_numeric(reader, RPL_ENDOFSTATS, "%c :End of /STATS report", letter);
    output_set_answer(reader, 0, 0, 0, 0);
}

void irc_answer_stats(struct reader *reader, const struct wire_answer *answer)
{
    irc_stats_fn put = text_lower((char)answer->row) == 'o' ? irc_put_account : irc_put_operator;

    for (uint32_t n = (uint32_t)answer->at; !put(reader, n); n++) {
        if (buf_space(&reader->output) < IRC_ROW_NEEDED) {
            output_set_answer(reader, IRC_ANSWER_STATS, answer->row, n + 1, 0);
            return;
        }
    }
    irc_end_stats(reader, (char)answer->row);
}

/* '*' for what is no letter. */
static char irc_stats_letter(const struct irc_message *message)
{
    struct text word = message->n_params > 0 ? message->params[0] : TEXT_NONE;
    char letter = (char)(word.len > 0 ? word.at[0] : '*');

    return (char)(text_lower(letter) >= 'a' && text_lower(letter) <= 'z' ? letter : '*');
}

int irc_run_stats(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    char letter = irc_stats_letter(message);
    char kind = text_lower(letter);

    (void)reason;
    if (kind != 'u' && kind != '*' && !(reader_person(reader)->flags & PERSON_OPERATOR)) {
        irc_refuse(reader, CHAT_NOT_PRIVILEGED, TEXT_NONE);
    } else if (kind == 'o' || kind == 'p') {
        output_set_answer(reader, IRC_ANSWER_STATS, (unsigned char)letter, 0, 0);
        return FRONT_DONE;
    } else if (kind == 'u') {
        irc_put_uptime(reader);
    } else if (kind == 'f') {
        irc_put_flavours(reader);
    }
    irc_end_stats(reader, letter);
    return FRONT_DONE;
}
