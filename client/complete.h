/* SPDX-License-Identifier: MIT */
/* Tab: the word before the cursor becomes a nick, a room, a command or what /help tells about;
 * pressed again, the next one that fits. Pure. People who have spoken lately come first. */
#ifndef CLIENT_COMPLETE_H
#define CLIENT_COMPLETE_H

#include "edit.h"
#include "windows.h"

struct complete {       /* all zero is: not completing */
    struct bytes found; /* owned; the words, each with '\n' */
    size_t n_found, i;
    size_t len; /* bytes before the cursor that were put there */
    bool is_active;
};

/* `commands` ends with NULL; names without the slash. */
void complete_next(struct complete *c, struct edit *e, const struct windows *ws,
                   const char *const *commands);
/* Any other key was pressed. */
void complete_reset(struct complete *c);

#endif
