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

uint32_t pages_lend(struct pages *pages, enum page_use use)
{
    uint32_t page;

    if (pages->n_free == 0 ||
        (use == PAGE_INPUT && pages->n_lent[PAGE_INPUT] >= (pages->n_pages - 1) / 2)) {
        return 0;
    }
    page = pages->free_pages[pages->n_free - 1];
    if (!pages->is_reserved[page]) {
        if (region_reserve_page(pages->region, page) < 0) {
            return 0;
        }
        pages->is_reserved[page] = 1;
        pages->n_reserved++;
    }
    pages->n_free--;
    pages->n_lent[use]++;
    return page;
}

/* The warm ones lie on top of the stack; a page that comes back while enough are warm gives its
 * memory away and goes to the bottom, in exchange for the one there. */
static void pages_cool(struct pages *pages, uint32_t page)
{
    region_punch_page(pages->region, page);
    pages->is_reserved[page] = 0;
    pages->n_reserved--;
    pages->free_pages[pages->n_free] = pages->free_pages[0];
    pages->free_pages[0] = page;
    pages->n_free++;
}

void pages_give_back(struct pages *pages, uint32_t page, enum page_use use)
{
    uint32_t n_lent = pages->n_lent[PAGE_INPUT] + pages->n_lent[PAGE_OUTPUT];

    assert(page > 0 && page < pages->n_pages && pages->n_lent[use] > 0);
    pages->n_lent[use]--;
    if (pages->n_reserved - n_lent >= PAGES_KEPT_WARM) {
        pages_cool(pages, page);
        return;
    }
    pages->free_pages[pages->n_free++] = page;
}
