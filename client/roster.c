/* SPDX-License-Identifier: MIT */
/* Who is in a room. Owns the order: by folded name, so that finding somebody among thousands takes
 * a few comparisons; who ranks higher is a matter of drawing. */
#include "roster.h"

#include <stdlib.h>
#include <string.h>

void roster_fini(struct roster *m)
{
    for (size_t i = 0; i < m->n; i++) {
        free(m->list[i].name);
    }
    free(m->list);
    *m = (struct roster){ .n = 0 };
}

static int roster_compare(struct text a, struct text b)
{
    for (size_t i = 0; i < size_min(a.len, b.len); i++) {
        int difference = (unsigned char)text_lower(a.at[i]) - (unsigned char)text_lower(b.at[i]);

        if (difference != 0) {
            return difference;
        }
    }
    return (a.len > b.len) - (a.len < b.len);
}

/* Where the name is, or would be. */
static size_t roster_place(const struct roster *m, struct text name)
{
    size_t low = 0, high = m->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (roster_compare(member_name(&m->list[middle]), name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool roster_is_at(const struct roster *m, size_t i, struct text name)
{
    return i < m->n && roster_compare(member_name(&m->list[i]), name) == 0;
}

struct member *roster_find(const struct roster *m, struct text name)
{
    size_t i = roster_place(m, name);

    return roster_is_at(m, i, name) ? &m->list[i] : NULL;
}

static void roster_insert(struct roster *m, const struct member *member)
{
    size_t i = roster_place(m, member_name(member));

    if (m->n == m->size) {
        m->size = m->size == 0 ? 16 : m->size * 2;
        m->list = realloc(m->list, m->size * sizeof(m->list[0]));
        if (m->list == NULL) {
            abort();
        }
    }
    memmove(&m->list[i + 1], &m->list[i], (m->n - i) * sizeof(m->list[0]));
    m->list[i] = *member;
    m->n++;
}

static char *roster_copy(struct text name)
{
    char *copy = strndup(name.at, name.len);

    if (copy == NULL) {
        abort();
    }
    return copy;
}

struct member *roster_add(struct roster *m, struct text name)
{
    struct member *there = roster_find(m, name);
    struct member member = { .name_len = name.len };

    if (there != NULL) {
        return there;
    }
    member.name = roster_copy(name);
    member.name_len = strlen(member.name);
    roster_insert(m, &member);
    return roster_find(m, member_name(&member));
}

/* Takes it off the list, its name with it. */
static struct member roster_take(struct roster *m, size_t i)
{
    struct member member = m->list[i];

    m->n--;
    memmove(&m->list[i], &m->list[i + 1], (m->n - i) * sizeof(m->list[0]));
    return member;
}

bool roster_remove(struct roster *m, struct text name)
{
    size_t i = roster_place(m, name);

    if (!roster_is_at(m, i, name)) {
        return false;
    }
    free(roster_take(m, i).name);
    return true;
}

bool roster_rename(struct roster *m, struct text from, struct text to)
{
    size_t i = roster_place(m, from);
    struct member member;

    if (!roster_is_at(m, i, from)) {
        return false;
    }
    member = roster_take(m, i);
    free(member.name);
    (void)roster_remove(m, to); /* somebody of whose going we have not heard */
    member.name = roster_copy(to);
    member.name_len = strlen(member.name);
    roster_insert(m, &member);
    return true;
}

void roster_spoke(struct roster *m, struct text name)
{
    struct member *member = roster_find(m, name);

    if (member != NULL) {
        member->spoke = ++m->n_spoken;
    }
}

void member_set_sign(struct member *member, char sign, bool is_set, const char *order)
{
    char old[ROSTER_SIGNS_MAX + 1];
    size_t n = 0;

    memcpy(old, member->signs, sizeof(old));
    for (; *order != '\0' && n < ROSTER_SIGNS_MAX; order++) {
        bool was_set = strchr(old, *order) != NULL;

        if (*order == sign ? is_set : was_set) {
            member->signs[n++] = *order;
        }
    }
    member->signs[n] = '\0';
}
