/* SPDX-License-Identifier: MIT */
/* The pool of pages that connections borrow for input that is not handled and output that is not
 * sent. Several may hold one page of output: the same bytes are due to them. Lent last in, first
 * out: the next borrower gets the page that is still hot. Not transactional: who uses which page
 * follows from the rows and the kernel's counts at each start. */
#ifndef STATE_PAGES_H
#define STATE_PAGES_H

#include "state/region.h"

enum page_use { PAGE_INPUT, PAGE_OUTPUT };

struct page_account {
    uint32_t n_holders;  /* connections that use it; 0: it is free */
    uint8_t is_reserved; /* its memory is there */
};

struct pages {
    struct region *region;         /* borrowed */
    uint32_t *free_pages;          /* owned; a stack */
    struct page_account *accounts; /* owned; by page */
    uint32_t n_free, n_pages;
    uint32_t n_lent[2]; /* by enum page_use */
    uint32_t n_reserved;
    uint64_t n_warmed;   /* so far: how often memory was asked for */
    uint64_t n_returned; /* so far: whoever waits for a page looks whether this has moved */
};

enum {
    PAGES_KEPT_WARM = 64, /* free pages above this many give their memory back */
    PAGES_PER_TURN = 2,   /* one to read into, one to answer in */
};

/* All pages are free; those in use are then claimed, one by one, before the first is lent. -ENOMEM.
 */
must_check int pages_init(struct pages *pages, struct region *region);
void pages_fini(struct pages *pages);

/* At start: `page` is in use by one connection, or by one more, if it is for output. */
void pages_claim(struct pages *pages, uint32_t page, enum page_use use);
/* The claims are made: builds the stack of the rest. */
void pages_open(struct pages *pages);

/* A page whose memory is there, or 0: none is free, the system has no memory, or input already
 * holds its half (so that talkers who never end a line cannot keep others from hearing). */
uint32_t pages_lend(struct pages *pages, enum page_use use);
/* False: there is none for this use, whatever memory the system has. */
bool pages_may_lend(const struct pages *pages, enum page_use use);
/* One more connection holds the page, which is lent for output. What holders have of it does not
 * change until they give it back: a shared page takes no more bytes. */
void pages_share(struct pages *pages, uint32_t page);
bool pages_is_shared(const struct pages *pages, uint32_t page);
/* A connection needs the page no more. It is free when nobody holds it. */
void pages_give_back(struct pages *pages, uint32_t page, enum page_use use);
/* As many as are kept warm are in use, and the next turn would have to wait for memory. */
bool pages_are_running_cold(const struct pages *pages);

#endif
