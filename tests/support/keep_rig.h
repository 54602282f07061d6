/* SPDX-License-Identifier: MIT */
/* What tests of store/retention share: deleting until nothing is due, and whether it all agrees. */
#ifndef SUPPORT_KEEP_RIG_H
#define SUPPORT_KEEP_RIG_H

#include "support/archive_rig.h"

static inline void tidy(struct archive_rig *rig, uint64_t now_ms)
{
    int r;

    do {
        r = archive_tidy(rig->archive, now_ms);
    } while (r == ARCHIVE_MORE);
    assert_int_equal(r, 0);
}

/* The sums and the index say what there is. */
static inline void expect_consistent(struct archive_rig *rig)
{
    assert_string_equal(
        archive_rig_sql(rig, "SELECT count(*) FROM places WHERE records <> "
                             "(SELECT count(*) FROM placements WHERE place = places.id) OR bytes <>"
                             "(SELECT sum(length(CAST(text AS BLOB))) FROM placements "
                             "JOIN records USING(number) WHERE placements.place = places.id)"),
        "0");
    assert_string_equal(archive_rig_sql(rig, "SELECT count(*) FROM placements WHERE number "
                                             "NOT IN (SELECT number FROM records)"),
                        "0");
    assert_string_equal(archive_rig_sql(rig, "SELECT count(*) FROM records WHERE number "
                                             "NOT IN (SELECT number FROM placements)"),
                        "0");
}

#endif
