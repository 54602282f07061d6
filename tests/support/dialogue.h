/* SPDX-License-Identifier: MIT */
/* Dialogues that a non-programmer can read and add: who says what, and who hears what of it. One
 * step a line; integration/transcripts/README explains the words. Runs on a rig that the caller
 * owns; whatever goes wrong is reported with file and line. */
#ifndef SUPPORT_DIALOGUE_H
#define SUPPORT_DIALOGUE_H

#include "support/rig.h"

enum { DIALOGUE_LINES_MAX = 400, DIALOGUE_LINE_MAX = 65536 };

struct dialogue {
    char *path; /* owned, as is the next */
    char *text;
    struct text lines[DIALOGUE_LINES_MAX];
    size_t n_lines;
    size_t at; /* of the step that runs */
};

/* Reads the file; fails the test if there is none. */
struct dialogue *dialogue_new(const char *path);
struct dialogue *dialogue_free(struct dialogue *dialogue);

/* A started rig with the settings that the dialogue asks for. */
struct rig *dialogue_open(const struct dialogue *dialogue);
/* All steps. */
void dialogue_run(struct dialogue *dialogue, struct rig *rig);

/* dialogue_settings.c: "KEY NUMBER" or "KEY TEXT", which in a list is one more. False: there is no
 * such setting. */
bool dialogue_set(struct config *config, struct text rest);
/* "reload KEY VALUE", the same while the daemon runs; "searching takes long", "searching is quick
 * again". False: it is something else. */
bool dialogue_change(struct rig *rig, struct text line);

/* dialogue_words.c: `\xff` `\r` `\n` `\t` `\0` `\\` and `\{text*N}` for N times text. False: not
 * understood. */
bool dialogue_unescape(struct text t, struct buf *out);
/* A whole number, then nothing or a space. Cuts it off `rest`. */
bool dialogue_number(struct text *rest, uint64_t *out);
/* Cuts `words` off the beginning of `rest`; false if they are not there. */
bool dialogue_cut(struct text *rest, const char *words);

#endif
