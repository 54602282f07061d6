/* SPDX-License-Identifier: MIT */
/* The stack of free pages, and whose memory is reserved. */
#include "state/pages.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

enum { PAGE_CLAIMED = 2 }; /* and its use: in is_reserved, until pages_open() */

int pages_init(struct pages *pages, struct region *region)
{
    uint32_t n = region->header->sizes.pages;
    uint32_t *free_pages = calloc(n, sizeof(*free_pages));
    struct page_account *accounts = calloc(n, sizeof(*accounts));

    *pages = (struct pages){
        .region = region, .free_pages = free_pages, .accounts = accounts, .n_pages = n
    };
    if (free_pages == NULL || accounts == NULL) {
        pages_fini(pages);
        return -ENOMEM;
    }
    return 0;
}

void pages_fini(struct pages *pages)
{
    free(pages->free_pages);
    free(pages->accounts);
    *pages = (struct pages){ 0 };
}

void pages_claim(struct pages *pages, uint32_t page, enum page_use use)
{
    struct page_account *account = &pages->accounts[page];

    assert(page > 0 && page < pages->n_pages);
    if (use == PAGE_OUTPUT && account->is_reserved == PAGE_CLAIMED + PAGE_OUTPUT) {
        pages_share(pages, page);
        return;
    }
    assert(account->is_reserved == 0);
    *account =
        (struct page_account){ .n_holders = 1, .is_reserved = (uint8_t)(PAGE_CLAIMED + use) };
    pages->n_lent[use]++;
}

void pages_open(struct pages *pages)
{
    for (uint32_t page = pages->n_pages - 1; page > 0; page--) {
        if (pages->accounts[page].is_reserved >= PAGE_CLAIMED) {
            pages->accounts[page].is_reserved = 1;
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
    if (!pages->accounts[page].is_reserved) {
        if (region_reserve_page(pages->region, page) < 0) {
            return 0;
        }
        pages->accounts[page].is_reserved = 1;
        pages->n_reserved++;
        pages->n_warmed++;
    }
    pages->n_free--;
    pages->n_lent[use]++;
    pages->accounts[page].n_holders = 1;
    return page;
}

void pages_share(struct pages *pages, uint32_t page)
{
    assert(pages->accounts[page].n_holders > 0);
    pages->accounts[page].n_holders++;
}

bool pages_is_shared(const struct pages *pages, uint32_t page)
{
    return pages->accounts[page].n_holders > 1;
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
    pages->accounts[page].is_reserved = 0;
    pages->n_reserved--;
    pages->free_pages[pages->n_free++] = pages->free_pages[lowest_warm];
    pages->free_pages[lowest_warm] = page;
}

static void pages_free(struct pages *pages, uint32_t page, enum page_use use)
{
    uint32_t n_warm = pages_warm(pages);

    assert(pages->n_lent[use] > 0);
    pages->n_lent[use]--;
    pages->n_returned++;
    if (n_warm >= PAGES_KEPT_WARM) {
        pages_cool(pages, page, n_warm);
        return;
    }
    pages->free_pages[pages->n_free++] = page;
}

void pages_give_back(struct pages *pages, uint32_t page, enum page_use use)
{
    assert(page > 0 && page < pages->n_pages && pages->accounts[page].n_holders > 0);
    pages->accounts[page].n_holders--;
    if (pages->accounts[page].n_holders == 0) {
        pages_free(pages, page, use);
    }
}
