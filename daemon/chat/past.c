/* SPDX-License-Identifier: MIT */
/* A ring of rows; the next one to be written stands in the header. */
#include "chat/past.h"

#include "chat/people.h"
#include "chat/records.h"

#include <string.h>

/* What is too long for its place is cut there; what is stored ends with a NUL. */
static void past_put(char *to, size_t size, const struct buf *from)
{
    memcpy(to, from->at, size_min(from->len, size - 1));
}

void past_add(struct hub *hub, uint32_t person, struct moment now)
{
    struct counters *counters = state_edit_counters(hub->state);
    struct past *past = state_edit_past(hub->state, counters->next_past % PAST_ROWS);
    char space[REALNAME_MAX + SOURCE_SIZE];
    struct buf text = buf_over(space, sizeof(space));

    counters->next_past = (counters->next_past + 1) % PAST_ROWS;
    *past = (struct past){ .gone_ms = now.real_ms };
    memcpy(past->nick, hub_person(hub, person)->nick, NAME_SIZE);
    people_user(hub, person, &text);
    past_put(past->user, sizeof(past->user), &text);
    text.len = 0;
    people_host(hub, person, &text);
    past_put(past->host, sizeof(past->host), &text);
    text.len = 0;
    state_get_text(hub->state, hub_person(hub, person)->realname, &text);
    past_put(past->realname, sizeof(past->realname), &text);
    text.len = 0;
    people_account(hub, person, &text);
    past_put(past->account, sizeof(past->account), &text);
}

const struct past *past_find(const struct hub *hub, struct text nick, uint32_t n)
{
    uint32_t next = hub->state->header->counters.next_past;

    for (uint32_t i = 1; i <= PAST_ROWS; i++) {
        const struct past *past = &hub->state->past[(next + PAST_ROWS - i) % PAST_ROWS];

        if (past->gone_ms != 0 && text_equal_nocase(text_of(past->nick), nick) && n-- == 0) {
            return past;
        }
    }
    return NULL;
}
