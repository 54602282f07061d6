/* SPDX-License-Identifier: MIT */
/* state/check: each kind of damage, planted alone in a region that is in order, is found and named.
 */
#include "support/chat_rig.h"

struct check_rig {
    struct chat_rig *chat;
    uint32_t ann, bob, lobby, other;
    char *saved; /* owned */
    size_t len;
};

/* What few people have: all of it. */
static void add_more(struct chat_rig *rig, uint32_t person)
{
    struct state *state = &rig->base.state;
    struct person_more more = { 0 };

    chat_begin(rig);
    state_set_text(state, &more.account, TEXT("annabel"));
    state_set_text(state, &more.host, TEXT("example.org"));
    state_set_text(state, &more.invited, TEXT("1234"));
    state_set_text(state, &more.watched, TEXT("+bob,"));
    state_set_text(state, &more.marks, TEXT("\x02......#a"));
    state_set_person_more(state, person, &more);
    chat_commit(rig);
}

static int setup(void **state)
{
    static struct check_rig f;

    if (chat_rig_set_up(state) != 0) {
        return -1;
    }
    f = (struct check_rig){ .chat = *state };
    f.ann = chat_person(f.chat, FRONT_LINE, "ann");
    f.bob = chat_person(f.chat, FRONT_IRC, "bob");
    f.lobby = chat_join(f.chat, f.ann, "#lobby", 0);
    f.other = chat_join(f.chat, f.ann, "#other", 0);
    (void)chat_join(f.chat, f.bob, "#lobby", 0);
    for (int i = 0; i < 4; i++) {
        chat_say(f.chat, f.ann, f.lobby, "something");
        chat_tell(f.chat, f.ann, f.bob, "psst");
    }
    add_more(f.chat, f.ann);
    f.len = (size_t)(f.chat->base.state.region.log + STATE_RIG_LOG_BYTES -
                     (char *)f.chat->base.state.region.header);
    f.saved = malloc(f.len);
    assert_non_null(f.saved);
    memcpy(f.saved, f.chat->base.state.region.header, f.len);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct check_rig *f = *state;

    free(f->saved);
    *state = f->chat;
    return chat_rig_tear_down(state);
}

/* What there is to damage. */
struct parts {
    struct region_header *header;
    struct wire *wire;                 /* ann's */
    struct person *person;             /* ann */
    char *more;                        /* bytes of a struct person_more: ann's */
    struct room *room;                 /* the lobby */
    struct membership *first, *second; /* of the lobby */
    struct membership *own;            /* ann's second */
    struct record *record;             /* the lobby's oldest */
    struct link *link;                 /* its */
    struct link *box_link;             /* of the newest in ann's box */
};

static void *log_at(const struct check_rig *f, uint64_t pos)
{
    return f->chat->base.state.region.log + pos;
}

static struct parts parts_of(const struct check_rig *f)
{
    const struct region *region = &f->chat->base.state.region;
    struct parts p = { .header = region->header,
                       .wire = &region->wires[f->ann],
                       .person = &region->people[f->ann],
                       .room = &region->rooms[f->lobby] };
    struct record *newest = log_at(f, p.person->box.last_pos);

    p.more = region->cells[p.person->more].bytes;
    p.first = &region->memberships[p.room->first_member];
    p.second = &region->memberships[p.room->last_member];
    p.own = &region->memberships[p.person->last_membership];
    p.record = log_at(f, p.room->chain.first_pos);
    p.link = (struct link *)(void *)(p.record + 1);
    p.box_link = (struct link *)(void *)(newest + 1) + 1;
    return p;
}

static const char LOG[] = "a record of the log is damaged";
static const char CHAIN[] = "a room's chain of records is broken";
static const char BOX[] = "a person's box is broken";
static const char MEMBERS[] = "a room's list of members is broken";
static const char N_MEMBERS[] = "a room's count of members is wrong";
static const char ROOMS[] = "a person's list of rooms is broken";
static const char N_ROOMS[] = "a person's count of rooms is wrong";
static const char CURRENT[] = "a person's current room is none of theirs";
static const char TEXTS[] = "a person's texts are broken";
static const char ROOM_TEXTS[] = "a room's texts are broken";
static const char NUMBER[] = "a connection has a number that was never given";
static const char OUTPUT[] = "a connection's output is longer than its page";

/* Plants `change` (an assignment over `p`), checks, takes it back. */
#define DAMAGE(f, expected, change)                                                                \
    do {                                                                                           \
        struct parts p = parts_of(f);                                                              \
        const char *wrong;                                                                         \
                                                                                                   \
        change;                                                                                    \
        wrong = state_check(&(f)->chat->base.state);                                               \
        assert_string_equal(wrong == NULL ? "nothing" : wrong, (expected));                        \
        memcpy(p.header, (f)->saved, (f)->len);                                                    \
        assert_null(state_check(&(f)->chat->base.state));                                          \
    } while (false)

static void damage_to_a_record_is_found(void **state)
{
    struct check_rig *f = *state;

    DAMAGE(f, LOG, p.record->size = 0);
    DAMAGE(f, LOG, p.record->size += 8);
    DAMAGE(f, LOG, p.record->size -= 8);
    DAMAGE(f, LOG, p.record->size += 1);
    DAMAGE(f, LOG, p.record->size = UINT32_MAX - 7);
    DAMAGE(f, LOG, p.record->n_links = 0);
    DAMAGE(f, LOG, p.record->n_links = 255);
    DAMAGE(f, LOG, p.record->number = 0);
    DAMAGE(f, LOG, p.record->number += 1);
    DAMAGE(f, LOG, p.record->number = p.header->log.next_number);
    DAMAGE(f, LOG, p.record->len[RECORD_TEXT] = 4096);
    DAMAGE(f, LOG, p.record->len[RECORD_WHO] += 8);
    DAMAGE(f, LOG, p.header->log.next_number -= 1);
    DAMAGE(f, LOG, p.header->log.tail -= 8);
    DAMAGE(f, LOG, p.header->log.head += 8);
}

static void damage_to_a_rooms_chain_is_found(void **state)
{
    struct check_rig *f = *state;

    DAMAGE(f, CHAIN, p.room->chain.first += 1);
    DAMAGE(f, CHAIN, p.room->chain.first = p.room->chain.end + 1);
    DAMAGE(f, CHAIN, p.room->chain.end += 1);
    DAMAGE(f, CHAIN, p.room->chain.end -= 1);
    DAMAGE(f, CHAIN, p.room->chain.first_pos = p.header->log.tail);
    DAMAGE(f, CHAIN, p.room->chain.first_pos = p.room->chain.last_pos);
    DAMAGE(f, CHAIN, p.room->chain.last_pos = p.room->chain.first_pos);
    DAMAGE(f, CHAIN, p.link->ordinal += 1);
    DAMAGE(f, CHAIN, p.link->tenant += 1);
    DAMAGE(f, CHAIN, p.link->next = p.room->chain.first_pos);
    DAMAGE(f, CHAIN, p.link->next = UINT64_MAX);
    DAMAGE(f, CHAIN, p.link->owner = f->other);
    DAMAGE(f, CHAIN, p.room->id += 1);
}

static void damage_to_a_box_is_found(void **state)
{
    struct check_rig *f = *state;

    DAMAGE(f, BOX, p.person->box.end += 1);
    DAMAGE(f, BOX, p.person->box.last_pos = 0);
    DAMAGE(f, BOX, p.box_link->ordinal += 1);
    DAMAGE(f, BOX, p.box_link->owner = f->bob | LINK_BOX);
}

static void damage_to_a_list_of_members_is_found(void **state)
{
    struct check_rig *f = *state;

    DAMAGE(f, MEMBERS, p.first->room = f->other);
    DAMAGE(f, MEMBERS, p.second->room_prev = 0);
    DAMAGE(f, MEMBERS, p.second->room_next = p.room->first_member);
    DAMAGE(f, MEMBERS, p.room->first_member = UINT32_MAX);
    DAMAGE(f, MEMBERS, p.first->room_next = state_rig_sizes.memberships);
    DAMAGE(f, N_MEMBERS, p.first->room_next = 0);
    DAMAGE(f, N_MEMBERS, p.room->n_members += 1);
    DAMAGE(f, N_MEMBERS, p.room->n_memberships += 1);
    DAMAGE(f, N_MEMBERS, p.room->last_member = p.room->first_member);
    DAMAGE(f, N_MEMBERS, p.second->until = 5);
}

static void damage_to_a_persons_list_of_rooms_is_found(void **state)
{
    struct check_rig *f = *state;

    DAMAGE(f, ROOMS, p.own->person = f->bob);
    DAMAGE(f, ROOMS, p.own->own_next = p.person->first_membership);
    DAMAGE(f, ROOMS, p.own->cursor.due = 100);
    DAMAGE(f, ROOMS, p.person->first_membership = UINT32_MAX);
    DAMAGE(f, N_ROOMS, p.person->n_memberships += 1);
    DAMAGE(f, N_ROOMS, p.person->first_membership = p.person->last_membership);
}

static void damage_to_what_a_person_or_a_room_refers_to_is_found(void **state)
{
    struct check_rig *f = *state;

    DAMAGE(f, CURRENT, p.person->current = state_rig_sizes.memberships);
    DAMAGE(f, CURRENT, p.person->current = p.room->last_member);
    DAMAGE(f, "nothing", p.person->current = 0);
    DAMAGE(f, TEXTS, p.person->user = state_rig_sizes.cells);
    DAMAGE(f, TEXTS, p.person->away = state_rig_sizes.cells - 1); /* without text */
    DAMAGE(f, ROOM_TEXTS, p.room->topic = UINT32_MAX);
    DAMAGE(f, ROOM_TEXTS, p.room->topic_by = state_rig_sizes.cells - 1);
    DAMAGE(f, ROOM_TEXTS, p.room->key = state_rig_sizes.cells);
    DAMAGE(f, ROOM_TEXTS, p.room->lists[ROOM_INVITATIONS] = state_rig_sizes.cells - 1);
    DAMAGE(f, TEXTS, p.person->more = state_rig_sizes.cells - 1);
}

static void damage_to_what_few_people_have_is_found(void **state)
{
    static const size_t texts[] = { offsetof(struct person_more, account),
                                    offsetof(struct person_more, host),
                                    offsetof(struct person_more, invited),
                                    offsetof(struct person_more, watched),
                                    offsetof(struct person_more, marks) };
    struct check_rig *f = *state;

    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        DAMAGE(f, TEXTS, memset(p.more + texts[i], 0xff, sizeof(uint32_t)));
        DAMAGE(f, "nothing", memset(p.more + texts[i], 0, sizeof(uint32_t)));
    }
}

static void damage_to_a_connection_is_found(void **state)
{
    struct check_rig *f = *state;

    DAMAGE(f, NUMBER, p.wire->id = p.header->counters.next_connection_id);
    DAMAGE(f, OUTPUT, p.wire->out.base = p.wire->out.produced + 1);
    DAMAGE(f, OUTPUT, p.wire->out.produced = p.wire->out.base + PAGE_SIZE_BYTES + 1);
    DAMAGE(f, "nothing", p.wire->out.produced = p.wire->out.base + PAGE_SIZE_BYTES);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(damage_to_a_record_is_found),
        TEST(damage_to_a_rooms_chain_is_found),
        TEST(damage_to_a_box_is_found),
        TEST(damage_to_a_list_of_members_is_found),
        TEST(damage_to_a_persons_list_of_rooms_is_found),
        TEST(damage_to_what_a_person_or_a_room_refers_to_is_found),
        TEST(damage_to_what_few_people_have_is_found),
        TEST(damage_to_a_connection_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
