/* SPDX-License-Identifier: MIT */
/* LIST: all rooms, some by name, or those of a size (ELIST=U). All of them are a long answer, whose
 * `until` holds the bounds: the fewest members in its low half, the most in its high half. */
#include "front/irc.h"

#include "chat/rooms.h"
#include "lib/utf8.h"

enum { LIST_HALF = 32 };

static void irc_put_room(struct reader *reader, const struct room *room)
{
    char space[TOPIC_MAX];
    struct buf topic = buf_over(space, sizeof(space));

    state_get_text(reader_hub(reader)->state, room->topic, &topic);
    irc_numeric(reader, RPL_LIST, "%s %u :%.*s", room->name, room->n_members,
                TEXT_ARG(buf_text(&topic)));
}

void irc_answer_list(struct reader *reader, const struct wire_answer *answer)
{
    const struct state *state = reader_hub(reader)->state;
    uint32_t least = (uint32_t)answer->until;
    uint32_t most = (uint32_t)(answer->until >> LIST_HALF);

    for (uint32_t row = (uint32_t)answer->at + 1; row < state->header->sizes.rooms; row++) {
        const struct room *room = &state->rooms[row];

        if (room->id == 0 || room->n_members < least || room->n_members > most) {
            continue;
        }
        if (buf_space(&reader->output) < IRC_ROW_NEEDED) {
            output_set_answer(reader, IRC_ANSWER_LIST, 0, row - 1, answer->until);
            return;
        }
        irc_put_room(reader, room);
    }
    irc_numeric(reader, RPL_LISTEND, ":End of /LIST");
    output_set_answer(reader, 0, 0, 0, 0);
}

/* One room a step. */
static int irc_list_named(struct reader *reader, struct text names)
{
    uint32_t room =
        rooms_find(reader_hub(reader), irc_list_item(names, reader_wire(reader)->in.step));
    int r;

    if (room != 0) {
        irc_put_room(reader, hub_room(reader_hub(reader), room));
    }
    r = irc_next_step(reader, names, IRC_ROOMS_MAX);
    if (r == FRONT_DONE) {
        irc_numeric(reader, RPL_LISTEND, ":End of /LIST");
    }
    return r;
}

/* ">3" and "<10": more, and fewer, than so many members. What else there is of ELIST is passed
 * over; that it is not known, 005 says. */
static uint64_t irc_list_bounds(struct text conditions)
{
    uint64_t least = 0, most = UINT32_MAX, n;

    while (conditions.len > 0) {
        struct text item = text_cut(&conditions, ',');
        char sign = item.len > 1 ? item.at[0] : ',';

        if ((sign != '>' && sign != '<') ||
            !text_number((struct text){ item.at + 1, item.len - 1 }, INT32_MAX, &n)) {
            continue;
        }
        if (sign == '>') {
            least = n + 1;
        } else {
            most = n > 0 ? n - 1 : 0;
        }
    }
    return least | most << LIST_HALF;
}

int irc_run_list(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct text what = message->n_params > 0 ? message->params[0] : TEXT_NONE;
    struct text first = irc_list_item(what, 0);

    (void)reason;
    if (reader_wire(reader)->in.step == 0) {
        irc_numeric(reader, RPL_LISTSTART, "Channel :Users Name");
    }
    if (first.len > 0 && first.at[0] == '#') {
        return irc_list_named(reader, what);
    }
    output_set_answer(reader, IRC_ANSWER_LIST, 0, 0, irc_list_bounds(what));
    return FRONT_DONE;
}
