/* SPDX-License-Identifier: MIT */
/* Between the files of resume. */
#ifndef CLIENT_RESUME_INSIDE_H
#define CLIENT_RESUME_INSIDE_H

#include "resume.h"

void resume_drop_pages(struct resume *r);
/* What still comes of the open batch answers no question any more. */
void resume_disown_batch(struct resume *r);

/* Words about what follows, in the conversation's window. */
void resume_put_words(struct resume *r, const struct place *place, struct text words);
void resume_put_pages(struct resume *r);
/* What waited in the conversation is due, without what the answer in `pages` has. */
void resume_release(struct resume *r, struct place *place, bool has_answer);
/* All that was wished for about r->place has come. */
void resume_finish(struct resume *r);

#endif
