/* SPDX-License-Identifier: MIT */
/* The stack of free pages, and whose memory is reserved. */
#include "state/pages.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

enum { PAGE_CLAIMED = 2 }; /* in is_reserved, until pages_open() */

int pages_init(struct pages *pages, struct region *region)
{
    uint32_t n = region->header->sizes.pages;
    uint32_t *free_pages = calloc(n, sizeof(*free_pages));
    uint8_t *is_reserved = calloc(n, sizeof(*is_reserved));

    if (free_pages == NULL || is_reserved == NULL) {
        free(free_pages);
        free(is_reserved);
        return -ENOMEM;
    }
    *pages = (struct pages){
        .region = region, .free_pages = free_pages, .is_reserved = is_reserved, .n_pages = n
    };
    return 0;
}

void pages_fini(struct pages *pages)
{
    free(pages->free_pages);
    free(pages->is_reserved);
    *pages = (struct pages){ 0 };
}

void pages_claim(struct pages *pages, uint32_t page, enum page_use use)
{
    assert(page > 0 && page < pages->n_pages && pages->is_reserved[page] == 0);
    pages->is_reserved[page] = PAGE_CLAIMED;
    pages->n_lent[use]++;
}

void pages_open(struct pages *pages)
{
    for (uint32_t page = pages->n_pages - 1; page > 0; page--) {
        if (pages->is_reserved[page] == PAGE_CLAIMED) {
            pages->is_reserved[page] = 1;
            pages->n_reserved++;
        } else {
            pages->free_pages[pages->n_free++] = page;
        }
    }
}

bool pages_may_lend(const struct pages *pages, enum page_use use)
{
    return pages->n_free > 0 &&
           (use != PAGE_INPUT || pages->n_lent[PAGE_INPUT] < (pages->n_pages - 1) / 2);
}

uint32_t pages_lend(struct pages *pages, enum page_use use)
{
    uint32_t page;

    if (!pages_may_lend(pages, use)) {
        return 0;
    }
    page = pages->free_pages[pages->n_free - 1];
    if (!pages->is_reserved[page]) {
        if (region_reserve_page(pages->region, page) < 0) {
            return 0;
        }
        pages->is_reserved[page] = 1;
        pages->n_reserved++;
        pages->n_warmed++;
    }
    pages->n_free--;
    pages->n_lent[use]++;
    return page;
}

static uint32_t pages_warm(const struct pages *pages)
{
    return pages->n_reserved - pages->n_lent[PAGE_INPUT] - pages->n_lent[PAGE_OUTPUT];
}

bool pages_are_running_cold(const struct pages *pages)
{
    return pages->n_reserved >= PAGES_KEPT_WARM && pages_warm(pages) < PAGES_PER_TURN;
}

/* The warm ones lie on top of the stack, the cold ones below. A page that comes back while enough
 * are warm gives its memory away and takes the place of the lowest warm one, which goes on top: a
 * cold page on top would be warmed and cooled by every borrower. */
static void pages_cool(struct pages *pages, uint32_t page, uint32_t n_warm)
{
    uint32_t lowest_warm = pages->n_free - n_warm;

    region_punch_page(pages->region, page);
    pages->is_reserved[page] = 0;
    pages->n_reserved--;
    pages->free_pages[pages->n_free++] = pages->free_pages[lowest_warm];
    pages->free_pages[lowest_warm] = page;
}

void pages_give_back(struct pages *pages, uint32_t page, enum page_use use)
{
    uint32_t n_warm = pages_warm(pages);

    assert(page > 0 && page < pages->n_pages && pages->n_lent[use] > 0);
    pages->n_lent[use]--;
    pages->n_returned++;
    if (n_warm >= PAGES_KEPT_WARM) {
        pages_cool(pages, page, n_warm);
        return;
    }
    pages->free_pages[pages->n_free++] = page;
}
