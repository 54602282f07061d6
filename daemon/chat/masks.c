/* SPDX-License-Identifier: MIT */
/* Lists of masks as texts. They are short, and asked for only where a room has one. */
#include "chat/masks.h"

#include "chat/records.h"
#include "lib/host.h"
#include "lib/mask.h"

struct text masks_read(const struct hub *hub, uint32_t room, enum room_list list, char *space)
{
    struct buf text = buf_over(space, MASKS_SIZE);

    state_get_text(hub->state, hub_room(hub, room)->lists[list], &text);
    return buf_text(&text);
}

bool masks_next(struct text *rest, struct mask_entry *out_entry)
{
    struct text line = text_cut(rest, '\n');

    if (line.len == 0) {
        return false;
    }
    out_entry->mask = text_cut(&line, ' ');
    out_entry->by = text_cut(&line, ' ');
    out_entry->set_s = 0;
    (void)!text_number(line, UINT64_MAX, &out_entry->set_s);
    return true;
}

/* The entry of this mask with its newline; empty if there is none. */
static struct text masks_find(struct text all, struct text mask, uint32_t *out_n)
{
    struct text rest = all, found = TEXT_NONE;
    struct mask_entry entry;
    const char *start = rest.at;

    for (*out_n = 0; masks_next(&rest, &entry); (*out_n)++, start = rest.at) {
        if (text_equal_nocase(entry.mask, mask)) {
            found = (struct text){ .at = start, .len = (size_t)(rest.at - start) };
        }
    }
    return found;
}

static int masks_store(struct hub *hub, uint32_t room, enum room_list list, struct text all,
                       bool is_longer)
{
    if (!state_has_cells(hub->state, all.len) ||
        (is_longer && !state_has_spare_cells(hub->state, all.len))) {
        return CHAT_FULL;
    }
    state_set_text(hub->state, &state_edit_room(hub->state, room)->lists[list], all);
    return 0;
}

int masks_add(struct hub *hub, uint32_t room, enum room_list list, const struct mask_entry *entry,
              bool *out_is_changed)
{
    char space[MASKS_SIZE];
    struct text all = masks_read(hub, room, list, space);
    struct buf longer = { .at = space, .len = all.len, .size = sizeof(space) };
    uint32_t n;

    *out_is_changed = false;
    if (masks_find(all, entry->mask, &n).len > 0) {
        return 0;
    }
    if (n >= MASKS_MAX) {
        return CHAT_LIST_FULL;
    }
    buf_format(&longer, "%.*s %.*s %llu\n", TEXT_ARG(entry->mask), TEXT_ARG(entry->by),
               (unsigned long long)entry->set_s);
    *out_is_changed = true;
    return masks_store(hub, room, list, buf_text(&longer), true);
}

int masks_remove(struct hub *hub, uint32_t room, enum room_list list, struct text mask,
                 bool *out_is_changed)
{
    char space[MASKS_SIZE], rest_space[MASKS_SIZE];
    struct text all = masks_read(hub, room, list, space);
    struct buf rest = buf_over(rest_space, sizeof(rest_space));
    uint32_t n;
    struct text found = masks_find(all, mask, &n);
    const char *behind = found.at + found.len;

    *out_is_changed = found.len > 0;
    if (found.len == 0) {
        return 0;
    }
    buf_put(&rest, all.at, (size_t)(found.at - all.at));
    buf_put(&rest, behind, (size_t)(all.at + all.len - behind));
    return masks_store(hub, room, list, buf_text(&rest), false);
}

enum { MASK_SUBJECT_SIZE = NAME_SIZE + SOURCE_SIZE };

/* "nick!user@host", with the host that others see or with the address. */
static struct text masks_subject(const struct hub *hub, uint32_t person, bool by_address,
                                 char space[MASK_SUBJECT_SIZE])
{
    struct buf subject = buf_over(space, MASK_SUBJECT_SIZE);

    buf_format(&subject, "%s!", hub_person(hub, person)->nick);
    people_user(hub, person, &subject);
    buf_char(&subject, '@');
    if (by_address) {
        host_print(hub->state->wires[person].host, &subject);
    } else {
        people_host(hub, person, &subject);
    }
    return buf_text(&subject);
}

bool masks_hit(const struct hub *hub, uint32_t room, enum room_list list, uint32_t person)
{
    char space[MASKS_SIZE], shown_space[MASK_SUBJECT_SIZE], real_space[MASK_SUBJECT_SIZE];
    struct text shown, real, rest;
    struct mask_entry entry;

    if (hub_room(hub, room)->lists[list] == 0) {
        return false;
    }
    rest = masks_read(hub, room, list, space);
    shown = masks_subject(hub, person, false, shown_space);
    real = masks_subject(hub, person, true, real_space);
    while (masks_next(&rest, &entry)) {
        if (mask_match(entry.mask, shown) || mask_match(entry.mask, real)) {
            return true;
        }
    }
    return false;
}
