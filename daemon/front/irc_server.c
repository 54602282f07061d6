/* SPDX-License-Identifier: MIT */
/* Questions about the server itself in IRC. There is one server, and it has no operators yet: what
 * it cannot answer truthfully it refuses with the numeric that clients know. */
#include "front/irc.h"

#include "chat/people.h"
#include "lib/utf8.h"

#include <time.h>

/* The server that is asked may be named: by its name, or by that of somebody who is there. False
 * after a refusal. */
static bool irc_is_asked(struct reader *reader, const struct irc_message *message)
{
    struct text name = message->n_params > 0 ? message->params[0] : TEXT_NONE;

    if (name.len == 0 || text_equal(name, TEXT("*")) ||
        text_equal_nocase(name, text_of(reader->exchange->server_name)) ||
        people_find_registered(reader_hub(reader), name) != 0) {
        return true;
    }
    irc_numeric(reader, ERR_NOSUCHSERVER, "%.*s :No such server",
                (int)utf8_fit(name, ROOM_NAME_SIZE), name.at);
    return false;
}

int irc_run_motd(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    (void)reason;
    if (irc_is_asked(reader, message)) {
        output_set_answer(reader, IRC_ANSWER_MOTD, 0, 0, 0);
    }
    return FRONT_DONE;
}

/* ---- numbers ---- */

static void irc_put_lusers(struct reader *reader, uint32_t n_people, uint32_t n_unknown)
{
    const struct state *state = reader_hub(reader)->state;

    irc_numeric(reader, RPL_LUSERCLIENT, ":There are %u users and 0 invisible on 1 servers",
                n_people);
    if (n_unknown > 0) { /* 252 and 253 are left out when they are 0 */
        irc_numeric(reader, RPL_LUSERUNKNOWN, "%u :unknown connection(s)", n_unknown);
    }
    irc_numeric(reader, RPL_LUSERCHANNELS, "%u :channels formed", table_used(&state->free_rooms));
    irc_numeric(reader, RPL_LUSERME, ":I have %u clients and 0 servers", n_people + n_unknown);
}

/* A count of connections, not of people: that would walk the table for each one who comes. */
void irc_put_lusers_welcome(struct reader *reader)
{
    irc_put_lusers(reader, table_used(&reader_hub(reader)->state->free_wires), 0);
}

int irc_run_lusers(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    uint32_t n_people = people_count(reader_hub(reader));
    uint32_t n_all = table_used(&reader_hub(reader)->state->free_wires);

    (void)message;
    (void)reason;
    irc_put_lusers(reader, n_people, n_all - n_people);
    return FRONT_DONE;
}

/* ---- about the server ---- */

int irc_run_version(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    (void)reason;
    if (irc_is_asked(reader, message)) {
        irc_numeric(reader, RPL_VERSION,
                    "partyline-" PARTYLINE_VERSION " %s :", reader->exchange->server_name);
    }
    return FRONT_DONE;
}

int irc_run_time(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    time_t now = (time_t)(reader->exchange->now.real_ms / 1000);
    struct tm utc;
    char text[64];

    (void)reason;
    if (irc_is_asked(reader, message)) {
        (void)gmtime_r(&now, &utc);
        (void)strftime(text, sizeof(text), "%A, %Y-%m-%d %H:%M:%S UTC", &utc);
        irc_numeric(reader, RPL_TIME, "%s :%s", reader->exchange->server_name, text);
    }
    return FRONT_DONE;
}

int irc_run_info(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    static const char *const lines[] = {
        "Partyline " PARTYLINE_VERSION ", a chat daemon for nc, telnet and IRC",
        "Rooms and people are the same on all of them.",
    };

    (void)reason;
    if (!irc_is_asked(reader, message)) {
        return FRONT_DONE;
    }
    for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
        irc_numeric(reader, RPL_INFO, ":%s", lines[i]);
    }
    irc_numeric(reader, RPL_ENDOFINFO, ":End of /INFO list");
    return FRONT_DONE;
}

/* The configuration has nothing that says who runs it. */
int irc_run_admin(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    (void)reason;
    if (irc_is_asked(reader, message)) {
        irc_numeric(reader, ERR_NOADMININFO, "%s :No administrative info available",
                    reader->exchange->server_name);
    }
    return FRONT_DONE;
}

int irc_run_links(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    const char *name = reader->exchange->server_name;

    (void)message;
    (void)reason;
    irc_numeric(reader, RPL_LINKS, "%s %s :0 Partyline", name, name);
    irc_numeric(reader, RPL_ENDOFLINKS, "* :End of /LINKS list");
    return FRONT_DONE;
}
