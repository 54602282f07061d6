/* SPDX-License-Identifier: MIT */
/* What any thread may ask the archive, or tell it. */
#include "store/archive_inside.h"

#include <errno.h>

uint64_t archive_position(const struct archive *archive)
{
    return __atomic_load_n(&archive->position, __ATOMIC_ACQUIRE);
}

bool archive_has_room(const struct archive *archive, const struct state *state, uint64_t bytes)
{
    return state->header->log.tail + bytes - archive_position(archive) <=
           state->header->sizes.log_bytes;
}

bool archive_has_batch(const struct archive *archive, const struct state *state)
{
    return state->header->log.tail - archive_position(archive) >= archive->batch_bytes;
}

bool archive_is_behind(const struct archive *archive)
{
    return archive->tap.header != NULL && tap_visible(&archive->tap) != archive_position(archive);
}

bool archive_is_failing(const struct archive *archive)
{
    return __atomic_load_n(&archive->board.is_failing, __ATOMIC_ACQUIRE);
}

void archive_get_status(struct archive *archive, struct archive_status *out)
{
    board_get_status(&archive->board, out);
}

struct board *archive_board(struct archive *archive)
{
    return &archive->board;
}

int archive_set_permanent(struct archive *archive, const struct text *names, size_t n)
{
    return board_set_permanent(&archive->board, names, n);
}

int archive_set_keep(struct archive *archive, const struct archive_keep *keep,
                     const struct archive_room_keep *rooms, size_t n_rooms)
{
    struct keeping *keeping = keeping_new(keep, rooms, n_rooms);

    if (keeping == NULL) {
        return -ENOMEM;
    }
    board_set_keeping(&archive->board, keeping);
    return 0;
}
