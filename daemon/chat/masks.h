/* SPDX-License-Identifier: MIT */
/* The lists of masks of a room: who is banned, who is excepted from that, who needs no invitation.
 * A list is one text in cells, an entry a line: "MASK BY SECONDS\n". See chat/hub.h for the rules
 * of calling. */
#ifndef CHAT_MASKS_H
#define CHAT_MASKS_H

#include "chat/hub.h"

enum {
    MASKS_MAX = 60,        /* entries of a list */
    MASK_MAX = 100,        /* bytes */
    MASK_ENTRY_SIZE = 144, /* mask, nick, real time in seconds, two spaces, a newline */
    MASKS_SIZE = MASKS_MAX * MASK_ENTRY_SIZE,
};

struct mask_entry {
    struct text mask, by; /* borrowed; what was read, from the text it was read from */
    uint64_t set_s;       /* real time */
};

/* Reads the list into `space` of MASKS_SIZE bytes; empty if there is none. */
struct text masks_read(const struct hub *hub, uint32_t room, enum room_list list, char *space);
/* Cuts the first entry off; false at the end. */
must_check bool masks_next(struct text *rest, struct mask_entry *out_entry);

/* Adds or removes, in a transaction. The mask is complete (mask_complete()), has no space and at
 * most MASK_MAX bytes. *out_is_changed: false if it was so before. CHAT_LIST_FULL, CHAT_FULL. */
must_check int masks_add(struct hub *hub, uint32_t room, enum room_list list,
                         const struct mask_entry *entry, bool *out_is_changed);
must_check int masks_remove(struct hub *hub, uint32_t room, enum room_list list, struct text mask,
                            bool *out_is_changed);

/* Does an entry of the list match this person, by the host that others see or by the address? */
bool masks_hit(const struct hub *hub, uint32_t room, enum room_list list, uint32_t person);

#endif
