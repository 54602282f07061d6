/* SPDX-License-Identifier: MIT */
/* MODE in IRC: asking for and changing the modes of rooms. A line of several changes is done group
 * by group (irc_changes.h), each a transaction that all of the room hear of in one MODE. Source:
 * modern.ircdocs.horse, "MODE message". */
#include "front/irc.h"

#include "chat/members.h"
#include "chat/modes.h"
#include "chat/permissions.h"
#include "chat/rooms.h"
#include "front/irc_changes.h"
#include "lib/utf8.h"

/* ---- asking ---- */

static void irc_put_room_modes(struct reader *reader, uint32_t room)
{
    const struct hub *hub = reader_hub(reader);
    char space[MODES_TEXT_MAX];
    struct buf modes = buf_over(space, sizeof(space));
    bool with_key = members_find(hub, reader->row, room) != 0;

    modes_print(hub, room, with_key, &modes);
    irc_numeric(reader, RPL_CHANNELMODEIS, "%s %.*s", hub_room(hub, room)->name,
                TEXT_ARG(buf_text(&modes)));
    irc_numeric(reader, RPL_CREATIONTIME, "%s %llu", hub_room(hub, room)->name,
                (unsigned long long)(hub_room(hub, room)->born_ms / 1000));
}

/* ---- the lists of masks ---- */

enum { MASKS_HALF = 32 }; /* of `until`: the room's id below, which list above */

struct irc_list_words {
    enum irc_numeric entry, end;
    const char *name;
};

static const struct irc_list_words IRC_LISTS[ROOM_LISTS] = {
    [ROOM_BANS] = { RPL_BANLIST, RPL_ENDOFBANLIST, "ban" },
    [ROOM_EXCEPTIONS] = { RPL_EXCEPTLIST, RPL_ENDOFEXCEPTLIST, "exception" },
    [ROOM_INVITATIONS] = { RPL_INVEXLIST, RPL_ENDOFINVEXLIST, "invite exception" },
};

static void irc_ask_list(struct reader *reader, uint32_t room, uint32_t list)
{
    output_set_answer(reader, IRC_ANSWER_MASKS, room, 0,
                      hub_room(reader_hub(reader), room)->id | (uint64_t)list << MASKS_HALF);
}

/* The entries from `at` on; returns the index of the first that found no room, or of the end. */
static uint64_t irc_put_masks(struct reader *reader, uint32_t room, enum room_list list,
                              uint64_t at, bool *out_is_end)
{
    const struct hub *hub = reader_hub(reader);
    char space[MASKS_SIZE];
    struct text rest = masks_read(hub, room, list, space);
    struct mask_entry entry;

    for (uint64_t n = 0; masks_next(&rest, &entry); n++) {
        if (n < at) {
            continue;
        }
        if (buf_space(&reader->output) < IRC_ROW_NEEDED) {
            *out_is_end = false;
            return n;
        }
        irc_numeric(reader, IRC_LISTS[list].entry, "%s %.*s %.*s %llu", hub_room(hub, room)->name,
                    TEXT_ARG(entry.mask), TEXT_ARG(entry.by), (unsigned long long)entry.set_s);
    }
    *out_is_end = true;
    return at;
}

/* The room may be gone by now, or be another one; the answer then just ends. */
void irc_answer_masks(struct reader *reader, const struct wire_answer *answer)
{
    enum room_list list = (enum room_list)(answer->until >> MASKS_HALF);
    bool exists = rooms_exists(reader_hub(reader), answer->row, (uint32_t)answer->until);
    bool is_end = true;
    uint64_t at = answer->at;

    if (exists) {
        at = irc_put_masks(reader, answer->row, list, at, &is_end);
    }
    if (!is_end) {
        output_set_answer(reader, IRC_ANSWER_MASKS, answer->row, at, answer->until);
        return;
    }
    irc_numeric(reader, IRC_LISTS[list].end, "%s :End of channel %s list",
                exists ? hub_room(reader_hub(reader), answer->row)->name : "*",
                IRC_LISTS[list].name);
    output_set_answer(reader, 0, 0, 0, 0);
}

/* ---- changing ---- */

static const char *irc_bad_argument_words(char letter)
{
    switch (letter) {
    case 'k': return "Key is not well-formed";
    case 'l': return "Invalid limit mode parameter. It is a number above 0";
    default: return "Invalid mask";
    }
}

static void irc_refuse_argument(struct reader *reader, const char *room,
                                const struct irc_change *change)
{
    struct text rest = change->argument, shown = text_cut_word(&rest);

    shown.len = utf8_fit(shown, MASK_MAX);
    if (text_starts_with(shown, TEXT(":"))) {
        shown = TEXT_NONE; /* would be taken for the last parameter */
    }
    if (change->letter == 'k') {
        irc_numeric(reader, ERR_INVALIDKEY, "%s :%s", room, irc_bad_argument_words('k'));
        return;
    }
    irc_numeric(reader, ERR_INVALIDMODEPARAM, "%s %c %.*s :%s", room, change->letter,
                TEXT_ARG(shown.len > 0 ? shown : TEXT("*")),
                irc_bad_argument_words(change->letter));
}

static void irc_refuse_change(struct reader *reader, int outcome, uint32_t row,
                              const struct irc_change *change)
{
    const char *room = hub_room(reader_hub(reader), row)->name;
    struct text rest = change->argument, nick = text_cut_word(&rest);

    nick.len = utf8_fit(nick, NAME_SIZE);
    switch (outcome) {
    case CHAT_UNKNOWN_MODE:
        irc_numeric(reader, ERR_UNKNOWNMODE, "%c :is unknown mode char to me for %s",
                    change->letter, room);
        break;
    case CHAT_NO_ARGUMENT: irc_refuse(reader, outcome, TEXT("MODE")); break;
    case CHAT_NO_PERSON: irc_refuse(reader, outcome, nick); break;
    case CHAT_TARGET_ABSENT:
        irc_numeric(reader, ERR_USERNOTINCHANNEL, "%.*s %s :They aren't on that channel",
                    TEXT_ARG(nick), room);
        break;
    case CHAT_BAD_ARGUMENT: irc_refuse_argument(reader, room, change); break;
    case CHAT_LIST_FULL:
        irc_numeric(reader, ERR_BANLISTFULL, "%s %c :Channel list is full", room, change->letter);
        break;
    case CHAT_FULL: irc_numeric(reader, RPL_TRYAGAIN, "MODE :There is no room for that now"); break;
    default: irc_refuse(reader, outcome, text_of(room)); break;
    }
}

/* Who may not, may not make the rest of the line either, and is told so once. */
static bool irc_ends_line(int outcome)
{
    return outcome == CHAT_NOT_OPERATOR || outcome == CHAT_NOT_MEMBER;
}

static int irc_make_changes(struct reader *reader, const struct irc_message *message, uint32_t room)
{
    struct irc_change changes[IRC_MODE_GROUP_MAX];
    struct modes_change group;
    bool is_last;
    uint32_t n = irc_changes_group(message, reader_wire(reader)->in.step, changes, &is_last);
    int r = 0;

    modes_begin(&group, reader_hub(reader), reader->row, room, reader->exchange->now);
    for (uint32_t i = 0; i < n && !irc_ends_line(r); i++) {
        if (changes[i].is_question) {
            irc_ask_list(reader, room, mode_find(changes[i].letter)->what);
            continue;
        }
        r = modes_set(&group, changes[i].letter, changes[i].is_on, changes[i].argument);
        if (r != 0) {
            irc_refuse_change(reader, r, room, &changes[i]);
        }
    }
    modes_end(&group);
    return is_last || irc_ends_line(r) ? FRONT_DONE : FRONT_MORE;
}

int irc_run_mode(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct text name = message->params[0];
    uint32_t room;

    (void)reason;
    if (name.at[0] != '#') {
        irc_run_user_mode(reader, message);
        return FRONT_DONE;
    }
    room = rooms_find_known(reader_hub(reader), reader->row, name);
    if (room == 0) {
        irc_refuse(reader, CHAT_NO_ROOM, name);
        return FRONT_DONE;
    }
    if (message->n_params < 2 || message->params[1].len == 0) {
        irc_put_room_modes(reader, room);
        return FRONT_DONE;
    }
    return irc_make_changes(reader, message, room);
}
