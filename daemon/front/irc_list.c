/* SPDX-License-Identifier: MIT */
/* LIST: rooms by name, or all that fulfil every condition (ELIST=CMNTU): masks, the number of
 * members, how long ago they came into being or got their topic. The latter is a walk: see struct
 * irc_walk. Source: modern.ircdocs.horse, LIST and ELIST. */
#include "front/irc.h"

#include "chat/permissions.h"
#include "chat/rooms.h"
#include "chat/talk.h"
#include "lib/mask.h"
#include "lib/utf8.h"

enum { LIST_MINUTE_MS = 60000, LIST_MINUTES_MAX = 100000000 };

/* At least `low`, less than `high`. */
struct irc_between {
    uint64_t low, high;
    bool is_asked;
};

struct irc_list {
    struct irc_between members, created, topic; /* the latter two: real time */
    struct text conditions;                     /* borrowed; masks among them */
};

static void irc_put_room(struct reader *reader, const struct room *room)
{
    char space[TOPIC_MAX];
    struct buf topic = buf_over(space, sizeof(space));

    state_get_text(reader_hub(reader)->state, room->topic, &topic);
    irc_numeric(reader, RPL_LIST, "%s %u :%.*s", room->name, room->n_members,
                TEXT_ARG(buf_text(&topic)));
}

static int irc_end_list(struct reader *reader)
{
    irc_numeric(reader, RPL_LISTEND, ":End of /LIST");
    return FRONT_DONE;
}

/* ---- conditions ---- */

/* The '<' or '>' of a condition that compares, which stands first or behind C or T; else 0. */
static char irc_list_sign(struct text item)
{
    size_t at = item.len > 1 && (text_lower(item.at[0]) == 'c' || text_lower(item.at[0]) == 't');

    return (char)(item.len > at && (item.at[at] == '<' || item.at[at] == '>') ? item.at[at] : '\0');
}

/* More than n, or less. */
static void irc_narrow(struct irc_between *between, bool is_more, uint64_t n)
{
    between->is_asked = true;
    if (is_more) {
        between->low = u64_max(between->low, n + 1);
    } else {
        between->high = u64_min(between->high, n);
    }
}

/* ">3", "C<60": what is older is less in time. One without a number is passed over. */
static void irc_read_condition(struct irc_list *list, struct text item, uint64_t real_ms)
{
    char what = text_lower(item.at[0]);
    bool is_timed = what == 'c' || what == 't';
    bool is_more = irc_list_sign(item) == '>';
    struct text number = { item.at + 1 + is_timed, item.len - 1 - is_timed };
    uint64_t n;

    if (!text_number(number, LIST_MINUTES_MAX, &n)) {
        return;
    }
    if (!is_timed) {
        irc_narrow(&list->members, is_more, n);
    } else {
        irc_narrow(what == 'c' ? &list->created : &list->topic, !is_more,
                   real_ms - u64_min(real_ms, n * LIST_MINUTE_MS));
    }
}

static struct irc_list irc_read_list(const struct reader *reader, struct text conditions)
{
    static const struct irc_between anything = { .low = 0, .high = UINT64_MAX };
    struct irc_list list = {
        .members = anything, .created = anything, .topic = anything, .conditions = conditions
    };

    while (conditions.len > 0) {
        struct text item = text_cut(&conditions, ',');

        if (irc_list_sign(item) != '\0') {
            irc_read_condition(&list, item, reader->exchange->now.real_ms);
        }
    }
    return list;
}

static bool irc_is_between(const struct irc_between *between, uint64_t value)
{
    return !between->is_asked || (value >= between->low && value < between->high);
}

/* "*tea*", "!*coffee*" */
static bool irc_fits_masks(const struct irc_list *list, struct text name)
{
    struct text rest = list->conditions;

    while (rest.len > 0) {
        struct text mask = text_cut(&rest, ',');
        bool is_not = mask.len > 1 && mask.at[0] == '!';

        if (mask.len == 0 || irc_list_sign(mask) != '\0') {
            continue;
        }
        if (mask_match((struct text){ mask.at + is_not, mask.len - is_not }, name) == is_not) {
            return false;
        }
    }
    return true;
}

static bool irc_is_listed(const struct reader *reader, const struct irc_list *list, uint32_t row)
{
    const struct room *room = hub_room(reader_hub(reader), row);

    return room->id != 0 && irc_is_between(&list->members, room->n_members) &&
           irc_is_between(&list->created, room->born_ms) &&
           (!list->topic.is_asked ||
            (room->topic != 0 && irc_is_between(&list->topic, room->topic_ms))) &&
           irc_fits_masks(list, text_of(room->name)) &&
           may_know_of(reader_hub(reader), reader->row, row);
}

/* walk.at: row of the last room looked at. */
static int irc_list_all(struct reader *reader, struct text conditions)
{
    uint32_t n_rows = reader_hub(reader)->state->header->sizes.rooms;
    struct irc_list list = irc_read_list(reader, conditions);
    struct irc_walk walk = irc_walk_begin(reader);

    for (; walk.at + 1 < n_rows; walk.at++) {
        uint32_t row = (uint32_t)walk.at + 1;

        if (!irc_walk_has_room(reader, &walk)) {
            return irc_walk_pause(reader, &walk);
        }
        if (irc_is_listed(reader, &list, row)) {
            irc_put_room(reader, hub_room(reader_hub(reader), row));
        }
    }
    return irc_end_list(reader);
}

/* ---- by name ---- */

static bool irc_is_names_alone(struct text list)
{
    uint32_t n = 0;

    while (list.len > 0) {
        struct text item = text_cut(&list, ',');

        if (item.len > 0 && (item.at[0] != '#' || mask_is_wild(item))) {
            return false;
        }
        n += item.len > 0;
    }
    return n > 0;
}

/* One room a step. */
static int irc_list_named(struct reader *reader, struct text names)
{
    struct hub *hub = reader_hub(reader);
    uint32_t room = rooms_find_known(hub, reader->row, irc_step_item(reader, names));
    int r;

    if (room != 0) {
        irc_put_room(reader, hub_room(hub, room));
    }
    r = irc_next_step(reader, names, IRC_ROOMS_MAX);
    return r == FRONT_DONE ? irc_end_list(reader) : r;
}

int irc_run_list(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct text what = message->n_params > 0 ? message->params[0] : TEXT_NONE;

    (void)reason;
    if (reader_wire(reader)->in.step == 0) {
        irc_numeric(reader, RPL_LISTSTART, "Channel :Users Name");
    }
    return irc_is_names_alone(what) ? irc_list_named(reader, what) : irc_list_all(reader, what);
}
