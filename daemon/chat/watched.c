/* SPDX-License-Identifier: MIT */
/* Reading and writing lists of nicks. What only becomes shorter, or changes a sign, is written over
 * the old text, so that it never fails for want of cells. */
#include "chat/watched.h"

#include "chat/people.h"

#include <string.h>

static struct text watched_text(const struct hub *hub, uint32_t person, char *space)
{
    struct buf text = buf_over(space, WATCHED_SIZE);

    state_get_text(hub->state, state_person_more(hub->state, person).watched, &text);
    return buf_text(&text);
}

/* Nothing but commas is left at the end of a list that became shorter in place. */
void watched_read(const struct hub *hub, uint32_t person, struct watched_list *out)
{
    char space[WATCHED_SIZE];
    struct text all = watched_text(hub, person, space);
    struct text rest = all;

    out->n = 0;
    while (rest.len > 0 && out->n < WATCHED_MAX) {
        uint32_t at = (uint32_t)(rest.at - all.at);
        struct text item = text_cut(&rest, ',');

        if (item.len > 1 && item.len <= NICK_MAX + 1) {
            struct watched *watched = &out->items[out->n++];

            *watched = (struct watched){ .at = at, .is_there = item.at[0] == '+' };
            memcpy(watched->nick, item.at + 1, item.len - 1);
        }
    }
}

struct watched *watched_find(struct watched_list *list, struct text nick)
{
    for (uint32_t i = 0; i < list->n; i++) {
        if (text_equal_nocase(text_of(list->items[i].nick), nick)) {
            return &list->items[i];
        }
    }
    return NULL;
}

int watched_add(struct watched_list *list, struct text nick)
{
    if (!name_is_nick(nick)) {
        return CHAT_BAD_NAME;
    }
    if (watched_find(list, nick) != NULL) {
        return 0;
    }
    if (list->n == WATCHED_MAX) {
        return CHAT_LIST_FULL;
    }
    list->items[list->n] = (struct watched){ 0 };
    memcpy(list->items[list->n++].nick, nick.at, nick.len);
    return 0;
}

void watched_remove(struct watched_list *list, struct text nick)
{
    struct watched *item = watched_find(list, nick);

    if (item != NULL) {
        list->n--;
        memmove(item, item + 1, (size_t)((char *)&list->items[list->n] - (char *)item));
    }
}

void watched_look(const struct hub *hub, struct watched *item)
{
    uint32_t who = people_find_registered(hub, text_of(item->nick));

    item->is_there = who != 0;
    if (who != 0) {
        memcpy(item->nick, hub_person(hub, who)->nick, sizeof(item->nick));
    }
}

static void watched_print(const struct watched *item, struct buf *out)
{
    buf_format(out, "%c%s,", item->is_there ? '+' : '-', item->nick);
}

/* A text that is no longer than the old one lies in the cells of that one, so that no cell needs to
 * be free; without items nothing is left, if the cell that names it can be written anew. */
static int watched_put(struct hub *hub, uint32_t person, struct buf *text, size_t len_before)
{
    struct person_more more = state_person_more(hub->state, person);
    bool has_room = state_has_spare_cells(hub->state, text->len + CELL_BYTES + sizeof(more));

    if (text->len <= len_before && (text->len > 0 || !has_room)) {
        while (text->len < len_before) {
            buf_char(text, ',');
        }
        state_overwrite_text(hub->state, more.watched, 0, buf_text(text));
        return 0;
    }
    if (!has_room) {
        return CHAT_FULL;
    }
    state_set_text(hub->state, &more.watched, buf_text(text));
    state_set_person_more(hub->state, person, &more);
    return 0;
}

int watched_store(struct hub *hub, uint32_t person, const struct watched_list *list)
{
    char before_space[WATCHED_SIZE], space[WATCHED_SIZE];
    struct text before = watched_text(hub, person, before_space);
    struct buf text = buf_over(space, sizeof(space));
    int r;

    if (before.len == 0 && list->n == 0) {
        return 0;
    }
    for (uint32_t i = 0; i < list->n; i++) {
        watched_print(&list->items[i], &text);
    }
    if (!watchers_reserve(hub, person, list->n)) {
        return CHAT_FULL;
    }
    r = watched_put(hub, person, &text, before.len);
    if (r != 0) {
        return r;
    }
    watchers_forget(hub, person);
    for (uint32_t i = 0; i < list->n; i++) {
        watchers_add(hub, person, text_of(list->items[i].nick));
    }
    return 0;
}

void watched_store_item(struct hub *hub, uint32_t person, const struct watched *item)
{
    char space[NAME_SIZE + 2];
    struct buf text = buf_over(space, sizeof(space));

    watched_print(item, &text);
    state_overwrite_text(hub->state, state_person_more(hub->state, person).watched, item->at,
                         buf_text(&text));
}
