/* SPDX-License-Identifier: MIT */
/* The lines that were entered. Owns copies of them. */
#include "history.h"

#include <stdlib.h>
#include <string.h>

void history_fini(struct history *h)
{
    for (size_t i = 0; i < h->n; i++) {
        free(h->lines[i]);
    }
    free(h->draft);
    *h = (struct history){ .n = 0 };
}

char *history_copy(struct text t)
{
    char *copy = strndup(t.at, t.len);

    if (copy == NULL) {
        abort();
    }
    return copy;
}

void history_add(struct history *h, struct text line)
{
    if (line.len > 0) {
        if (h->n == HISTORY_MAX) {
            free(h->lines[0]);
            h->n--;
            memmove(h->lines, h->lines + 1, h->n * sizeof(h->lines[0]));
        }
        h->lines[h->n++] = history_copy(line);
    }
    h->at = h->n;
}

const char *history_up(struct history *h, struct text shown)
{
    if (h->at == 0) {
        return NULL;
    }
    if (h->at == h->n) {
        free(h->draft);
        h->draft = history_copy(shown);
    }
    return h->lines[--h->at];
}

const char *history_down(struct history *h)
{
    if (h->at == h->n) {
        return NULL;
    }
    h->at++;
    return h->at == h->n ? h->draft : h->lines[h->at];
}
