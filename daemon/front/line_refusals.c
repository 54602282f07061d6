/* SPDX-License-Identifier: MIT */
/* Why something was not done, in words: what IRC says in numerics and mode letters. */
#include "front/line.h"

#include "lib/utf8.h"

/* "AHEAD what was named BEHIND"; without `behind` what was named is not said again. */
struct line_refusal {
    const char *ahead;
    const char *behind;
    bool is_about_room; /* what is named is the room, if there is a choice */
};

/* clang-format off */
static const struct line_refusal LINE_REFUSALS[CHAT_OUTCOMES] = {
    [CHAT_NAME_TAKEN]     = { "",                          " is taken; choose another name", false },
    [CHAT_NAME_RESERVED]  = { "",                          " is a guest's name; choose one of your own", false },
    [CHAT_NAME_SAME]      = { "you are ",                  " already", false },
    [CHAT_NO_ROOM]        = { "there is no room ",         "", true },
    [CHAT_NO_PERSON]      = { "nobody is called ",         "", false },
    [CHAT_NOT_MEMBER]     = { "you are not in ",           "", true },
    [CHAT_ALREADY_MEMBER] = { "you are in ",               " already", true },
    [CHAT_FULL]           = { "there is no room for that now, please try later", NULL, false },
    [CHAT_NO_TEXT]        = { "there is nothing in it",    NULL, false },
    [CHAT_TEXT_TOO_LONG]  = { "that is too long, and was not taken", NULL, false },
    [CHAT_NOT_OPERATOR]   = { "only operators of ",        " may do that; /who shows who they are", true },
    [CHAT_NOT_PRIVILEGED] = { "only operators of the server may do that", NULL, false },
    [CHAT_BANNED]         = { "you are banned from ",      "; only somebody who runs it can change that", true },
    [CHAT_INVITE_ONLY]    = { "",                          " is for those who are invited; ask somebody there to /invite you", true },
    [CHAT_WRONG_KEY]      = { "",                          " is locked: /join #ROOM KEY opens it", true },
    [CHAT_ROOM_FULL]      = { "",                          " is full; try again when somebody has left", true },
    [CHAT_MODERATED]      = { "nobody heard that: ",       " is moderated, and you have no voice in it", true },
    [CHAT_SILENCED]       = { "nobody heard that: you are banned from ", "", true },
    [CHAT_NO_EXTERNAL]    = { "nobody heard that: you are not in ", "; /join it first", true },
    [CHAT_TARGET_ABSENT]  = { "",                          " is not in that room", false },
    [CHAT_TARGET_THERE]   = { "",                          " is there already", false },
    [CHAT_UNKNOWN_MODE]   = { "there is no mode ",         "; /mode without letters shows what is set", false },
    [CHAT_NO_ARGUMENT]    = { "the mode ",                 " needs something behind it: a name, a mask, a key or a number", false },
    [CHAT_BAD_ARGUMENT]   = { "",                          " can't stand there: it is too long, or of another form", false },
    [CHAT_LIST_FULL]      = { "that list is full; take something off it first", NULL, false },
};
/* clang-format on */

/* The outcomes whose words have a number in them; false: it is none of these. */
static bool line_refuse_by_limit(struct reader *reader, int outcome, struct text what)
{
    int len = (int)utf8_fit(what, ROOM_NAME_MAX);

    if (outcome == CHAT_BAD_NAME) {
        line_say(reader,
                 "\"%.*s\" can't be a name: at most %d letters, digits and -_, and a letter "
                 "first",
                 len, what.at, NICK_MAX);
    } else if (outcome == CHAT_BAD_ROOM) {
        line_say(reader,
                 "\"%.*s\" can't be a room: # and at most %d letters, without spaces and "
                 "commas",
                 len, what.at, ROOM_NAME_MAX - 1);
    } else if (outcome == CHAT_TOO_MANY_ROOMS) {
        line_say(reader, "you are in %u rooms, which is the limit; /leave one first",
                 reader->exchange->rooms_per_person);
    } else {
        return false;
    }
    return true;
}

void line_refuse(struct reader *reader, int outcome, struct text what)
{
    const struct line_refusal *refusal = &LINE_REFUSALS[outcome];

    if (line_refuse_by_limit(reader, outcome, what)) {
        return;
    }
    if (refusal->behind == NULL) {
        line_say(reader, "%s", refusal->ahead);
        return;
    }
    line_say(reader, "%s%.*s%s", refusal->ahead, (int)utf8_fit(what, ROOM_NAME_MAX), what.at,
             refusal->behind);
}

void line_refuse_in(struct reader *reader, int outcome, uint32_t room, struct text what)
{
    bool is_about_room = LINE_REFUSALS[outcome].is_about_room;

    line_refuse(reader, outcome,
                is_about_room ? text_of(hub_room(reader_hub(reader), room)->name) : what);
}
