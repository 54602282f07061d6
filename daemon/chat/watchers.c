/* SPDX-License-Identifier: MIT */
/* Watches stand in two chains each, by hash and by owner, so that taking one out costs the same
 * however many watch the nick. The table grows by doubling. */
#include "chat/watchers.h"

#include "chat/watched.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { WATCHES_FIRST = 64 }; /* rows */

static uint32_t watchers_hash(const struct hub *hub, struct text nick)
{
    return index_hash_nocase(&hub->nicks, nick);
}

/* ---- the index ---- */

static uint32_t *watching_head(struct watchers *watchers, uint32_t hash)
{
    return &watchers->heads[hash & (watchers->n_rows - 1)];
}

static void watching_chain(struct watchers *watchers, uint32_t row)
{
    struct watching *watching = &watchers->watchings[row];
    uint32_t *head = watching_head(watchers, watching->hash);

    watching->prev = 0;
    watching->next = *head;
    if (*head != 0) {
        watchers->watchings[*head].prev = row;
    }
    *head = row;
}

static void watching_unchain(struct watchers *watchers, uint32_t row)
{
    const struct watching *watching = &watchers->watchings[row];

    if (watching->prev != 0) {
        watchers->watchings[watching->prev].next = watching->next;
    } else {
        *watching_head(watchers, watching->hash) = watching->next;
    }
    if (watching->next != 0) {
        watchers->watchings[watching->next].prev = watching->prev;
    }
}

static void watching_free(struct watchers *watchers, uint32_t row)
{
    watchers->watchings[row] = (struct watching){ .own_next = watchers->first_free };
    watchers->first_free = row;
}

static bool watchers_grow(struct watchers *watchers)
{
    uint32_t n_old = watchers->n_rows;
    uint32_t n = n_old == 0 ? WATCHES_FIRST : 2 * n_old;
    uint32_t *heads = calloc(n, sizeof(*heads));
    struct watching *watchings = realloc(watchers->watchings, n * sizeof(*watchings));

    if (watchings != NULL) {
        watchers->watchings = watchings;
    }
    if (heads == NULL || watchings == NULL) {
        free(heads);
        return false;
    }
    free(watchers->heads);
    watchers->heads = heads;
    watchers->n_rows = n;
    for (uint32_t row = 1; row < n_old; row++) {
        if (watchings[row].watcher != 0) {
            watching_chain(watchers, row);
        }
    }
    for (uint32_t row = n - 1; row >= n_old && row > 0; row--) {
        watching_free(watchers, row);
    }
    return true;
}

bool watchers_reserve(struct hub *hub, uint32_t person, uint32_t n)
{
    struct watchers *watchers = &hub->watchers;
    uint32_t n_own = 0;

    for (uint32_t row = watchers->watcher[person].first; row != 0;
         row = watchers->watchings[row].own_next) {
        n_own++;
    }
    if (n <= n_own) {
        return true;
    }
    while (watchers->n_rows < watchers->n_used - n_own + n + 1) { /* row 0 is not used */
        if (!watchers_grow(watchers)) {
            return false;
        }
    }
    return true;
}

void watchers_add(struct hub *hub, uint32_t person, struct text nick)
{
    struct watchers *watchers = &hub->watchers;
    uint32_t row = watchers->first_free;
    struct watching *watching = &watchers->watchings[row];

    assert(row != 0); /* the caller reserved it */
    watchers->first_free = watching->own_next;
    *watching = (struct watching){ .watcher = person,
                                   .hash = watchers_hash(hub, nick),
                                   .own_next = watchers->watcher[person].first };
    watchers->watcher[person].first = row;
    watching_chain(watchers, row);
    watchers->n_used++;
}

void watchers_forget(struct hub *hub, uint32_t person)
{
    struct watchers *watchers = &hub->watchers;
    uint32_t row = watchers->watcher[person].first;

    while (row != 0) {
        uint32_t next = watchers->watchings[row].own_next;

        watching_unchain(watchers, row);
        watching_free(watchers, row);
        watchers->n_used--;
        row = next;
    }
    watchers->watcher[person].first = 0;
}

int watchers_init(struct hub *hub)
{
    const struct state *state = hub->state;

    hub->watchers.watcher = calloc(state->header->sizes.wires, sizeof(struct watcher));
    if (hub->watchers.watcher == NULL) {
        return -ENOMEM;
    }
    for (uint32_t row = 1; row < state->written.wires; row++) {
        struct watched_list list;

        if (hub_person(hub, row)->more == 0) {
            continue;
        }
        watched_read(hub, row, &list);
        if (!watchers_reserve(hub, row, list.n)) {
            return -ENOMEM;
        }
        for (uint32_t i = 0; i < list.n; i++) {
            watchers_add(hub, row, text_of(list.items[i].nick));
        }
        if (list.n > 0) {
            hub->watchers.watcher[row].has_news = true;
            hub_wake_person(hub, row);
        }
    }
    return 0;
}

void watchers_fini(struct hub *hub)
{
    free(hub->watchers.watchings);
    free(hub->watchers.heads);
    free(hub->watchers.watcher);
    hub->watchers = (struct watchers){ 0 };
}

/* ---- who watchings ---- */

void watchers_wake(struct hub *hub, struct text nick)
{
    struct watchers *watchers = &hub->watchers;
    uint32_t hash;

    if (watchers->n_used == 0) {
        return;
    }
    hash = watchers_hash(hub, nick);
    for (uint32_t row = *watching_head(watchers, hash); row != 0;
         row = watchers->watchings[row].next) {
        const struct watching *watching = &watchers->watchings[row];

        if (watching->hash == hash) { /* of another nick, once in a long while: it finds no news */
            watchers->watcher[watching->watcher].has_news = true;
            hub_wake_person(hub, watching->watcher);
        }
    }
}

bool watchers_has_news(const struct hub *hub, uint32_t person)
{
    return hub->watchers.watcher[person].has_news;
}

void watchers_settle(struct hub *hub, uint32_t person)
{
    hub->watchers.watcher[person].has_news = false;
}

/* Keeps the lowest rows, ascending. Which ones they are must not depend on the order of the chain:
 * a start builds another one. */
static uint32_t curious_insert(uint32_t *people, uint32_t n, uint32_t person)
{
    uint32_t at = n;

    while (at > 0 && people[at - 1] > person) {
        at--;
    }
    if (at == CURIOUS_MAX) {
        return n;
    }
    n = n < CURIOUS_MAX ? n + 1 : n;
    memmove(&people[at + 1], &people[at], (n - 1 - at) * sizeof(*people));
    people[at] = person;
    return n;
}

static bool is_curious(const struct hub *hub, uint32_t person)
{
    uint32_t flags = hub_person(hub, person)->flags;

    return (flags & PERSON_CURIOUS) && !(flags & PERSON_GONE);
}

/* Two nicks may have the same hash; a record of the wrong one must reach nobody. */
static uint32_t curious_keep_true(const struct hub *hub, struct text nick, uint32_t *people,
                                  uint32_t n)
{
    uint32_t n_kept = 0;

    for (uint32_t i = 0; i < n; i++) {
        struct watched_list list;

        watched_read(hub, people[i], &list);
        if (watched_find(&list, nick) != NULL && (n_kept == 0 || people[n_kept - 1] != people[i])) {
            people[n_kept++] = people[i];
        }
    }
    return n_kept;
}

uint32_t watchers_curious(const struct hub *hub, uint32_t person, uint32_t *out_people)
{
    const struct watchers *watchers = &hub->watchers;
    struct text nick = text_of(hub_person(hub, person)->nick);
    uint32_t hash, n = 0;

    if (watchers->n_used == 0 || !(hub_person(hub, person)->flags & PERSON_REGISTERED)) {
        return 0;
    }
    hash = watchers_hash(hub, nick);
    for (uint32_t row = watchers->heads[hash & (watchers->n_rows - 1)]; row != 0;
         row = watchers->watchings[row].next) {
        const struct watching *watching = &watchers->watchings[row];

        if (watching->hash == hash && watching->watcher != person &&
            is_curious(hub, watching->watcher)) {
            n = curious_insert(out_people, n, watching->watcher);
        }
    }
    return curious_keep_true(hub, nick, out_people, n);
}
