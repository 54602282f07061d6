/* SPDX-License-Identifier: MIT */
/* Inside the IRC front end: what its files share. Sources: RFC 1459 and 2812, modern.ircdocs.horse,
 * IRCv3 (capability negotiation 302, server-time, echo-message, userhost-in-names). */
#ifndef FRONT_IRC_H
#define FRONT_IRC_H

#include "front/output.h"
#include "lib/irc.h"

enum irc_flavour {
    IRC_BASE = (int)(FRONT_IRC << FLAVOUR_FRONT_SHIFT),
    IRC_TIMED = 1,        /* with server-time */
    IRC_AWAY = 2,         /* sees who is away */
    IRC_WHOLE_JOIN = 4,   /* with account and realname */
    IRC_TAGGED = 8,       /* with msgid, bot, and the tags of clients */
    IRC_BY_ACCOUNT = 16,  /* with the author's account */
    IRC_HOSTS = 32,       /* sees changes of hosts, */
    IRC_REALNAMES = 64,   /* of realnames, */
    IRC_ACCOUNTS = 128,   /* of accounts, */
    IRC_INVITES = 256,    /* whom others invite, */
    IRC_VOICED = 512,     /* what is said to those with voice, */
    IRC_RUNS_ROOM = 1024, /* what is said to operators */
    IRC_TWICE = 2048,     /* said to oneself: as the echo, and as what arrives */
};

/* In person.caps: capabilities, and where registration stands. */
enum irc_cap {
    IRC_CAP_SERVER_TIME = 1,
    IRC_CAP_ECHO_MESSAGE = 2,
    IRC_CAP_USERHOST_IN_NAMES = 4,
    IRC_CAP_NOTIFY = 8,
    IRC_CAP_AWAY_NOTIFY = 16,
    IRC_CAP_EXTENDED_JOIN = 32,
    IRC_CAP_MESSAGE_TAGS = 64,
    IRC_CAP_BATCH = 128,
    IRC_CAP_LABELED_RESPONSE = 256,
    IRC_CAP_STANDARD_REPLIES = 512,
    IRC_CAP_MULTI_PREFIX = 1024,
    IRC_CAP_ACCOUNT_NOTIFY = 2048,
    IRC_CAP_ACCOUNT_TAG = 4096,
    IRC_CAP_CHGHOST = 8192,
    IRC_CAP_SETNAME = 1 << 14,
    IRC_CAP_INVITE_NOTIFY = 1 << 15,
    IRC_NEGOTIATING = 1 << 16, /* CAP LS or REQ before the end of registration */
    IRC_HAS_USER = 1 << 17,
    IRC_CAP_EXTENDED_MONITOR = 1 << 18,
    IRC_CAP_NO_IMPLICIT_NAMES = 1 << 19,
    IRC_KNOWS_302 = 1 << 20, /* CAP LS 302: values, and cap-notify without asking */
    IRC_CAP_CHATHISTORY = 1 << 21,
    IRC_CAP_EVENT_PLAYBACK = 1 << 22,
    IRC_CAP_DRAFT_NO_IMPLICIT_NAMES = 1 << 23,
    IRC_NO_IMPLICIT_NAMES = IRC_CAP_NO_IMPLICIT_NAMES | IRC_CAP_DRAFT_NO_IMPLICIT_NAMES,
    IRC_CAP_SEARCH = 1 << 24,
    IRC_CAP_READ_MARKER = 1 << 25,
    IRC_CAPS_ALL = 0xffff | IRC_CAP_EXTENDED_MONITOR | IRC_NO_IMPLICIT_NAMES | IRC_CAP_CHATHISTORY |
                   IRC_CAP_EVENT_PLAYBACK | IRC_CAP_SEARCH | IRC_CAP_READ_MARKER,
};

enum irc_answer {
    IRC_ANSWER_MOTD = 1, /* at: byte of the text */
    IRC_ANSWER_JOINED,   /* topic, names, history; at: 0, then as below; row, until as below */
    IRC_ANSWER_NAMES,    /* at: serial of the last one shown; row: room, until: room.id */
    IRC_ANSWER_PAUSE,    /* none: a line in steps rests until the others had their turn */
    IRC_ANSWER_OLD_LIST, /* of a version before this one, which ends here */
    IRC_ANSWER_HELP,     /* at: rows of the table of commands that are shown */
    IRC_ANSWER_MASKS,    /* at: index of the next entry; row: room, until: irc_modes.c */
    IRC_ANSWER_STATS,    /* at: index of the next row; row: the letter */
    IRC_ANSWER_REPLAY,   /* history on entering; at: ordinal of the next record; irc_replay.c */
};

enum irc_numeric {
    RPL_WELCOME = 1,
    RPL_YOURHOST = 2,
    RPL_CREATED = 3,
    RPL_MYINFO = 4,
    RPL_ISUPPORT = 5,
    RPL_ENDOFSTATS = 219,
    RPL_UMODEIS = 221,
    RPL_STATSUPTIME = 242,
    RPL_STATSOLINE = 243,
    RPL_STATSDEBUG = 249,
    RPL_LUSERCLIENT = 251,
    RPL_LUSEROP = 252,
    RPL_LUSERUNKNOWN = 253,
    RPL_LUSERCHANNELS = 254,
    RPL_LUSERME = 255,
    RPL_ADMINME = 256,
    RPL_ADMINLOC1 = 257,
    RPL_TRYAGAIN = 263,
    RPL_LOCALUSERS = 265,
    RPL_GLOBALUSERS = 266,
    RPL_AWAY = 301,
    RPL_USERHOST = 302,
    RPL_ISON = 303,
    RPL_UNAWAY = 305,
    RPL_NOWAWAY = 306,
    RPL_WHOISUSER = 311,
    RPL_WHOISSERVER = 312,
    RPL_WHOISOPERATOR = 313,
    RPL_WHOWASUSER = 314,
    RPL_ENDOFWHO = 315,
    RPL_WHOISIDLE = 317,
    RPL_ENDOFWHOIS = 318,
    RPL_WHOISCHANNELS = 319,
    RPL_LISTSTART = 321,
    RPL_LIST = 322,
    RPL_LISTEND = 323,
    RPL_CHANNELMODEIS = 324,
    RPL_CREATIONTIME = 329,
    RPL_WHOISACCOUNT = 330,
    RPL_NOTOPIC = 331,
    RPL_TOPIC = 332,
    RPL_TOPICWHOTIME = 333,
    RPL_WHOISBOT = 335,
    RPL_INVITELIST = 336,
    RPL_ENDOFINVITELIST = 337,
    RPL_INVITING = 341,
    RPL_INVEXLIST = 346,
    RPL_ENDOFINVEXLIST = 347,
    RPL_EXCEPTLIST = 348,
    RPL_ENDOFEXCEPTLIST = 349,
    RPL_VERSION = 351,
    RPL_WHOREPLY = 352,
    RPL_NAMREPLY = 353,
    RPL_WHOSPCRPL = 354,
    RPL_LINKS = 364,
    RPL_ENDOFLINKS = 365,
    RPL_ENDOFNAMES = 366,
    RPL_BANLIST = 367,
    RPL_ENDOFBANLIST = 368,
    RPL_ENDOFWHOWAS = 369,
    RPL_INFO = 371,
    RPL_MOTD = 372,
    RPL_ENDOFINFO = 374,
    RPL_MOTDSTART = 375,
    RPL_ENDOFMOTD = 376,
    RPL_WHOISHOST = 378,
    RPL_YOUREOPER = 381,
    RPL_REHASHING = 382,
    RPL_TIME = 391,
    RPL_VISIBLEHOST = 396,
    ERR_UNKNOWNERROR = 400,
    ERR_NOSUCHNICK = 401,
    ERR_NOSUCHSERVER = 402,
    ERR_NOSUCHCHANNEL = 403,
    ERR_CANNOTSENDTOCHAN = 404,
    ERR_TOOMANYCHANNELS = 405,
    ERR_WASNOSUCHNICK = 406,
    ERR_TOOMANYTARGETS = 407,
    ERR_INVALIDCAPCMD = 410,
    ERR_NORECIPIENT = 411,
    ERR_NOTEXTTOSEND = 412,
    ERR_TOOMANYMATCHES = 416,
    ERR_INPUTTOOLONG = 417,
    ERR_UNKNOWNCOMMAND = 421,
    ERR_NOMOTD = 422,
    ERR_NOADMININFO = 423,
    ERR_NONICKNAMEGIVEN = 431,
    ERR_ERRONEUSNICKNAME = 432,
    ERR_NICKNAMEINUSE = 433,
    ERR_USERNOTINCHANNEL = 441,
    ERR_NOTONCHANNEL = 442,
    ERR_USERONCHANNEL = 443,
    ERR_NOTREGISTERED = 451,
    ERR_NEEDMOREPARAMS = 461,
    ERR_ALREADYREGISTERED = 462,
    ERR_PASSWDMISMATCH = 464,
    ERR_CHANNELISFULL = 471,
    ERR_UNKNOWNMODE = 472,
    ERR_INVITEONLYCHAN = 473,
    ERR_BADCHANMASK = 476,
    ERR_BANNEDFROMCHAN = 474,
    ERR_BADCHANNELKEY = 475,
    ERR_BANLISTFULL = 478,
    ERR_NOPRIVILEGES = 481,
    ERR_CHANOPRIVSNEEDED = 482,
    ERR_UMODEUNKNOWNFLAG = 501,
    ERR_USERSDONTMATCH = 502,
    ERR_HELPNOTFOUND = 524,
    ERR_INVALIDKEY = 525,
    ERR_INVALIDMODEPARAM = 696,
    RPL_HELPSTART = 704,
    RPL_HELPTXT = 705,
    RPL_ENDOFHELP = 706,
    RPL_MONONLINE = 730,
    RPL_MONOFFLINE = 731,
    RPL_MONLIST = 732,
    RPL_ENDOFMONLIST = 733,
    ERR_MONLISTFULL = 734,
};

enum {
    IRC_TARGETS_MAX = 4,   /* of PRIVMSG and NOTICE */
    IRC_KICKS_MAX = 4,     /* of KICK */
    IRC_ROOMS_MAX = 20,    /* of JOIN, PART and LIST */
    IRC_USERHOST_MAX = 5,  /* RFC 2812, 4.8 */
    IRC_WHOIS_MAX = 4,     /* nicks of WHOIS and WHOWAS */
    IRC_WHO_MAX = 500,     /* people that a mask may find for who is no operator */
    IRC_LOOKS_MAX = 512,   /* rows of a table that one step of a line may look at */
    IRC_ROW_NEEDED = 1024, /* bytes: one line of an answer, and its end */
    IRC_HISTORY_MAX = 100, /* messages that one CHATHISTORY is answered with */
    IRC_NAMES_WIDTH = 360, /* of a list: leaves room for the longest name with its host */
};

/* ":server NNN nick "; irc_numeric() also writes the rest, and the end of the line. */
void irc_put_numeric(const struct reader *reader, enum irc_numeric numeric, struct buf *out);
void irc_numeric(struct reader *reader, enum irc_numeric numeric, const char *format, ...)
    format_like(3, 4);
/* One line from the server, without a numeric: "CAP * LS :...". */
void irc_line(struct reader *reader, const char *format, ...) format_like(2, 3);

/* A standard reply about no command in particular (IRCv3): verb FAIL, WARN or NOTE; a NOTICE to who
 * did not ask for them. */
void irc_standard(struct reader *reader, const char *verb, const char *code, const char *format,
                  ...) format_like(4, 5);

/* irc_read.c: takes a line apart and cleans the parts, into `space` (three bytes for each of the
 * line) where they must be changed. False: there is no command in it. */
must_check bool irc_read(struct text line, struct buf *space, struct irc_message *out_message);

/* Handles one message; see struct front. */
int irc_command(struct reader *reader, const struct irc_message *message, struct buf *reason);
/* What a line of this command costs, in thousandths of a token. */
uint32_t irc_command_cost(struct text name);
void irc_answer_help(struct reader *reader, const struct wire_answer *answer);
/* Answers an outcome of the hub with the numeric that clients expect. */
void irc_refuse(struct reader *reader, int outcome, struct text what);

/* irc_register.c: what may be said before registration. */
int irc_run_nick(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_user(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_pass(struct reader *reader, const struct irc_message *message, struct buf *reason);

/* irc_rooms.c */
int irc_run_join(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_part(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_topic(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_names(struct reader *reader, const struct irc_message *message, struct buf *reason);

/* irc_talk.c */
int irc_run_privmsg(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_notice(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_tagmsg(struct reader *reader, const struct irc_message *message, struct buf *reason);

/* irc_monitor.c */
int irc_run_monitor(struct reader *reader, const struct irc_message *message, struct buf *reason);
bool irc_tell(struct reader *reader); /* see struct front */

/* irc_history.c */
int irc_run_chathistory(struct reader *reader, const struct irc_message *message,
                        struct buf *reason);
/* What the client wrote, as a parameter of an answer that is not the last one. */
struct text irc_quoted(struct text t);

/* irc_read_marker.c; the marker is told to who has just entered a room. */
int irc_run_markread(struct reader *reader, const struct irc_message *message, struct buf *reason);
void irc_put_marker(struct reader *reader, struct text target);

/* irc_search.c */
int irc_run_search(struct reader *reader, const struct irc_message *message, struct buf *reason);

/* irc_replay.c: what was, in a batch of its own for who knows batches. `ref` names the batch. */
void irc_open_replay(struct reader *reader, const char *ref, const char *type_and_target);
void irc_close_replay(struct reader *reader, const char *ref);
/* Writes the record as it was; false: there is no room for it and the end of the batch now. */
must_check bool irc_put_replayed(struct reader *reader, const char *ref,
                                 const struct record *record, uint32_t membership);
/* What follows the names on entering a room: begins it behind them, goes on with it. */
void irc_begin_replay(struct reader *reader, const struct wire_answer *answer);
void irc_answer_replay(struct reader *reader, const struct wire_answer *answer);

/* irc_modes.c */
int irc_run_mode(struct reader *reader, const struct irc_message *message, struct buf *reason);
void irc_answer_masks(struct reader *reader, const struct wire_answer *answer);

/* irc_user_modes.c: MODE of a nick */
void irc_run_user_mode(struct reader *reader, const struct irc_message *message);

/* irc_moderate.c */
int irc_run_kick(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_invite(struct reader *reader, const struct irc_message *message, struct buf *reason);

/* irc_who.c */
int irc_run_who(struct reader *reader, const struct irc_message *message, struct buf *reason);

/* irc_list.c */
int irc_run_list(struct reader *reader, const struct irc_message *message, struct buf *reason);

/* irc_server.c */
int irc_run_admin(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_info(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_links(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_lusers(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_motd(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_time(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_version(struct reader *reader, const struct irc_message *message, struct buf *reason);
/* How many are here: after the welcome, and to LUSERS. */
void irc_put_lusers(struct reader *reader);
/* Is this the name of the server, or of somebody who is on it? 402 if not. */
bool irc_is_here(struct reader *reader, struct text name);

/* irc_whois.c */
int irc_run_whois(struct reader *reader, const struct irc_message *message, struct buf *reason);

/* irc_oper.c */
int irc_run_oper(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_kill(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_wallops(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_rehash(struct reader *reader, const struct irc_message *message, struct buf *reason);

/* irc_stats.c */
int irc_run_stats(struct reader *reader, const struct irc_message *message, struct buf *reason);
void irc_answer_stats(struct reader *reader, const struct wire_answer *answer);

/* irc_queries.c */
int irc_run_whowas(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_ison(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_userhost(struct reader *reader, const struct irc_message *message, struct buf *reason);

/* irc_self.c */
int irc_run_setname(struct reader *reader, const struct irc_message *message, struct buf *reason);
int irc_run_away(struct reader *reader, const struct irc_message *message, struct buf *reason);
/* 301, if this person is away. */
void irc_put_away(struct reader *reader, uint32_t row);

/* irc_isupport.c */
void irc_put_isupport(struct reader *reader);

/* irc_caps.c */
int irc_run_cap(struct reader *reader, const struct irc_message *message, struct buf *reason);
const char *irc_nick_or_star(const struct reader *reader);
/* The welcome, when NICK, USER and the end of negotiation are all there. */
void irc_register_if_ready(struct reader *reader);

/* irc_labels.c: the label of a line that is to be answered with one; empty: it has none. */
struct text irc_label_of(const struct reader *reader, const struct irc_message *message);
/* Where an answer began in the page. */
struct irc_reply {
    size_t start, size;
};
/* Around what answers a line, and around each part of an answer whose batch is open. A labelled one
 * leaves room for the tags. */
struct irc_reply irc_reply_begin(struct reader *reader, bool is_labelled);
/* As if nothing had been written: the archive is asked first. */
void irc_reply_drop(struct reader *reader, const struct irc_reply *reply);
void irc_reply_end(struct reader *reader, const struct irc_reply *reply, struct text label,
                   bool is_last);
void irc_close_stale_batch(struct reader *reader);
/* Writes the lines again, each with the tag ahead; those that have tags already get one more. What
 * is in a batch stays in that one. */
void irc_tag_lines(struct buf *out, struct text lines, struct text tag);

/* irc_flood.c: what lines cost, and which of them do not wait; see struct front. */
uint32_t irc_cost(const struct exchange *exchange, uint32_t row, struct text line);
enum front_urgency irc_urgency(struct text line);
void irc_answer_urgent(struct reader *reader, struct text line);
void irc_put_pong(const struct reader *reader, struct buf *out, struct text token);

uint32_t irc_flavour_of(const struct reader *reader, const struct record *record,
                        struct place place);
uint32_t irc_view_of(const struct reader *reader, uint32_t membership);
/* Of a record that is history: one's own is shown as well. */
uint32_t irc_flavour_of_past(const struct reader *reader, const struct record *record,
                             uint32_t membership);
void irc_render(const struct exchange *exchange, const struct record *record, uint32_t flavour,
                struct buf *out);
void irc_continue_answer(struct reader *reader);
/* 332 and 333, or 331 with `say_none`. */
void irc_put_topic(struct reader *reader, const struct room *room, bool say_none);

/* "@", "+" or nothing, by enum membership_flag; both to who knows multi-prefix. */
void irc_put_prefix(const struct reader *reader, uint32_t rank, struct buf *out);
/* May the reader see that this person is in the room? Not somebody invisible, from outside. */
bool irc_sees_member(const struct reader *reader, bool is_inside, uint32_t person);

/* A walk through a table in steps of the line, which stays unconsumed and is read again each time,
 * so that others come in between. The place where it goes on lies with the connection. */
struct irc_walk {
    uint64_t at, n;    /* the command's: both 0 in the first step */
    uint32_t n_looked; /* rows, in this step */
};

struct irc_walk irc_walk_begin(const struct reader *reader);
/* To be asked before each row: false if it is for the next step. */
bool irc_walk_has_room(const struct reader *reader, struct irc_walk *walk);
/* Ends the step: returns FRONT_MORE. */
int irc_walk_pause(struct reader *reader, const struct irc_walk *walk);

/* The n-th (from 0) of a list separated by commas, in which empty items do not count; empty past
 * its end. */
struct text irc_list_item(struct text list, uint32_t n);
/* The item of this step of the line. */
struct text irc_step_item(struct reader *reader, struct text list);
/* FRONT_MORE if more of the list is to come after this step. Stops at the limit, which is told:
 * when a long answer is still to come, in a step behind it. */
int irc_next_step(struct reader *reader, struct text list, uint32_t most);
/* Is this that step? Then it has done its work. To be asked by commands that have long answers. */
bool irc_is_past_limit(struct reader *reader, struct text list, uint32_t most);

#endif
