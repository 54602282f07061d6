/* SPDX-License-Identifier: MIT */
/* How far each conversation has been heard. Owns the table and what "newer" means: the server's
 * time, and among messages of one millisecond the order in which they came. */
#include "places.h"

#include "lib/irc.h"
#include "lib/timestamp.h"

#include <string.h>

void places_fini(struct places *p)
{
    for (size_t i = 0; i < PLACES_MAX; i++) {
        bytes_fini(&p->rows[i].held);
    }
}

struct text place_name(const struct place *place)
{
    return (struct text){ .at = place->name, .len = place->name_len };
}

struct place *places_find(struct places *p, struct text name)
{
    for (size_t i = 0; i < PLACES_MAX; i++) {
        struct place *place = &p->rows[i];

        if (place->name_len > 0 && text_equal_nocase(place_name(place), name)) {
            place->touched = ++p->touches;
            return place;
        }
    }
    return NULL;
}

static void place_set_name(struct place *place, struct text name)
{
    memcpy(place->name, name.at, name.len);
    place->name_len = name.len;
}

struct place *places_open(struct places *p, struct text name)
{
    struct place *place = places_find(p, name), *oldest = NULL;

    if (place != NULL || name.len == 0 || name.len > PLACES_NAME_MAX) {
        return place;
    }
    for (size_t i = 0; i < PLACES_MAX; i++) {
        place = &p->rows[i];
        if (place->wish == PLACES_NOTHING && (oldest == NULL || place->touched < oldest->touched)) {
            oldest = place;
        }
    }
    if (oldest != NULL) {
        bytes_fini(&oldest->held);
        *oldest = (struct place){ .touched = ++p->touches };
        place_set_name(oldest, name);
    }
    return oldest;
}

void places_rename(struct places *p, struct text from, struct text to)
{
    struct place *place = places_find(p, from);

    if (place != NULL && to.len > 0 && to.len <= PLACES_NAME_MAX &&
        (places_find(p, to) == NULL || places_find(p, to) == place)) {
        place_set_name(place, to);
    }
}

struct place *places_next(struct places *p)
{
    struct place *first = NULL;

    for (size_t i = 0; i < PLACES_MAX; i++) {
        struct place *place = &p->rows[i];

        if (place->wish != PLACES_NOTHING && (first == NULL || place->touched < first->touched)) {
            first = place;
        }
    }
    return first;
}

bool places_mark_is_known(const struct places_mark *mark)
{
    return mark->ms > 0 || mark->id_len > 0;
}

/* One with an id takes the place of a mere moment: whether it is still there can be asked. */
void place_heard(struct place *place, const struct places_mark *mark)
{
    if (!places_mark_is_known(mark)) {
        return;
    }
    if (mark->ms >= place->newest.ms || (place->newest.id_len == 0 && mark->id_len > 0)) {
        place->newest = *mark;
    }
    if (!places_mark_is_known(&place->oldest) || mark->ms < place->oldest.ms) {
        place->oldest = *mark;
    }
}

struct text places_mark_id(const struct places_mark *mark)
{
    return (struct text){ .at = mark->id, .len = mark->id_len };
}

struct places_mark places_mark_of(struct text tags)
{
    struct places_mark mark = { .ms = 0 };
    struct buf id = buf_over(mark.id, sizeof(mark.id));
    char bytes[48];
    struct buf time = buf_over(bytes, sizeof(bytes));

    if (irc_tag(tags, TEXT("msgid"), &id) && !id.full) {
        mark.id_len = id.len;
    }
    if (irc_tag(tags, TEXT("time"), &time)) {
        (void)!timestamp_read(buf_text(&time), &mark.ms);
    }
    return mark;
}
