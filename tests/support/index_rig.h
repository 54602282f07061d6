/* SPDX-License-Identifier: MIT */
/* What tests of store/indexer share: an archive with segments of four numbers. */
#ifndef SUPPORT_INDEX_RIG_H
#define SUPPORT_INDEX_RIG_H

#include "store/archive_inside.h"
#include "support/keep_rig.h"

#define SEGMENTS                                                                                   \
    "SELECT group_concat(first || '-' || last, ' ') FROM (SELECT * FROM segments ORDER BY first)"

enum { SPAN = 4 };

static inline int index_rig_set_up(void **state)
{
    return archive_rig_set_up_span(state, SPAN);
}

static inline void say_words(struct archive_rig *rig, unsigned n)
{
    char text[32];

    for (unsigned i = 0; i < n; i++) {
        (void)snprintf(text, sizeof(text), "needle %u", i);
        (void)archive_rig_say(rig, rig->lobby, text);
        archive_rig_settle(rig);
    }
}

static inline void expect(struct archive_rig *rig, const char *sql, const char *wanted)
{
    assert_string_equal(archive_rig_sql(rig, sql), wanted);
}

static inline const char *find(struct archive_rig *rig, const char *words)
{
    struct scope lobby = archive_rig_room(rig, rig->lobby);

    return archive_rig_search(rig, &lobby, 1, words);
}

#define INDEX_TEST(name)                                                                           \
    cmocka_unit_test_setup_teardown(name, index_rig_set_up, archive_rig_tear_down)

#endif
