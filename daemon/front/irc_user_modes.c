/* SPDX-License-Identifier: MIT */
/* MODE in IRC, of oneself: invisible (i), hears WALLOPS (w), operator of the server (o), a program
 * (B, IRCv3 bot mode). Nobody else hears of it. Source: modern.ircdocs.horse, "User Modes". */
#include "front/irc.h"

#include "chat/people.h"
#include "chat/records.h"

struct irc_user_mode {
    char letter;
    uint32_t flag;
};

static const struct irc_user_mode IRC_USER_MODE_LETTERS[] = {
    { 'i', PERSON_INVISIBLE },
    { 'w', PERSON_WALLOPS },
    { 'o', PERSON_OPERATOR },
    { 'B', PERSON_BOT },
};

static uint32_t irc_user_mode_flag(char letter)
{
    for (size_t i = 0; i < ARRAY_SIZE(IRC_USER_MODE_LETTERS); i++) {
        if (IRC_USER_MODE_LETTERS[i].letter == letter) {
            return IRC_USER_MODE_LETTERS[i].flag;
        }
    }
    return 0;
}

/* The letters of these flags, behind `sign`; nothing if there are none. */
static void irc_put_user_letters(uint32_t flags, char sign, struct buf *out)
{
    bool is_begun = false;

    for (size_t i = 0; i < ARRAY_SIZE(IRC_USER_MODE_LETTERS); i++) {
        if (!(flags & IRC_USER_MODE_LETTERS[i].flag)) {
            continue;
        }
        if (!is_begun) {
            buf_char(out, sign);
        }
        is_begun = true;
        buf_char(out, IRC_USER_MODE_LETTERS[i].letter);
    }
}

static void irc_put_user_modes(struct reader *reader)
{
    char space[16];
    struct buf letters = buf_over(space, sizeof(space));

    irc_put_user_letters(reader_person(reader)->flags, '+', &letters);
    irc_numeric(reader, RPL_UMODEIS, "%.*s",
                TEXT_ARG(letters.len > 0 ? buf_text(&letters) : TEXT("+")));
}

/* What the flags are after these letters. Nobody becomes an operator by MODE: OPER does that. */
static uint32_t irc_user_flags_after(uint32_t flags, struct text letters, bool *out_is_unknown)
{
    bool is_on = true;

    *out_is_unknown = false;
    for (size_t i = 0; i < letters.len; i++) {
        uint32_t flag = irc_user_mode_flag(letters.at[i]);

        if (letters.at[i] == '+' || letters.at[i] == '-') {
            is_on = letters.at[i] == '+';
        } else if (flag == 0) {
            *out_is_unknown = true;
        } else if (!is_on) {
            flags &= ~flag;
        } else if (flag != PERSON_OPERATOR) {
            flags |= flag;
        }
    }
    return flags;
}

static void irc_change_user_modes(struct reader *reader, struct text letters)
{
    struct hub *hub = reader_hub(reader);
    uint32_t before = reader_person(reader)->flags;
    bool is_unknown;
    uint32_t after = irc_user_flags_after(before, letters, &is_unknown);
    char space[SOURCE_SIZE], changed_space[16];
    struct buf source = buf_over(space, sizeof(space));
    struct buf changed = buf_over(changed_space, sizeof(changed_space));

    if (is_unknown) {
        irc_numeric(reader, ERR_UMODEUNKNOWNFLAG, ":Unknown MODE flag");
    }
    if (after == before) {
        return;
    }
    people_set_mode(hub, reader->row, after & ~before, true);
    people_set_mode(hub, reader->row, before & ~after, false);
    people_source(hub, reader->row, &source);
    irc_put_user_letters(after & ~before, '+', &changed);
    irc_put_user_letters(before & ~after, '-', &changed);
    buf_format(output_private(reader), ":%s!%.*s MODE %s :%.*s\r\n", reader_person(reader)->nick,
               TEXT_ARG(buf_text(&source)), reader_person(reader)->nick,
               TEXT_ARG(buf_text(&changed)));
}

void irc_run_user_mode(struct reader *reader, const struct irc_message *message)
{
    struct text nick = message->params[0];

    if (text_equal_nocase(nick, text_of(reader_person(reader)->nick))) {
        if (message->n_params < 2 || message->params[1].len == 0) {
            irc_put_user_modes(reader);
        } else {
            irc_change_user_modes(reader, message->params[1]);
        }
    } else if (people_find_registered(reader_hub(reader), nick) != 0) {
        irc_numeric(reader, ERR_USERSDONTMATCH, ":Can't change mode for other users");
    } else {
        irc_refuse(reader, CHAT_NO_PERSON, nick);
    }
}
