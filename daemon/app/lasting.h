/* SPDX-License-Identifier: MIT */
/* What lasts of the rooms of the configuration when the region does not: topic, modes, lists. Given
 * to the archive soon after it has changed, taken back into a new region. */
#ifndef APP_LASTING_H
#define APP_LASTING_H

#include "app/archiving.h"
#include "chat/hub.h"
#include "store/kept_rooms.h"

struct lasting {
    struct kept_rooms *last; /* owned: as given to the archive; NULL: not yet */
    uint64_t looked_at;      /* log.tail when it was looked for changes */
};

/* About once a second, and at the end. Cheap when nothing has happened. */
void lasting_look(struct lasting *lasting, struct archiving *archiving, const struct hub *hub);
/* Into a region that has just been made, with its rooms; before the archive's thread starts. */
void lasting_restore(struct archiving *archiving, struct hub *hub);
void lasting_fini(struct lasting *lasting);

#endif
