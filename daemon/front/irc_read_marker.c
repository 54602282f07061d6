/* SPDX-License-Identifier: MIT */
/* MARKREAD: up to when its user has read something, as a client says, kept for the next time that a
 * client asks, or enters the room. Whether there is such a room or nick makes no difference, so
 * that the answer says nothing of those one may not know of; it spells the target as the client
 * does. As long as nobody has an account, a user has one client: there is nobody else to tell.
 * Source: ircv3.net/specs/extensions/read-marker (a draft). */
#include "front/irc.h"

#include "chat/marks.h"
#include "lib/timestamp.h"

enum { IRC_TIMESTAMP_SIZE = 40 };

static int irc_fail_marker(struct reader *reader, const char *code, struct text what,
                           const char *words)
{
    what = irc_quoted(what);
    irc_line(reader, "FAIL MARKREAD %s %.*s :%s", code, TEXT_ARG(what), words);
    return FRONT_DONE;
}

/* In the one form that the specification has, which is that of our own `time` tags: a marker is one
 * of those. The 31st of February is none. */
static bool irc_read_marker(struct text t, uint64_t *out_ms)
{
    static const struct text key = TEXT("timestamp=");
    char space[IRC_TIMESTAMP_SIZE];
    struct buf again = buf_over(space, sizeof(space));
    uint64_t ms;

    if (!text_starts_with(t, key)) {
        return false;
    }
    t = (struct text){ t.at + key.len, t.len - key.len };
    if (!timestamp_read(t, &ms)) {
        return false;
    }
    timestamp_put(ms, &again);
    *out_ms = ms;
    return text_equal(t, buf_text(&again));
}

void irc_put_marker(struct reader *reader, struct text target)
{
    char space[IRC_TIMESTAMP_SIZE];
    struct buf time = buf_over(space, sizeof(space));
    uint64_t ms;

    if (marks_find(reader_hub(reader), reader->row, target, &ms)) {
        buf_text_put(&time, TEXT("timestamp="));
        timestamp_put(ms, &time);
    } else {
        buf_char(&time, '*');
    }
    irc_line(reader, "MARKREAD %.*s %.*s", TEXT_ARG(target), TEXT_ARG(buf_text(&time)));
}

int irc_run_markread(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct text target = message->n_params > 0 ? message->params[0] : TEXT_NONE;
    uint64_t ms = 0;

    (void)reason;
    if (target.len == 0) {
        irc_line(reader, "FAIL MARKREAD NEED_MORE_PARAMS :Missing parameters");
        return FRONT_DONE;
    }
    if (!name_is_room(target) && !name_is_nick(target)) {
        return irc_fail_marker(reader, "INVALID_PARAMS", target, "It is neither a room nor a nick");
    }
    if (message->n_params > 1 && !irc_read_marker(message->params[1], &ms)) {
        return irc_fail_marker(reader, "INVALID_PARAMS", message->params[1],
                               "It is not timestamp=YYYY-MM-DDThh:mm:ss.sssZ");
    }
    if (message->n_params > 1 &&
        marks_set(reader_hub(reader), reader->row, target, ms, reader->exchange->now) != 0) {
        return irc_fail_marker(reader, "INTERNAL_ERROR", target,
                               "The read timestamp could not be set: there is no room for it now");
    }
    irc_put_marker(reader, target);
    return FRONT_DONE;
}
