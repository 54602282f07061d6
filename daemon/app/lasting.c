/* SPDX-License-Identifier: MIT */
/* From rows of rooms to texts, and back through chat's own rules. */
#include "app/lasting.h"

#include "chat/modes.h"
#include "chat/rooms.h"
#include "chat/talk.h"
#include "lib/report.h"

#include <string.h>

enum { LASTING_TEXT_MAX = MASKS_SIZE };

/* ---- out of the region ---- */

/* The i-th room of the configuration, the lobby first; 0: there is none of that name. By name and
 * not by walking the table, whose rows would be in memory from then on. */
static uint32_t lasting_row(const struct config *config, const struct hub *hub, size_t i)
{
    struct text room = text_of(i == 0 ? config->rooms.lobby : config->rooms.permanent.items[i - 1]);

    return rooms_find(hub, text_cut_word(&room));
}

static int lasting_take_cell(const struct hub *hub, uint32_t cell, struct kept_room *out,
                             enum kept_text which)
{
    char space[LASTING_TEXT_MAX];
    struct buf text = buf_over(space, sizeof(space));

    state_get_text(hub->state, cell, &text);
    return kept_room_set(out, which, buf_text(&text));
}

static int lasting_take_modes(const struct room *room, struct kept_room *out)
{
    char space[32];
    struct buf letters = buf_over(space, sizeof(space));
    const struct mode *mode;

    for (size_t i = 0; (mode = mode_at(i)) != NULL; i++) {
        if (mode->kind == MODE_FLAG && (room->modes & mode->what)) {
            buf_char(&letters, mode->letter);
        }
    }
    return kept_room_set(out, KEPT_MODES, buf_text(&letters));
}

static int lasting_take_room(const struct hub *hub, const struct room *room, struct kept_room *out)
{
    const struct {
        uint32_t cell;
        enum kept_text which;
    } cells[] = {
        { room->topic, KEPT_TOPIC },
        { room->topic_by, KEPT_TOPIC_BY },
        { room->key, KEPT_KEY },
        { room->lists[ROOM_BANS], KEPT_BANS },
        { room->lists[ROOM_EXCEPTIONS], KEPT_EXCEPTIONS },
        { room->lists[ROOM_INVITATIONS], KEPT_INVITATIONS },
    };
    int r = kept_room_set(out, KEPT_NAME, text_of(room->name));

    for (size_t i = 0; i < ARRAY_SIZE(cells) && r == 0; i++) {
        r = lasting_take_cell(hub, cells[i].cell, out, cells[i].which);
    }
    out->topic_ms = room->topic_ms;
    out->limit = room->limit;
    return r < 0 ? r : lasting_take_modes(room, out);
}

/* NULL: no memory. */
static struct kept_rooms *lasting_take(const struct config *config, const struct hub *hub)
{
    uint32_t most = (uint32_t)config->rooms.permanent.n + 1;
    owned(kept_rooms_free) struct kept_rooms *kept = kept_rooms_new(most);

    if (kept == NULL) {
        return NULL;
    }
    kept->n = 0;
    for (uint32_t i = 0; i < most; i++) {
        uint32_t row = lasting_row(config, hub, i);

        if (row != 0 && lasting_take_room(hub, hub_room(hub, row), &kept->rooms[kept->n++]) < 0) {
            return NULL;
        }
    }
    return give(kept);
}

void lasting_look(struct lasting *lasting, struct archiving *archiving, const struct hub *hub)
{
    uint64_t tail = hub->state->header->log.tail;
    owned(kept_rooms_free) struct kept_rooms *now = NULL;
    struct kept_rooms *copy;

    if (!archiving->is_running || (lasting->last != NULL && tail == lasting->looked_at)) {
        return;
    }
    now = lasting_take(archiving->config, hub);
    if (now == NULL || (lasting->last != NULL && kept_rooms_are_equal(now, lasting->last))) {
        lasting->looked_at = now == NULL ? lasting->looked_at : tail;
        return;
    }
    copy = lasting_take(archiving->config, hub);
    if (copy != NULL) {
        (void)kept_rooms_free(lasting->last);
        lasting->last = give(now);
        lasting->looked_at = tail;
        archiving_keep_rooms(archiving, copy);
    }
}

void lasting_fini(struct lasting *lasting)
{
    lasting->last = kept_rooms_free(lasting->last);
}

/* ---- into a new one ---- */

static void lasting_restore_room(struct hub *hub, const struct kept_room *kept)
{
    struct rooms_past past = { .topic = kept_room_text(kept, KEPT_TOPIC),
                               .topic_by = kept_room_text(kept, KEPT_TOPIC_BY),
                               .topic_ms = kept->topic_ms,
                               .key = kept_room_text(kept, KEPT_KEY),
                               .limit = kept->limit,
                               .lists = { kept_room_text(kept, KEPT_BANS),
                                          kept_room_text(kept, KEPT_EXCEPTIONS),
                                          kept_room_text(kept, KEPT_INVITATIONS) } };
    bool is_sound = modes_from_letters(kept_room_text(kept, KEPT_MODES), &past.modes);
    struct text name = kept_room_text(kept, KEPT_NAME);

    state_begin(hub->state);
    is_sound = is_sound && rooms_restore(hub, name, &past);
    state_commit(hub->state);
    if (!is_sound) {
        report(REPORT_WARNING, "what the archive has of the room %.*s is not used",
               (int)size_min(name.len, ROOM_NAME_SIZE), name.at);
    }
}

void lasting_restore(struct archiving *archiving, struct hub *hub)
{
    owned(kept_rooms_free) struct kept_rooms *kept = NULL;

    if (archiving->archive == NULL || archive_read_rooms(archiving->archive, &kept) < 0) {
        return;
    }
    for (uint32_t i = 0; i < kept->n; i++) {
        uint32_t row = rooms_find(hub, kept_room_text(&kept->rooms[i], KEPT_NAME));

        if (row != 0 && (hub_room(hub, row)->flags & ROOM_PERMANENT)) {
            lasting_restore_room(hub, &kept->rooms[i]);
        }
    }
}
