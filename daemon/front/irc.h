/* SPDX-License-Identifier: MIT */
/* Inside the IRC front end: what its files share. Sources: RFC 1459 and 2812, modern.ircdocs.horse,
 * IRCv3 (capability negotiation 302, server-time, echo-message, userhost-in-names). */
#ifndef FRONT_IRC_H
#define FRONT_IRC_H

#include "front/output.h"
#include "lib/irc.h"

enum irc_flavour {
    IRC_BASE = (int)(FRONT_IRC << FLAVOUR_FRONT_SHIFT),
    IRC_TIMED = 1,      /* with server-time */
    IRC_AWAY = 2,       /* sees who is away */
    IRC_WHOLE_JOIN = 4, /* with account and realname */
};

/* In person.caps: capabilities, and where registration stands. */
enum irc_cap {
    IRC_CAP_SERVER_TIME = 1,
    IRC_CAP_ECHO_MESSAGE = 2,
    IRC_CAP_USERHOST_IN_NAMES = 4,
    IRC_CAP_NOTIFY = 8,
    IRC_CAP_AWAY_NOTIFY = 16,
    IRC_CAP_EXTENDED_JOIN = 32,
    IRC_CAPS_ALL = 63,
    IRC_NEGOTIATING = 1 << 16, /* CAP LS or REQ before the end of registration */
    IRC_HAS_USER = 1 << 17,
};

enum irc_answer {
    IRC_ANSWER_MOTD = 1, /* at: byte of the text */
    IRC_ANSWER_JOINED,   /* topic, then names; row: room, until: room.id */
    IRC_ANSWER_NAMES,    /* at: serial of the last one shown; row, until as above */
    IRC_ANSWER_WHO,      /* the same; upper halves: irc_who.c */
    IRC_ANSWER_LIST,     /* at: row of the last room shown; until: irc_list.c */
};

enum irc_numeric {
    RPL_WELCOME = 1,
    RPL_YOURHOST = 2,
    RPL_CREATED = 3,
    RPL_MYINFO = 4,
    RPL_ISUPPORT = 5,
    RPL_UMODEIS = 221,
    RPL_LUSERCLIENT = 251,
    RPL_LUSERUNKNOWN = 253,
    RPL_LUSERCHANNELS = 254,
    RPL_LUSERME = 255,
    RPL_TRYAGAIN = 263,
    RPL_AWAY = 301,
    RPL_USERHOST = 302,
    RPL_ISON = 303,
    RPL_UNAWAY = 305,
    RPL_NOWAWAY = 306,
    RPL_WHOISUSER = 311,
    RPL_WHOISSERVER = 312,
    RPL_ENDOFWHO = 315,
    RPL_WHOISIDLE = 317,
    RPL_ENDOFWHOIS = 318,
    RPL_WHOISCHANNELS = 319,
    RPL_LISTSTART = 321,
    RPL_LIST = 322,
    RPL_LISTEND = 323,
    RPL_CHANNELMODEIS = 324,
    RPL_CREATIONTIME = 329,
    RPL_NOTOPIC = 331,
    RPL_TOPIC = 332,
    RPL_TOPICWHOTIME = 333,
    RPL_VERSION = 351,
    RPL_WHOREPLY = 352,
    RPL_NAMREPLY = 353,
    RPL_WHOSPCRPL = 354,
    RPL_LINKS = 364,
    RPL_ENDOFLINKS = 365,
    RPL_ENDOFNAMES = 366,
    RPL_ENDOFBANLIST = 368,
    RPL_INFO = 371,
    RPL_MOTD = 372,
    RPL_ENDOFINFO = 374,
    RPL_MOTDSTART = 375,
    RPL_ENDOFMOTD = 376,
    RPL_TIME = 391,
    ERR_NOSUCHNICK = 401,
    ERR_NOSUCHSERVER = 402,
    ERR_NOSUCHCHANNEL = 403,
    ERR_CANNOTSENDTOCHAN = 404,
    ERR_TOOMANYCHANNELS = 405,
    ERR_TOOMANYTARGETS = 407,
    ERR_INVALIDCAPCMD = 410,
    ERR_NORECIPIENT = 411,
    ERR_NOTEXTTOSEND = 412,
    ERR_INPUTTOOLONG = 417,
    ERR_UNKNOWNCOMMAND = 421,
    ERR_NOMOTD = 422,
    ERR_NOADMININFO = 423,
    ERR_NONICKNAMEGIVEN = 431,
    ERR_ERRONEUSNICKNAME = 432,
    ERR_NICKNAMEINUSE = 433,
    ERR_NOTONCHANNEL = 442,
    ERR_NOTREGISTERED = 451,
    ERR_NEEDMOREPARAMS = 461,
    ERR_ALREADYREGISTERED = 462,
    ERR_UNKNOWNMODE = 472,
    ERR_BADCHANMASK = 476,
    ERR_CHANOPRIVSNEEDED = 482,
    ERR_USERSDONTMATCH = 502,
    ERR_HELPNOTFOUND = 524,
    RPL_HELPSTART = 704,
    RPL_HELPTXT = 705,
    RPL_ENDOFHELP = 706,
};

enum {
    IRC_TARGETS_MAX = 4,   /* of PRIVMSG and NOTICE */
    IRC_ROOMS_MAX = 20,    /* of JOIN, PART and LIST */
    IRC_USERHOST_MAX = 5,  /* RFC 2812, 4.8 */
    IRC_ROW_NEEDED = 1024, /* bytes: one line of an answer, and its end */
    IRC_NAMES_WIDTH = 360, /* of a list: leaves room for the longest name with its host */
};

/* ":server NNN nick " and the rest. */
void irc_numeric(struct reader *reader, enum irc_numeric numeric, const char *format, ...)
    format_like(3, 4);
/* One line from the server, without a numeric: "CAP * LS :...". */
void irc_line(struct reader *reader, const char *format, ...) format_like(2, 3);

/* Handles one message; see struct front. */
int irc_command(struct reader *reader, const struct irc_message *message, struct buf *reason);
/* Answers an outcome of the hub with the numeric that clients expect. */
void irc_refuse(struct reader *reader, int outcome, struct text what);

/* irc_register.c: what may be said before registration. */
int irc_run_cap(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_nick(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_user(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_pass(struct reader *reader, const struct irc_message *message, struct buf *reason);

/* irc_rooms.c */
int irc_run_join(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_part(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_privmsg(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_notice(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_topic(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_names(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_mode(struct reader *reader, const struct irc_message *message, struct buf *reason);

/* irc_who.c */
int irc_run_who(struct reader *reader, const struct irc_message *message, struct buf *reason);
void irc_answer_who(struct reader *reader, const struct wire_answer *answer);

/* irc_list.c */
int irc_run_list(struct reader *reader, const struct irc_message *message, struct buf *reason);
void irc_answer_list(struct reader *reader, const struct wire_answer *answer);

/* irc_server.c */
int irc_run_admin(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_info(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_links(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_lusers(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_motd(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_time(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_version(struct reader *reader, const struct irc_message *message, struct buf *reason);
void irc_put_lusers_welcome(struct reader *reader);

/* irc_queries.c */
int irc_run_whois(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_ison(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_userhost(struct reader *reader, const struct irc_message *message, struct buf *reason);

/* irc_away.c */
int irc_run_away(struct reader *reader, const struct irc_message *message, struct buf *reason);
/* 301, if this person is away. */
void irc_put_away(struct reader *reader, uint32_t row);

uint32_t irc_flavour_of(const struct reader *reader, const struct record *record,
                        struct place place);
uint32_t irc_view_of(const struct reader *reader, uint32_t membership);
void irc_render(const struct exchange *exchange, const struct record *record, uint32_t flavour,
                struct buf *out);
void irc_continue_answer(struct reader *reader);
/* 332 and 333, or 331 with `say_none`. */
void irc_put_topic(struct reader *reader, const struct room *room, bool say_none);

/* The n-th (from 0) of a list separated by commas, in which empty items do not count; empty past
 * its end. */
struct text irc_list_item(struct text list, uint32_t n);
/* FRONT_MORE if more of the list is to come after this step. Stops at the limit, which is told. */
int irc_next_step(struct reader *reader, struct text list, uint32_t most);

#endif
