/* SPDX-License-Identifier: MIT */
/* A window of history that is shown in several steps: how far it came stands in wire.answer, in the
 * form of chat/history_bookmark.c. */
#include "front/output.h"
#include "front/recall.h"

struct history_walk recall_walk(const struct reader *reader, const struct history_query *query)
{
    const struct wire *wire = reader_wire(reader);

    if (wire->in.step == 0) {
        return (struct history_walk){ .phase = HISTORY_BEGIN };
    }
    return history_resume(reader_hub(reader), query,
                          (struct history_bookmark){ .at = wire->answer.at,
                                                     .pos = wire->answer.until,
                                                     .span = wire->answer.row });
}

int recall_pause(struct reader *reader, uint32_t kind, const struct history_query *query,
                 const struct history_walk *walk)
{
    struct history_bookmark bookmark = history_keep(reader_hub(reader), query, walk);

    output_set_answer(reader, kind, bookmark.span, bookmark.at, bookmark.pos);
    return FRONT_MORE;
}
