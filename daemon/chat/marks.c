/* SPDX-License-Identifier: MIT */
/* A time that moves on is written over the old one; only a new target has the list written anew. */
#include "chat/marks.h"

/* One target; all of it points into the text. */
struct mark {
    struct text target;
    uint64_t read_ms;
    struct text bytes; /* as it lies in cells */
};

/* ---- the text ---- */

static uint64_t mark_time(const char *bytes)
{
    uint64_t ms = 0;

    for (int i = MARK_TIME_SIZE - 1; i >= 0; i--) {
        ms = ms << 8 | (unsigned char)bytes[i];
    }
    return ms;
}

static void mark_put_time(uint64_t ms, struct buf *out)
{
    for (int i = 0; i < MARK_TIME_SIZE; i++) {
        buf_char(out, (char)(ms >> (8 * i) & 0xff));
    }
}

static void mark_put(struct text target, uint64_t ms, struct buf *out)
{
    buf_char(out, (char)target.len);
    mark_put_time(ms, out);
    buf_text_put(out, target);
}

/* False: there is none, or what is there cannot be one. */
static bool mark_cut(struct text *rest, struct mark *out)
{
    size_t len = rest->len > 0 ? (unsigned char)rest->at[0] : 0;
    size_t size = MARK_HEAD_SIZE + len;

    if (len == 0 || size > rest->len) {
        return false;
    }
    *out = (struct mark){ .target = { rest->at + MARK_HEAD_SIZE, len },
                          .read_ms = mark_time(rest->at + 1),
                          .bytes = { rest->at, size } };
    *rest = (struct text){ rest->at + size, rest->len - size };
    return true;
}

static bool mark_find(struct text all, struct text target, struct mark *out)
{
    while (mark_cut(&all, out)) {
        if (text_equal_nocase(out->target, target)) {
            return true;
        }
    }
    return false;
}

/* The one that gives way; of one time the first. NULL: there is room for one more. */
static const char *mark_earliest(struct text all)
{
    struct mark mark, earliest = { .read_ms = UINT64_MAX };
    uint32_t n = 0;

    for (; mark_cut(&all, &mark); n++) {
        if (mark.read_ms < earliest.read_ms) {
            earliest = mark;
        }
    }
    return n < MARKS_MAX ? NULL : earliest.bytes.at;
}

/* ---- the list ---- */

static struct text marks_text(const struct hub *hub, uint32_t person, char *space)
{
    struct buf text = buf_over(space, MARKS_SIZE);

    state_get_text(hub->state, state_person_more(hub->state, person).marks, &text);
    return buf_text(&text);
}

bool marks_find(const struct hub *hub, uint32_t person, struct text target, uint64_t *out_ms)
{
    char space[MARKS_SIZE];
    struct mark mark;

    if (!mark_find(marks_text(hub, person, space), target, &mark)) {
        return false;
    }
    *out_ms = mark.read_ms;
    return true;
}

/* `at` is the byte of the text at which the mark stands. */
static void marks_move(struct hub *hub, uint32_t person, size_t at, uint64_t ms)
{
    char space[MARK_TIME_SIZE];
    struct buf time = buf_over(space, sizeof(space));

    mark_put_time(ms, &time);
    state_overwrite_text(hub->state, state_person_more(hub->state, person).marks, at + 1,
                         buf_text(&time));
}

static int marks_add(struct hub *hub, uint32_t person, struct text all, struct text target,
                     uint64_t ms)
{
    struct person_more more = state_person_more(hub->state, person);
    const char *gone = mark_earliest(all);
    char space[MARKS_SIZE];
    struct buf text = buf_over(space, sizeof(space));
    struct mark mark;

    while (mark_cut(&all, &mark)) {
        if (mark.bytes.at != gone) {
            buf_text_put(&text, mark.bytes);
        }
    }
    mark_put(target, ms, &text);
    if (!state_has_spare_cells(hub->state, text.len + CELL_BYTES + sizeof(more))) {
        return CHAT_FULL;
    }
    state_set_text(hub->state, &more.marks, buf_text(&text));
    state_set_person_more(hub->state, person, &more);
    return 0;
}

/* Records may carry a later time than the clock's, when that was set back. */
int marks_set(struct hub *hub, uint32_t person, struct text target, uint64_t read_ms,
              struct moment now)
{
    uint64_t ms = u64_min(read_ms, u64_max(now.real_ms, hub->state->header->log.last_ms));
    char space[MARKS_SIZE];
    struct text all = marks_text(hub, person, space);
    struct mark mark;

    if (!name_is_nick(target) && !name_is_room(target)) {
        return CHAT_BAD_NAME;
    }
    if (!mark_find(all, target, &mark)) {
        return marks_add(hub, person, all, target, ms);
    }
    if (ms > mark.read_ms) {
        marks_move(hub, person, (size_t)(mark.bytes.at - all.at), ms);
    }
    return 0;
}
