/* SPDX-License-Identifier: MIT */
/* Operators of the server on the line front end. */
#include "front/line.h"

#include "chat/people.h"
#include "chat/talk.h"

int line_run_oper(struct reader *reader, struct text args, struct buf *reason)
{
    struct text name = text_cut_word(&args);
    struct operator_account account;
    int r = operator_login(reader, name, args, &account);

    (void)reason;
    if (r != 0) {
        line_say(reader, "%s",
                 r == OPERATOR_BUSY ? "too many wrong passwords just now: try again in a moment"
                                    : "that is no name and password of an operator from here");
        return FRONT_DONE;
    }
    line_say(reader, "you are an operator of the server now: /kill and /wallops are yours, and "
                     "every room obeys you");
    if (account.host.len > 0) {
        line_say(reader, "others see you at %.*s from now on", TEXT_ARG(account.host));
    }
    return FRONT_DONE;
}

int line_run_kill(struct reader *reader, struct text args, struct buf *reason)
{
    struct text nick = text_cut_word(&args);
    uint32_t target = people_find_registered(reader_hub(reader), nick);
    bool may = (reader_person(reader)->flags & PERSON_OPERATOR) != 0;
    int r = may ? CHAT_NO_PERSON : CHAT_NOT_PRIVILEGED;

    (void)reason;
    if (may && target != 0) {
        r = operator_kill(reader, target, args);
    }
    if (r != 0) {
        line_refuse(reader, r, nick);
    } else if (target != reader->row) {
        line_say(reader, "%s is thrown off the server",
                 hub_person(reader_hub(reader), target)->nick);
    }
    return FRONT_DONE;
}

int line_run_wallops(struct reader *reader, struct text args, struct buf *reason)
{
    struct hub *hub = reader_hub(reader);
    uint32_t step = reader_wire(reader)->in.step;
    int r = talk_wallops(hub, reader->row, args, step, reader->exchange->now);

    (void)reason;
    if (r != 0) {
        line_refuse(reader, r, TEXT_NONE);
        return FRONT_DONE;
    }
    if (!talk_wallops_is_last(hub, step)) {
        return FRONT_MORE;
    }
    line_say(reader, "those who listen to operators have been told");
    return FRONT_DONE;
}
