/* SPDX-License-Identifier: MIT */
/* Questions about the server itself in IRC. There is one server: what it cannot answer truthfully
 * it refuses with the numeric that clients know. */
#include "front/irc.h"

#include "chat/people.h"
#include "lib/mask.h"
#include "lib/utf8.h"

#include <time.h>

bool irc_is_here(struct reader *reader, struct text name)
{
    if (name.len == 0 || text_equal(name, TEXT("*")) ||
        text_equal_nocase(name, text_of(reader->exchange->server_name)) ||
        people_find_registered(reader_hub(reader), name) != 0) {
        return true;
    }
    irc_numeric(reader, ERR_NOSUCHSERVER, "%.*s :No such server",
                (int)utf8_fit(name, ROOM_NAME_SIZE), name.at);
    return false;
}

/* The server that is asked may be named. */
static bool irc_is_asked(struct reader *reader, const struct irc_message *message)
{
    return irc_is_here(reader, message->n_params > 0 ? message->params[0] : TEXT_NONE);
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

/* 252 and 253 are left out when they are 0. The most is that of this process: a number that is
 * worth no place in the region. */
void irc_put_lusers(struct reader *reader)
{
    const struct hub *hub = reader_hub(reader);
    const struct head_count *heads = &hub->heads;
    uint32_t n_unknown = table_used(&hub->state->free_wires) - heads->people - heads->gone;

    irc_numeric(reader, RPL_LUSERCLIENT, ":There are %u users and %u invisible on 1 servers",
                heads->people - heads->invisible, heads->invisible);
    if (heads->operators > 0) {
        irc_numeric(reader, RPL_LUSEROP, "%u :operator(s) online", heads->operators);
    }
    if (n_unknown > 0) {
        irc_numeric(reader, RPL_LUSERUNKNOWN, "%u :unknown connection(s)", n_unknown);
    }
    irc_numeric(reader, RPL_LUSERCHANNELS, "%u :channels formed",
                table_used(&hub->state->free_rooms));
    irc_numeric(reader, RPL_LUSERME, ":I have %u clients and 0 servers", heads->people);
    irc_numeric(reader, RPL_LOCALUSERS, "%u %u :Current local users %u, max %u", heads->people,
                heads->most, heads->people, heads->most);
    irc_numeric(reader, RPL_GLOBALUSERS, "%u %u :Current global users %u, max %u", heads->people,
                heads->most, heads->people, heads->most);
}

int irc_run_lusers(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    (void)message;
    (void)reason;
    irc_put_lusers(reader);
    return FRONT_DONE;
}

/* ---- about the server ---- */

int irc_run_version(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    (void)reason;
    if (irc_is_asked(reader, message)) {
        irc_numeric(reader, RPL_VERSION,
                    "partyline-" PARTYLINE_VERSION " %s :for nc, telnet and IRC",
                    reader->exchange->server_name);
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

/* Up to three lines of the configuration. */
int irc_run_admin(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    const struct exchange *exchange = reader->exchange;

    (void)reason;
    if (!irc_is_asked(reader, message)) {
        return FRONT_DONE;
    }
    if (exchange->n_admin == 0) {
        irc_numeric(reader, ERR_NOADMININFO, "%s :No administrative info available",
                    exchange->server_name);
        return FRONT_DONE;
    }
    irc_numeric(reader, RPL_ADMINME, "%s :Administrative info", exchange->server_name);
    for (uint32_t i = 0; i < exchange->n_admin; i++) {
        struct text line = text_of(exchange->admin[i]);

        irc_numeric(reader, (enum irc_numeric)(RPL_ADMINLOC1 + i), ":%.*s",
                    (int)utf8_fit(line, IRC_NAMES_WIDTH), line.at);
    }
    return FRONT_DONE;
}

/* "LINKS", "LINKS mask", "LINKS server mask". */
int irc_run_links(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    const char *name = reader->exchange->server_name;
    struct text mask = message->n_params > 0 ? message->params[message->n_params > 1] : TEXT("*");

    (void)reason;
    if (message->n_params > 1 && !irc_is_here(reader, message->params[0])) {
        return FRONT_DONE;
    }
    mask = mask.len > 0 ? mask : TEXT("*");
    if (mask_match(mask, text_of(name))) {
        irc_numeric(reader, RPL_LINKS, "%s %s :0 Partyline", name, name);
    }
    irc_numeric(reader, RPL_ENDOFLINKS, "%.*s :End of /LINKS list",
                (int)utf8_fit(mask, ROOM_NAME_SIZE), mask.at);
    return FRONT_DONE;
}
