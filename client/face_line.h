/* SPDX-License-Identifier: MIT */
/* Line mode: events become lines, in the terminal's own scrollback or in a pipe. */
#ifndef CLIENT_FACE_LINE_H
#define CLIENT_FACE_LINE_H

#include "face.h"
#include "model.h"
#include "term.h"

struct face_line {
    struct face face;
    struct term term;
    bool is_json;
    const struct model *model; /* borrowed; whose room is the prompt */
};

/* Returns 0 or -errno; face_line_fini() may be called either way. */
must_check int face_line_init(struct face_line *f, const struct term_config *config,
                              const struct model *model);
void face_line_fini(struct face_line *f);

#endif
