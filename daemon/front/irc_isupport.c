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

enum {
    ISUPPORT_TOKENS = 13, /* in one line: 15 parameters, less the nick and the last one */
    ISUPPORT_WIDTH = 380, /* bytes of tokens in one line */
};

struct isupport {
    struct reader *reader;
    struct buf line; /* over the next */
    char space[ISUPPORT_WIDTH];
    int n;
};

static void isupport_flush(struct isupport *isupport)
{
    if (isupport->n > 0) {
        irc_numeric(isupport->reader, RPL_ISUPPORT, "%.*s:are supported by this server",
                    TEXT_ARG(buf_text(&isupport->line)));
    }
    isupport->line = buf_over(isupport->space, sizeof(isupport->space));
    isupport->n = 0;
}

static void isupport_put(struct isupport *isupport, const char *format, ...) format_like(2, 3);

static void isupport_put(struct isupport *isupport, const char *format, ...)
{
    char space[ISUPPORT_WIDTH];
    struct buf token = buf_over(space, sizeof(space));
    va_list arguments;

    va_start(arguments, format);
    buf_vformat(&token, format, arguments);
    va_end(arguments);
    if (isupport->n == ISUPPORT_TOKENS || buf_space(&isupport->line) < token.len + 1) {
        isupport_flush(isupport);
    }
    buf_text_put(&isupport->line, buf_text(&token));
    buf_char(&isupport->line, ' ');
    isupport->n++;
}

static void isupport_put_rooms(struct isupport *isupport)
{
    isupport_put(isupport, "CHANTYPES=#");
    isupport_put(isupport, "CHANLIMIT=#:%u", isupport->reader->exchange->rooms_per_person);
    isupport_put(isupport, "CHANMODES=beI,k,l,imnst");
    isupport_put(isupport, "PREFIX=(ov)@+");
    isupport_put(isupport, "STATUSMSG=@+");
    isupport_put(isupport, "EXCEPTS=e");
    isupport_put(isupport, "INVEX=I");
    isupport_put(isupport, "MAXLIST=b:%d,e:%d,I:%d", MASKS_MAX, MASKS_MAX, MASKS_MAX);
    isupport_put(isupport, "MODES=%d", IRC_MODES_MAX);
    isupport_put(isupport, "CHANNELLEN=%d", ROOM_NAME_MAX);
    isupport_put(isupport, "TOPICLEN=%d", TOPIC_MAX);
    isupport_put(isupport, "KEYLEN=%d", KEY_MAX);
    isupport_put(isupport, "KICKLEN=%d", REASON_MAX);
}

static void isupport_put_people(struct isupport *isupport)
{
    isupport_put(isupport, "NICKLEN=%d", NICK_MAX);
    isupport_put(isupport, "USERLEN=%d", USER_MAX);
    isupport_put(isupport, "HOSTLEN=%d", HOST_MAX);
    isupport_put(isupport, "NAMELEN=%d", REALNAME_MAX);
    isupport_put(isupport, "AWAYLEN=%d", AWAY_MAX);
    isupport_put(isupport, "USERMODES=,,,Biow");
    isupport_put(isupport, "BOT=B");
    isupport_put(isupport, "MONITOR=%d", WATCHED_MAX);
}

static void isupport_put_server(struct isupport *isupport)
{
    isupport_put(isupport, "NETWORK=%s", isupport->reader->exchange->network);
    isupport_put(isupport, "CASEMAPPING=ascii");
    isupport_put(isupport, "UTF8ONLY");
    isupport_put(isupport, "MAXTARGETS=%d", IRC_TARGETS_MAX);
    isupport_put(isupport,
                 "TARGMAX=PRIVMSG:%d,NOTICE:%d,TAGMSG:%d,JOIN:%d,PART:%d,KICK:%d,NAMES:%d,LIST:%d,"
                 "WHOIS:%d,WHOWAS:%d",
                 IRC_TARGETS_MAX, IRC_TARGETS_MAX, IRC_TARGETS_MAX, IRC_ROOMS_MAX, IRC_ROOMS_MAX,
                 IRC_KICKS_MAX, IRC_TARGETS_MAX, IRC_ROOMS_MAX, IRC_WHOIS_MAX, IRC_WHOIS_MAX);
    isupport_put(isupport, "CHATHISTORY=%d", IRC_HISTORY_MAX);
    isupport_put(isupport, "MSGREFTYPES=msgid,timestamp");
    isupport_put(isupport, "ELIST=CMNTU");
    isupport_put(isupport, "SAFELIST");
    isupport_put(isupport, "WHOX");
}

void irc_put_isupport(struct reader *reader)
{
    struct isupport isupport = { .reader = reader };

    isupport_flush(&isupport);
    isupport_put_rooms(&isupport);
    isupport_put_people(&isupport);
    isupport_put_server(&isupport);
    isupport_flush(&isupport);
}
