/* SPDX-License-Identifier: MIT */
/* The IRC front end: the functions of struct front, and how it answers. */
#include "front/irc.h"

#include "chat/names.h"
#include "chat/people.h"
#include "chat/rooms.h"
#include "front/foreign.h"
#include "lib/utf8.h"

const char *irc_nick_or_star(const struct reader *reader)
{
    const struct person *person = reader_person(reader);

    return person->nick[0] != '\0' ? person->nick : "*";
}

void irc_line(struct reader *reader, const char *format, ...)
{
    struct buf *out = output_private(reader);
    va_list arguments;

    buf_format(out, ":%s ", reader->exchange->server_name);
    va_start(arguments, format);
    buf_vformat(out, format, arguments);
    va_end(arguments);
    buf_text_put(out, TEXT("\r\n"));
}

/* Not by a format: somebody who comes is told a dozen. */
void irc_put_numeric(const struct reader *reader, enum irc_numeric numeric, struct buf *out)
{
    buf_char(out, ':');
    buf_text_put(out, text_of(reader->exchange->server_name));
    buf_char(out, ' ');
    buf_char(out, (char)('0' + numeric / 100));
    buf_char(out, (char)('0' + numeric / 10 % 10));
    buf_char(out, (char)('0' + numeric % 10));
    buf_char(out, ' ');
    buf_text_put(out, text_of(irc_nick_or_star(reader)));
    buf_char(out, ' ');
}

void irc_numeric(struct reader *reader, enum irc_numeric numeric, const char *format, ...)
{
    struct buf *out = output_private(reader);
    va_list arguments;

    irc_put_numeric(reader, numeric, out);
    va_start(arguments, format);
    buf_vformat(out, format, arguments);
    va_end(arguments);
    buf_text_put(out, TEXT("\r\n"));
}

void irc_standard(struct reader *reader, const char *verb, const char *code, const char *format,
                  ...)
{
    bool is_known = (reader_person(reader)->caps & IRC_CAP_STANDARD_REPLIES) != 0;
    struct buf *out = output_private(reader);
    va_list arguments;

    buf_format(out, ":%s %s %s%s :", reader->exchange->server_name, is_known ? verb : "NOTICE",
               is_known ? "* " : irc_nick_or_star(reader), is_known ? code : "");
    va_start(arguments, format);
    buf_vformat(out, format, arguments);
    va_end(arguments);
    buf_text_put(out, TEXT("\r\n"));
}

struct irc_refusal {
    enum irc_numeric numeric;
    const char *words;
};

/* By enum chat_outcome. */
static const struct irc_refusal IRC_REFUSALS[CHAT_OUTCOMES] = {
    [CHAT_BAD_NAME] = { ERR_ERRONEUSNICKNAME, "Erroneous nickname" },
    [CHAT_NAME_TAKEN] = { ERR_NICKNAMEINUSE, "Nickname is already in use" },
    [CHAT_NAME_RESERVED] = { ERR_ERRONEUSNICKNAME, "That is a guest's nickname" },
    [CHAT_NAME_SAME] = { ERR_NICKNAMEINUSE, "That is your nickname already" },
    [CHAT_BAD_ROOM] = { ERR_BADCHANMASK, "Bad channel name" },
    [CHAT_NO_ROOM] = { ERR_NOSUCHCHANNEL, "No such channel" },
    [CHAT_NO_PERSON] = { ERR_NOSUCHNICK, "No such nick" },
    [CHAT_NOT_MEMBER] = { ERR_NOTONCHANNEL, "You are not in that channel" },
    [CHAT_ALREADY_MEMBER] = { ERR_NOTONCHANNEL, "You're on that channel already" },
    [CHAT_TOO_MANY_ROOMS] = { ERR_TOOMANYCHANNELS, "You have joined too many channels" },
    [CHAT_FULL] = { ERR_TOOMANYCHANNELS, "There is no room for that now" },
    [CHAT_NO_TEXT] = { ERR_NOTEXTTOSEND, "No text to send" },
    [CHAT_TEXT_TOO_LONG] = { ERR_INPUTTOOLONG, "Text is too long" },
    [CHAT_NOT_OPERATOR] = { ERR_CHANOPRIVSNEEDED, "You're not a channel operator" },
    [CHAT_NOT_PRIVILEGED] = { ERR_NOPRIVILEGES, "Permission Denied- You're not an IRC operator" },
    [CHAT_BANNED] = { ERR_BANNEDFROMCHAN, "Cannot join channel (+b) - you are banned" },
    [CHAT_INVITE_ONLY] = { ERR_INVITEONLYCHAN, "Cannot join channel (+i) - you must be invited" },
    [CHAT_WRONG_KEY] = { ERR_BADCHANNELKEY, "Cannot join channel (+k) - bad key" },
    [CHAT_ROOM_FULL] = { ERR_CHANNELISFULL, "Cannot join channel (+l) - channel is full" },
    [CHAT_MODERATED] = { ERR_CANNOTSENDTOCHAN, "Cannot send to channel (+m)" },
    [CHAT_SILENCED] = { ERR_CANNOTSENDTOCHAN, "Cannot send to channel (+b) - you are banned" },
    [CHAT_NO_EXTERNAL] = { ERR_CANNOTSENDTOCHAN, "Cannot send to channel (+n)" },
    [CHAT_TARGET_ABSENT] = { ERR_USERNOTINCHANNEL, "They aren't on that channel" },
    [CHAT_TARGET_THERE] = { ERR_USERONCHANNEL, "is already on channel" },
    [CHAT_UNKNOWN_MODE] = { ERR_UNKNOWNMODE, "is unknown mode char to me" },
    [CHAT_NO_ARGUMENT] = { ERR_NEEDMOREPARAMS, "Not enough parameters" },
    [CHAT_BAD_ARGUMENT] = { ERR_INVALIDMODEPARAM, "Invalid mode parameter" },
    [CHAT_LIST_FULL] = { ERR_BANLISTFULL, "Channel list is full" },
};

void irc_refuse(struct reader *reader, int outcome, struct text what)
{
    const struct irc_refusal *refusal = &IRC_REFUSALS[outcome];
    struct text word = text_cut_word(&what);

    if (outcome == CHAT_NO_TEXT || word.len == 0) {
        irc_numeric(reader, refusal->numeric, ":%s", refusal->words);
        return;
    }
    irc_numeric(reader, refusal->numeric, "%.*s :%s", (int)utf8_fit(word, ROOM_NAME_SIZE), word.at,
                refusal->words);
}

/* ---- struct front ---- */

static uint32_t irc_line_max(const struct exchange *exchange)
{
    (void)exchange;
    return IRC_TAGS_MAX + IRC_LINE_MAX;
}

/* What is said comes back at most once, without tags of the client; a label may put tags into it.
 */
static size_t irc_room(struct text line)
{
    return text_starts_with(line, TEXT("PRIVMSG ")) || text_starts_with(line, TEXT("NOTICE "))
               ? TALK_ROOM
               : REPLY_ROOM;
}

static void irc_arrive(struct reader *reader)
{
    (void)reader; /* an IRC client speaks first */
}

/* Text that is no UTF-8 goes on all the same. Source: IRCv3 utf8-only. */
static void irc_warn_of_bytes(struct reader *reader, struct text command)
{
    irc_line(reader,
             "WARN %.*s INVALID_UTF8 :Your message was not UTF-8, and goes on with U+FFFD in it",
             (int)utf8_fit(command, NAME_SIZE), command.at);
}

static int irc_run_message(struct reader *reader, const struct irc_message *message, bool is_valid,
                           struct buf *reason)
{
    if (!is_valid && reader_wire(reader)->in.step == 0 &&
        (reader_person(reader)->caps & IRC_CAP_STANDARD_REPLIES)) {
        irc_warn_of_bytes(reader, message->command);
    }
    return irc_command(reader, message, reason);
}

/* Handles the message; what a labelled one is answered with is labelled. */
static int irc_answer_line(struct reader *reader, const struct irc_message *message, bool is_valid,
                           struct buf *reason)
{
    struct text label = irc_label_of(reader, message);
    struct irc_reply reply;
    int r;

    irc_close_stale_batch(reader);
    reply = irc_reply_begin(reader, label.len > 0);
    r = irc_run_message(reader, message, is_valid, reason);
    if (r == FRONT_ASKS) {
        irc_reply_drop(reader, &reply);
    } else if (label.len > 0) {
        irc_reply_end(reader, &reply, label,
                      r != FRONT_MORE && reader_wire(reader)->answer.kind == 0);
    }
    return r;
}

/* A browser would go on with what a web page made up, commands perhaps. */
static bool irc_is_foreign(const struct reader *reader, struct text line, struct buf *reason)
{
    enum foreign foreign =
        reader_wire(reader)->in.consumed == 0 ? foreign_find(line) : FOREIGN_NONE;

    if (foreign == FOREIGN_NONE || foreign == FOREIGN_IRC) {
        return false;
    }
    buf_format(reason, "this is IRC and not %s", foreign_name(foreign));
    return true;
}

static int irc_take_line(struct reader *reader, struct text line, struct buf *reason)
{
    char space[(IRC_TAGS_MAX + IRC_LINE_MAX) * UTF8_REPLACEMENT_BYTES];
    struct buf clean = buf_over(space, sizeof(space));
    struct irc_message message;
    struct text tags = TEXT_NONE, rest = line;

    if (irc_is_foreign(reader, line, reason)) {
        return FRONT_QUIT;
    }
    if (line.len > 0 && line.at[0] == '@') {
        tags = text_cut(&rest, ' ');
    }
    if (rest.len > IRC_LINE_MAX || tags.len > IRC_CLIENT_TAGS_MAX + 1) { /* with the '@' */
        irc_numeric(reader, ERR_INPUTTOOLONG, ":Input line was too long");
        return FRONT_DONE;
    }
    if (!irc_read(line, &clean, &message)) {
        return FRONT_DONE;
    }
    return irc_answer_line(reader, &message, utf8_is_valid(line), reason);
}

/* A part of a long answer; all parts of a labelled one stand in its batch. */
static void irc_answer(struct reader *reader)
{
    struct irc_reply reply;

    if (reader_wire(reader)->out.batch == 0) {
        irc_continue_answer(reader);
        return;
    }
    reply = irc_reply_begin(reader, true);
    irc_continue_answer(reader);
    if (reader->exchange->asked != NULL) {
        irc_reply_drop(reader, &reply);
        return;
    }
    irc_reply_end(reader, &reply, TEXT_NONE,
                  reader_wire(reader)->answer.kind == 0 && reader_wire(reader)->in.step == 0);
}

static void irc_line_too_long(struct reader *reader)
{
    irc_numeric(reader, ERR_INPUTTOOLONG, ":Input line was too long");
}

static void irc_line_refused(struct reader *reader)
{
    irc_standard(reader, "FAIL", "LINE_REFUSED",
                 "your last line made the server fail, and was refused");
}

static void irc_lost(struct reader *reader, uint64_t n)
{
    irc_standard(reader, "WARN", "MESSAGES_LOST", "you missed %llu %s while you were not reading",
                 (unsigned long long)n, n == 1 ? "message" : "messages");
}

static void irc_say(struct reader *reader, const char *words)
{
    irc_line(reader, "NOTICE %s :%s", reader_person(reader)->nick, words);
}

static void irc_flooding(struct reader *reader)
{
    irc_standard(reader, "NOTE", "LINES_DELAYED",
                 "more than %u lines a second: yours are delayed, none is lost",
                 reader->exchange->lines_per_second);
}

static void irc_idle(struct reader *reader, uint32_t seconds_left)
{
    irc_standard(reader, "WARN", "IDLE",
                 "you have been quiet for long; say something in the next %u seconds to stay",
                 seconds_left);
}

static void irc_ping(struct reader *reader)
{
    buf_format(output_private(reader), "PING :%s\r\n", reader->exchange->server_name);
}

static void irc_farewell(struct reader *reader, struct text reason)
{
    buf_format(output_private(reader), "ERROR :Closing link%s%.*s\r\n", reason.len > 0 ? ": " : "",
               TEXT_ARG(reason));
}

const struct front front_irc = {
    .name = "irc",
    .is_telnet = false,
    .pings = true,
    .line_max = irc_line_max,
    .room = irc_room,
    .flavour = irc_flavour_of,
    .view = irc_view_of,
    .render = irc_render,
    .lost = irc_lost,
    .arrive = irc_arrive,
    .line = irc_take_line,
    .cost = irc_cost,
    .urgency = irc_urgency,
    .urgent = irc_answer_urgent,
    .line_too_long = irc_line_too_long,
    .line_refused = irc_line_refused,
    .answer = irc_answer,
    .tell = irc_tell,
    .say = irc_say,
    .flooding = irc_flooding,
    .idle = irc_idle,
    .ping = irc_ping,
    .farewell = irc_farewell,
};
