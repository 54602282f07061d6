/* SPDX-License-Identifier: MIT */
/* One message of the IRC protocol: taking it apart. Pure; what is parsed borrows the line.
 * Source: RFC 1459 and 2812 section 2.3.1, IRCv3 message-tags, modern.ircdocs.horse. */
#ifndef LIB_IRC_H
#define LIB_IRC_H

#include "lib/text.h"

enum {
    IRC_PARAMS_MAX = 15, /* RFC 2812, 2.3 */
    IRC_LINE_MAX = 510,  /* bytes without tags and CR LF */
    IRC_TAGS_MAX = 8191, /* bytes of "@tags ", IRCv3 message-tags */
    IRC_CLIENT_TAGS_MAX = 4094
};

struct irc_message {
    struct text tags;   /* without '@'; empty if there are none */
    struct text source; /* without ':'; empty if there is none */
    struct text command;
    struct text params[IRC_PARAMS_MAX];
    int n_params;
};

enum irc_outcome {
    IRC_EMPTY = 1, /* nothing but spaces */
    IRC_MALFORMED, /* tags or source without a command */
};

/* `line` has no CR or LF. Runs of spaces separate; the parameter behind " :" or the 15th takes the
 * rest. Returns 0 or an outcome. */
must_check int irc_parse(struct text line, struct irc_message *out_message);

/* The value of a tag as it was sent, escaped; false if the tag is not there. Of one that is there
 * more than once, the last counts. */
bool irc_tag_raw(struct text tags, struct text key, struct text *out_value);
/* The value of a tag, unescaped into `out` (\: \s \\ \r \n). False if the tag is not there. */
bool irc_tag(struct text tags, struct text key, struct buf *out);

/* The nick of "nick!user@host"; the whole if there is no '!'. */
struct text irc_source_nick(struct text source);

/* "#tea": begins as rooms do on any server ('#', '&', '+', '!'; RFC 2811, 2.1). */
bool irc_is_room(struct text name);
/* Of "\001ACTION waves\001" leaves what is done (CTCP); false, and *text untouched: it is none. */
bool irc_cut_action(struct text *text);
/* '+' or '-' of "BATCH +REF" or "BATCH -REF" (IRCv3 batch), and REF; 0: the message is neither. */
char irc_batch_sign(const struct irc_message *message, struct text *out_ref);
/* Does it have the tag "batch=REF"? */
bool irc_is_in_batch(struct text tags, struct text ref);

/* Appends the client-only tags ("+typing=active;+example.org/x") as they were sent, without those
 * whose key is none (IRCv3 message-tags). */
void irc_client_tags(struct text tags, struct buf *out);

#endif
