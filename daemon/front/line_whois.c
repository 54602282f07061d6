/* SPDX-License-Identifier: MIT */
/* Who somebody is, in words; of oneself it says "you". */
#include "front/line.h"

#include "chat/people.h"
#include "chat/permissions.h"
#include "chat/records.h"
#include "lib/irc_format.h"

struct line_subject {
    uint32_t row;
    const char *name; /* borrowed: the nick, or "you" */
    const char *is;   /* "are" of oneself; so are the next */
    const char *has;
};

static struct line_subject line_subject_of(const struct reader *reader, uint32_t row)
{
    if (row == reader->row) {
        return (struct line_subject){ .row = row, .name = "you", .is = "are", .has = "have" };
    }
    return (struct line_subject){
        .row = row, .name = hub_person(reader_hub(reader), row)->nick, .is = "is", .has = "has"
    };
}

/* "-- bob is bob!guest@127.0.0.1 (Bob the Builder)" */
static void line_say_identity(struct reader *reader, const struct line_subject *subject)
{
    const struct hub *hub = reader_hub(reader);
    const struct person *person = hub_person(hub, subject->row);
    char source_space[SOURCE_SIZE], real_space[REALNAME_MAX];
    struct buf source = buf_over(source_space, sizeof(source_space));
    struct buf real = buf_over(real_space, sizeof(real_space));
    struct buf *out = output_private(reader);

    people_source(hub, subject->row, &source);
    state_get_text(hub->state, person->realname, &real);
    buf_format(out, "-- %s %s %s!", subject->name, subject->is, person->nick);
    irc_format_strip(buf_text(&source), out);
    if (real.len > 0) {
        buf_text_put(out, TEXT(" ("));
        irc_format_strip(buf_text(&real), out);
        buf_char(out, ')');
    }
    buf_text_put(out, TEXT("\r\n"));
}

static void line_say_rooms(struct reader *reader, const struct line_subject *subject,
                           struct buf *rooms)
{
    if (rooms->len > 0) {
        line_say(reader, "%s %s in %.*s", subject->name, subject->is, TEXT_ARG(buf_text(rooms)));
        rooms->len = 0;
    }
}

/* Those that the reader may know of, as many lines as it takes. */
static void line_say_rooms_of(struct reader *reader, const struct line_subject *subject)
{
    const struct hub *hub = reader_hub(reader);
    char space[LINE_WIDTH + ROOM_NAME_SIZE + 16];
    struct buf rooms = buf_over(space, sizeof(space));

    for (uint32_t m = hub_person(hub, subject->row)->first_membership; m != 0;
         m = hub_membership(hub, m)->own_next) {
        const struct membership *membership = hub_membership(hub, m);

        if (membership->until != UNTIL_OPEN || !may_know_of(hub, reader->row, membership->room)) {
            continue;
        }
        buf_format(&rooms, "%s%s%s", rooms.len > 0 ? ", " : "",
                   hub_room(hub, membership->room)->name,
                   membership->flags & MEMBER_OPERATOR ? " (operator)" : "");
        if (rooms.len > LINE_WIDTH - 16) {
            line_say_rooms(reader, subject, &rooms);
        }
    }
    line_say_rooms(reader, subject, &rooms);
}

static void line_say_quiet(struct reader *reader, const struct line_subject *subject)
{
    static const struct {
        uint64_t seconds;
        const char *one, *many;
    } UNITS[] = { { 86400, "day", "days" },
                  { 3600, "hour", "hours" },
                  { 60, "minute", "minutes" },
                  { 1, "second", "seconds" } };
    uint64_t seconds =
        (reader->exchange->now.boot_ms - hub_person(reader_hub(reader), subject->row)->spoke_ms) /
        1000;

    for (size_t i = 0; i < ARRAY_SIZE(UNITS); i++) {
        uint64_t n = seconds / UNITS[i].seconds;

        if (n > 0) {
            line_say(reader, "%s %s said nothing for %llu %s", subject->name, subject->has,
                     (unsigned long long)n, n == 1 ? UNITS[i].one : UNITS[i].many);
            return;
        }
    }
}

static void line_say_person(struct reader *reader, uint32_t row)
{
    struct line_subject subject = line_subject_of(reader, row);
    const struct hub *hub = reader_hub(reader);
    uint32_t flags = hub_person(hub, row)->flags;
    char space[NAME_SIZE];
    struct buf account = buf_over(space, sizeof(space));

    line_say_identity(reader, &subject);
    people_account(hub, row, &account);
    if (account.len > 0) {
        line_say(reader, "%s %s logged in as %.*s", subject.name, subject.is,
                 TEXT_ARG(buf_text(&account)));
    }
    if (flags & PERSON_OPERATOR) {
        line_say(reader, "%s %s an operator of the server", subject.name, subject.is);
    }
    if (flags & PERSON_BOT) {
        line_say(reader, "%s %s a bot", subject.name, subject.is);
    }
    if (may_find(hub, reader->row, row)) {
        line_say_rooms_of(reader, &subject);
    }
    line_put_away(reader, row);
    line_say_quiet(reader, &subject);
}

int line_run_whois(struct reader *reader, struct text args, struct buf *reason)
{
    struct text nick = text_cut_word(&args);
    uint32_t row = people_find_registered(reader_hub(reader), nick);

    (void)reason;
    if (row == 0) {
        line_refuse(reader, CHAT_NO_PERSON, nick);
    } else {
        line_say_person(reader, row);
    }
    return FRONT_DONE;
}
