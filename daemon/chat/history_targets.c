/* SPDX-License-Identifier: MIT */
/* Where something was said lately: the rooms that somebody is in, and the people it talked with. */
#include "chat/history.h"

/* All memberships together look at no more than a multiple of HISTORY_LOOKS. */
enum { TARGETS_LOOKS = HISTORY_LOOKS / 8 };

static void targets_add(struct history_targets *targets, struct text name,
                        const struct record *record)
{
    targets->items[targets->n++] =
        (struct history_target){ .name = name, .number = record->number, .ms = record->real_ms };
}

/* The latest message in the room, or the record at which the search ends; NULL: there is none. */
static const struct record *targets_latest(const struct hub *hub, uint32_t asker, uint32_t room)
{
    struct history_query query = { .asker = asker, .owner = room, .kinds = HISTORY_SAID };
    const struct chain *chain = &hub_room(hub, room)->chain;
    struct cursor cursor = cursor_at_end(chain);
    const struct record *record = NULL;

    for (int looks = 0; cursor.due > chain->first && looks < TARGETS_LOOKS; looks++) {
        record = log_record(hub->state, cursor.pos);
        if (history_shows(hub, &query, record)) {
            return record;
        }
        cursor.pos = record_link(record, room)->prev;
        cursor.due--;
    }
    return cursor.due > chain->first ? record : NULL;
}

static void targets_add_rooms(const struct hub *hub, uint32_t asker,
                              struct history_targets *targets)
{
    for (uint32_t m = hub_person(hub, asker)->first_membership; m != 0;
         m = hub_membership(hub, m)->own_next) {
        const struct membership *membership = hub_membership(hub, m);
        const struct record *latest;

        if (membership->until != UNTIL_OPEN) {
            continue;
        }
        latest = targets_latest(hub, asker, membership->room);
        if (latest != NULL) {
            targets_add(targets, text_of(hub_room(hub, membership->room)->name), latest);
        }
    }
}

static bool targets_has(const struct history_targets *targets, struct text name)
{
    for (uint32_t i = 0; i < targets->n; i++) {
        if (text_equal_nocase(targets->items[i].name, name)) {
            return true;
        }
    }
    return false;
}

/* Before any rooms. */
static void targets_add_people(const struct hub *hub, uint32_t asker,
                               struct history_targets *targets)
{
    const struct chain *chain = &hub_person(hub, asker)->box;
    struct cursor cursor = cursor_at_end(chain);

    for (int looks = 0;
         cursor.due > chain->first && looks < HISTORY_LOOKS && targets->n < HISTORY_TARGETS_MAX;
         looks++) {
        const struct record *record = log_record(hub->state, cursor.pos);
        struct text other = history_other_end(hub, asker, record);

        if (other.len > 0 && record->kind != RECORD_TAGGED && history_is_talk(record) &&
            !targets_has(targets, other)) {
            targets_add(targets, other, record);
        }
        cursor.pos = record_link(record, asker | LINK_BOX)->prev;
        cursor.due--;
    }
}

static bool targets_is_between(const struct history_target *target,
                               const struct history_point *after,
                               const struct history_point *before)
{
    struct record at = { .number = target->number, .real_ms = target->ms };

    return history_is_after(&at, after) && history_is_before(&at, before);
}

void history_sort_targets(struct history_targets *targets, const struct history_point *after,
                          const struct history_point *before)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < targets->n; i++) {
        struct history_target target = targets->items[i];
        uint32_t at = n;

        if (!targets_is_between(&target, after, before)) {
            continue;
        }
        for (; at > 0 && targets->items[at - 1].number > target.number; at--) {
            targets->items[at] = targets->items[at - 1];
        }
        targets->items[at] = target;
        n++;
    }
    targets->n = n;
}

void history_find_targets(const struct hub *hub, uint32_t asker, const struct history_point *after,
                          const struct history_point *before, struct history_targets *out)
{
    out->n = 0;
    targets_add_people(hub, asker, out);
    targets_add_rooms(hub, asker, out);
    history_sort_targets(out, after, before);
}
