/* SPDX-License-Identifier: MIT */
/* Commands about people: names, talking, being away. */
#include "front/line.h"

#include "chat/people.h"
#include "chat/rooms.h"
#include "chat/talk.h"
#include "lib/irc_format.h"
#include "lib/utf8.h"

int line_run_nick(struct reader *reader, struct text args, struct buf *reason)
{
    struct text name = text_cut_word(&args);
    int r = people_rename(reader_hub(reader), reader->row, name, reader->exchange->now);

    (void)reason;
    if (r != 0) {
        line_refuse(reader, r, name);
    }
    return FRONT_DONE;
}

void line_put_away(struct reader *reader, uint32_t row)
{
    const struct person *person = hub_person(reader_hub(reader), row);
    char space[AWAY_MAX], clean_space[AWAY_MAX];
    struct buf why = buf_over(space, sizeof(space));
    struct buf clean = buf_over(clean_space, sizeof(clean_space));

    if (!(person->flags & PERSON_AWAY)) {
        return;
    }
    state_get_text(reader_hub(reader)->state, person->away, &why);
    irc_format_strip(buf_text(&why), &clean);
    line_say(reader, "%s %s away (%.*s)", row == reader->row ? "you" : person->nick,
             row == reader->row ? "are" : "is", TEXT_ARG(buf_text(&clean)));
}

/* Says it in a room, which an '@' or a '+' may stand before: to those who have that rank. */
static int line_msg_to_room(struct reader *reader, struct text where, uint32_t least,
                            struct text text)
{
    struct hub *hub = reader_hub(reader);
    uint32_t room = rooms_find_known(hub, reader->row, where);
    struct utterance utterance = { .kind = RECORD_SAID, .text = text, .least = least };
    int r = CHAT_NO_ROOM;

    if (room != 0) {
        r = talk_in_room(hub, reader->row, room, &utterance, reader->exchange->now);
    }
    if (r != 0) {
        line_refuse(reader, r, where);
    }
    return FRONT_DONE;
}

static int line_msg_to_person(struct reader *reader, struct text nick, struct text text)
{
    struct hub *hub = reader_hub(reader);
    uint32_t target = people_find_registered(hub, nick);
    struct utterance utterance = { .kind = RECORD_SAID, .text = text };
    int r = CHAT_NO_PERSON;

    if (target != 0) {
        r = talk_to(hub, reader->row, target, &utterance, reader->exchange->now);
    }
    if (r != 0) {
        line_refuse(reader, r, nick);
    } else {
        line_put_away(reader, target);
    }
    return FRONT_DONE;
}

int line_run_msg(struct reader *reader, struct text args, struct buf *reason)
{
    struct text to = text_cut_word(&args);
    struct text room = { .at = to.at + 1, .len = to.len - 1 };

    (void)reason;
    if (text_starts_with(to, TEXT("#"))) {
        return line_msg_to_room(reader, to, 0, args);
    }
    if (text_starts_with(to, TEXT("@#"))) {
        return line_msg_to_room(reader, room, MEMBER_OPERATOR, args);
    }
    if (text_starts_with(to, TEXT("+#"))) {
        return line_msg_to_room(reader, room, MEMBER_VOICE, args);
    }
    return line_msg_to_person(reader, to, args);
}

int line_run_me(struct reader *reader, struct text args, struct buf *reason)
{
    struct text none = TEXT_NONE;
    uint32_t room = line_room_named(reader, &none);
    int r;

    (void)reason;
    if (room == 0) {
        return FRONT_DONE;
    }
    r = talk_in_room(reader_hub(reader), reader->row, room,
                     &(struct utterance){ .kind = RECORD_ACTION, .text = args },
                     reader->exchange->now);
    if (r != 0) {
        line_refuse(reader, r, text_of(hub_room(reader_hub(reader), room)->name));
    }
    return FRONT_DONE;
}

int line_run_away(struct reader *reader, struct text args, struct buf *reason)
{
    int r;

    (void)reason;
    args.len = utf8_fit(args, AWAY_MAX);
    if (args.len == 0 && !(reader_person(reader)->flags & PERSON_AWAY)) {
        line_say(reader, "you are not away");
        return FRONT_DONE;
    }
    r = people_set_away(reader_hub(reader), reader->row, args, reader->exchange->now);
    if (r != 0) {
        line_refuse(reader, r, args);
    }
    return FRONT_DONE;
}

int line_run_back(struct reader *reader, struct text args, struct buf *reason)
{
    (void)args;
    return line_run_away(reader, TEXT_NONE, reason);
}
