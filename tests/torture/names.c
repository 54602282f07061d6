/* SPDX-License-Identifier: MIT */
/* What points and bugs are called: in the environment, on the command line, in the report. */
#include "torture/points.h"

const char *const POINT_NAMES[POINTS] = {
    [POINT_SAVED] = "saved",
    [POINT_FRESH] = "fresh",
    [POINT_COMMITTING] = "committing",
    [POINT_COMMITTED] = "committed",
    [POINT_STORED] = "stored",
    [POINT_BEFORE_RECV] = "before-recv",
    [POINT_AFTER_RECV] = "after-recv",
    [POINT_BEFORE_SEND] = "before-send",
    [POINT_AFTER_SEND] = "after-send",
    [POINT_ACCEPTED] = "accepted",
    [POINT_BEFORE_BOX] = "before-box",
    [POINT_AFTER_BOX] = "after-box",
    [POINT_BEFORE_STORE] = "before-store",
    [POINT_AFTER_STORE] = "after-store",
    [POINT_BEFORE_UNSTORE] = "before-unstore",
    [POINT_AFTER_UNSTORE] = "after-unstore",
    [POINT_PEEKED] = "peeked",
    [POINT_BEFORE_SHUTDOWN] = "before-shutdown",
    [POINT_AFTER_SHUTDOWN] = "after-shutdown",
};

const char *const BUG_NAMES[BUGS] = {
    [BUG_NONE] = "none",       [BUG_WRITTEN] = "written", [BUG_COMMIT] = "commit",
    [BUG_JOURNAL] = "journal", [BUG_PAGE] = "page",       [BUG_EVICTION] = "eviction",
    [BUG_BOX] = "box",
};
