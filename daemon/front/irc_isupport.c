/* SPDX-License-Identifier: MIT */
/* 005: what is true here, for clients. Sources: modern.ircdocs.horse, "RPL_ISUPPORT Parameters";
 * IRCv3 monitor, bot-mode, utf8-only; whox. */
#include "front/irc.h"

#include "chat/masks.h"
#include "chat/modes.h"
#include "chat/names.h"
#include "chat/people.h"
#include "chat/talk.h"
#include "chat/watched.h"
#include "front/irc_changes.h"

#include <assert.h>
#include <string.h>

enum { ISUPPORT_TOKENS = 13 }; /* in one line: 15 parameters, less the nick and the last one */

struct isupport_writer {
    const struct exchange *exchange;
    struct isupport *isupport;
    int n_tokens; /* in the last line */
};

static void isupport_put(struct isupport_writer *writer, const char *format, ...) format_like(2, 3);

static void isupport_put(struct isupport_writer *writer, const char *format, ...)
{
    struct isupport *isupport = writer->isupport;
    char space[ISUPPORT_WIDTH];
    struct buf token = buf_over(space, sizeof(space));
    va_list arguments;

    va_start(arguments, format);
    buf_vformat(&token, format, arguments);
    va_end(arguments);
    buf_char(&token, ' ');
    if (isupport->n == 0 || writer->n_tokens == ISUPPORT_TOKENS ||
        isupport->lines[isupport->n - 1].len + token.len > ISUPPORT_WIDTH) {
        assert(isupport->n < ISUPPORT_LINES && !token.full);
        isupport->lines[isupport->n++].len = 0;
        writer->n_tokens = 0;
    }
    memcpy(isupport->lines[isupport->n - 1].bytes + isupport->lines[isupport->n - 1].len, token.at,
           token.len);
    isupport->lines[isupport->n - 1].len += (uint16_t)token.len;
    writer->n_tokens++;
}

static void isupport_put_rooms(struct isupport_writer *writer)
{
    isupport_put(writer, "CHANTYPES=#");
    isupport_put(writer, "CHANLIMIT=#:%u", writer->exchange->rooms_per_person);
    isupport_put(writer, "CHANMODES=beI,k,l,imnst");
    isupport_put(writer, "PREFIX=(ov)@+");
    isupport_put(writer, "STATUSMSG=@+");
    isupport_put(writer, "EXCEPTS=e");
    isupport_put(writer, "INVEX=I");
    isupport_put(writer, "MAXLIST=b:%d,e:%d,I:%d", MASKS_MAX, MASKS_MAX, MASKS_MAX);
    isupport_put(writer, "MODES=%d", IRC_MODES_MAX);
    isupport_put(writer, "CHANNELLEN=%d", ROOM_NAME_MAX);
    isupport_put(writer, "TOPICLEN=%d", TOPIC_MAX);
    isupport_put(writer, "KEYLEN=%d", KEY_MAX);
    isupport_put(writer, "KICKLEN=%d", REASON_MAX);
}

static void isupport_put_people(struct isupport_writer *writer)
{
    isupport_put(writer, "NICKLEN=%d", NICK_MAX);
    isupport_put(writer, "USERLEN=%d", USER_MAX);
    isupport_put(writer, "HOSTLEN=%d", HOST_MAX);
    isupport_put(writer, "NAMELEN=%d", REALNAME_MAX);
    isupport_put(writer, "AWAYLEN=%d", AWAY_MAX);
    isupport_put(writer, "USERMODES=,,,Biow");
    isupport_put(writer, "BOT=B");
    isupport_put(writer, "MONITOR=%d", WATCHED_MAX);
}

static void isupport_put_server(struct isupport_writer *writer)
{
    isupport_put(writer, "NETWORK=%s", writer->exchange->network);
    isupport_put(writer, "CASEMAPPING=ascii");
    isupport_put(writer, "UTF8ONLY");
    isupport_put(writer, "MAXTARGETS=%d", IRC_TARGETS_MAX);
    isupport_put(writer,
                 "TARGMAX=PRIVMSG:%d,NOTICE:%d,TAGMSG:%d,JOIN:%d,PART:%d,KICK:%d,NAMES:%d,LIST:%d,"
                 "WHOIS:%d,WHOWAS:%d",
                 IRC_TARGETS_MAX, IRC_TARGETS_MAX, IRC_TARGETS_MAX, IRC_ROOMS_MAX, IRC_ROOMS_MAX,
                 IRC_KICKS_MAX, IRC_TARGETS_MAX, IRC_ROOMS_MAX, IRC_WHOIS_MAX, IRC_WHOIS_MAX);
    isupport_put(writer, "CHATHISTORY=%d", IRC_HISTORY_MAX);
    isupport_put(writer, "MSGREFTYPES=msgid,timestamp");
    isupport_put(writer, "ELIST=CMNTU");
    isupport_put(writer, "SAFELIST");
    isupport_put(writer, "WHOX");
}

static void isupport_compose(struct exchange *exchange)
{
    struct isupport_writer writer = { .exchange = exchange, .isupport = &exchange->isupport };

    isupport_put_rooms(&writer);
    isupport_put_people(&writer);
    isupport_put_server(&writer);
}

void irc_put_isupport(struct reader *reader)
{
    struct isupport *isupport = &reader->exchange->isupport;

    if (isupport->n == 0) {
        isupport_compose(reader->exchange);
    }
    for (uint32_t i = 0; i < isupport->n; i++) {
        irc_numeric(reader, RPL_ISUPPORT, "%.*s:are supported by this server",
                    (int)isupport->lines[i].len, isupport->lines[i].bytes);
    }
}
