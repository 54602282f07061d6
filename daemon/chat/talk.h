/* SPDX-License-Identifier: MIT */
/* Talking: to a room, to one person, to the operators; topics. See chat/hub.h for the rules of
 * calling. */
#ifndef CHAT_TALK_H
#define CHAT_TALK_H

#include "chat/hub.h"

enum { TOPIC_MAX = 350 }; /* bytes: fits an IRC line with everything before it */

/* Something that somebody said: not a change, nor a tag alone. */
static inline bool talk_is_message(const struct record *record)
{
    return record->kind == RECORD_SAID || record->kind == RECORD_ACTION ||
           record->kind == RECORD_NOTICE;
}

/* Says it in the room, if the person may: CHAT_NO_EXTERNAL, CHAT_MODERATED, CHAT_SILENCED,
 * CHAT_NO_TEXT, CHAT_TEXT_TOO_LONG. */
must_check int talk_in_room(struct hub *hub, uint32_t person, uint32_t room,
                            const struct utterance *utterance, struct moment now);
/* A private message into the other's box, and into one's own (who sent it may want to see it). */
must_check int talk_to(struct hub *hub, uint32_t person, uint32_t target,
                       const struct utterance *utterance, struct moment now);

/* An empty topic clears it. CHAT_NOT_MEMBER, CHAT_NOT_OPERATOR, CHAT_TEXT_TOO_LONG past TOPIC_MAX,
 * CHAT_FULL. */
must_check int talk_set_topic(struct hub *hub, uint32_t person, uint32_t room, struct text topic,
                              struct moment now);

enum {
    TALK_WALLOPS_ROWS = LOG_LINKS_MAX,
    WALLOPS_MAX = 400, /* bytes: one IRC line with the longest source; what is longer is cut */
};

/* From an operator of the server to all who listen (mode w), TALK_WALLOPS_ROWS people a step, from
 * step 0 on. CHAT_NOT_PRIVILEGED, CHAT_NO_TEXT. */
must_check int talk_wallops(struct hub *hub, uint32_t person, struct text text, uint32_t step,
                            struct moment now);
/* Is there nobody behind those of this step? */
bool talk_wallops_is_last(const struct hub *hub, uint32_t step);

#endif
