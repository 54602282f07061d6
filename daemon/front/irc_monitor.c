/* SPDX-License-Identifier: MIT */
/* MONITOR: being told who comes and goes, wherever they are. Source: IRCv3 monitor. What changes
 * about them (IRCv3 extended-monitor) are records in the watcher's box; see chat/watchers.h. */
#include "front/irc.h"

#include "chat/people.h"
#include "chat/records.h"
#include "chat/watched.h"

enum { MONITOR_STEP = 40 }; /* nicks: as many "nick!user@host" are well within REPLY_ROOM */

/* ---- lists of nicks, in as many lines as it takes ---- */

struct monitor_lines {
    struct reader *reader; /* borrowed */
    enum irc_numeric numeric;
    struct buf items; /* over the next */
    char space[IRC_NAMES_WIDTH];
};

static void monitor_begin(struct monitor_lines *lines, struct reader *reader,
                          enum irc_numeric numeric)
{
    lines->reader = reader;
    lines->numeric = numeric;
    lines->items = buf_over(lines->space, sizeof(lines->space));
}

static void monitor_end(struct monitor_lines *lines)
{
    struct text items = buf_text(&lines->items);

    if (items.len == 0) {
        return;
    }
    if (lines->numeric == ERR_MONLISTFULL) {
        irc_numeric(lines->reader, ERR_MONLISTFULL, "%d %.*s :Monitor list is full", WATCHED_MAX,
                    TEXT_ARG(items));
    } else {
        irc_numeric(lines->reader, lines->numeric, ":%.*s", TEXT_ARG(items));
    }
    lines->items.len = 0;
}

static void monitor_put(struct monitor_lines *lines, struct text item)
{
    if (buf_space(&lines->items) < item.len + 1) {
        monitor_end(lines);
    }
    if (lines->items.len > 0) {
        buf_char(&lines->items, ',');
    }
    buf_text_put(&lines->items, item);
}

/* "nick!user@host" of who is there, else the nick. */
static void monitor_put_state(struct monitor_lines *lines, const struct watched *item)
{
    const struct hub *hub = reader_hub(lines->reader);
    char space[NAME_SIZE + SOURCE_SIZE];
    struct buf whole = buf_over(space, sizeof(space));

    buf_text_put(&whole, text_of(item->nick));
    if (item->is_there) {
        buf_char(&whole, '!');
        people_source(hub, people_find_registered(hub, text_of(item->nick)), &whole);
    }
    monitor_put(lines, buf_text(&whole));
}

static enum irc_numeric monitor_numeric(bool is_there)
{
    return is_there ? RPL_MONONLINE : RPL_MONOFFLINE;
}

/* ---- news ---- */

static bool monitor_is_same(const struct watched *a, const struct watched *b)
{
    return a->is_there == b->is_there && text_equal(text_of(a->nick), text_of(b->nick));
}

/* Of those who came, or of those who went. Another spelling is stored and not told. False: no room
 * for all of it. */
static bool irc_tell_those(struct reader *reader, const struct watched_list *list, bool is_there)
{
    struct monitor_lines lines;

    monitor_begin(&lines, reader, monitor_numeric(is_there));
    for (uint32_t i = 0; i < list->n; i++) {
        struct watched item = list->items[i];
        bool is_news;

        watched_look(reader_hub(reader), &item);
        if (item.is_there != is_there || monitor_is_same(&item, &list->items[i])) {
            continue;
        }
        is_news = item.is_there != list->items[i].is_there;
        if (is_news && buf_space(&reader->output) < IRC_ROW_NEEDED) {
            monitor_end(&lines);
            return false;
        }
        if (is_news) {
            monitor_put_state(&lines, &item);
        }
        watched_store_item(reader_hub(reader), reader->row, &item);
    }
    monitor_end(&lines);
    return true;
}

/* Who takes another nick goes first, and comes then. */
bool irc_tell(struct reader *reader)
{
    struct watched_list list;

    watched_read(reader_hub(reader), reader->row, &list);
    return irc_tell_those(reader, &list, false) && irc_tell_those(reader, &list, true);
}

/* ---- the command ---- */

/* The step's items of a list, empty ones included; what follows them is `out_rest`. */
static struct text monitor_part(const struct reader *reader, struct text names,
                                struct text *out_rest)
{
    struct text rest = names;
    const char *start;

    for (int i = 0; i < reader_wire(reader)->in.step * MONITOR_STEP; i++) {
        (void)text_cut(&rest, ',');
    }
    start = rest.at;
    for (int i = 0; i < MONITOR_STEP; i++) {
        (void)text_cut(&rest, ',');
    }
    *out_rest = rest;
    return (struct text){ start, (size_t)(rest.at - start) };
}

static void monitor_answer(struct reader *reader, struct watched_list *list, struct text names,
                           bool is_there)
{
    struct monitor_lines lines;

    monitor_begin(&lines, reader, monitor_numeric(is_there));
    while (names.len > 0) {
        const struct watched *item = watched_find(list, text_cut(&names, ','));

        if (item != NULL && item->is_there == is_there) {
            monitor_put_state(&lines, item);
        }
    }
    monitor_end(&lines);
}

/* What did not get into the list, which is full. */
static void monitor_refuse(struct reader *reader, struct watched_list *list, struct text names)
{
    struct monitor_lines lines;

    monitor_begin(&lines, reader, ERR_MONLISTFULL);
    while (names.len > 0) {
        struct text name = text_cut(&names, ',');

        if (name_is_nick(name) && watched_find(list, name) == NULL) {
            monitor_put(&lines, name);
        }
    }
    monitor_end(&lines);
}

/* Adds the names that are nicks; what else there is, is passed over. False: the list is full. */
static bool monitor_add_names(const struct hub *hub, struct watched_list *list, struct text names)
{
    bool is_full = false;

    while (names.len > 0) {
        struct text name = text_cut(&names, ',');
        int r = watched_add(list, name);

        if (r == 0) {
            watched_look(hub, watched_find(list, name));
        }
        is_full |= r == CHAT_LIST_FULL;
    }
    return !is_full;
}

static int monitor_add(struct reader *reader, struct text names)
{
    struct hub *hub = reader_hub(reader);
    struct text rest, part = monitor_part(reader, names, &rest);
    struct text from_here = { part.at, part.len + rest.len };
    struct watched_list list;
    bool has_room;

    watched_read(hub, reader->row, &list);
    has_room = monitor_add_names(hub, &list, part);
    if (watched_store(hub, reader->row, &list) != 0) {
        irc_numeric(reader, RPL_TRYAGAIN, "MONITOR :There is no room for that now");
        return FRONT_DONE;
    }
    monitor_answer(reader, &list, part, true);
    monitor_answer(reader, &list, part, false);
    if (!has_room) {
        monitor_refuse(reader, &list, from_here);
        return FRONT_DONE;
    }
    return rest.len > 0 ? FRONT_MORE : FRONT_DONE;
}

static int monitor_remove(struct reader *reader, struct text names)
{
    struct watched_list list;

    watched_read(reader_hub(reader), reader->row, &list);
    while (names.len > 0) {
        watched_remove(&list, text_cut(&names, ','));
    }
    (void)!watched_store(reader_hub(reader), reader->row, &list); /* it is shorter */
    return FRONT_DONE;
}

static int monitor_clear(struct reader *reader, struct text names)
{
    struct watched_list list = { .n = 0 };

    (void)names;
    (void)!watched_store(reader_hub(reader), reader->row, &list);
    return FRONT_DONE;
}

static int monitor_list(struct reader *reader, struct text names)
{
    struct watched_list list;
    struct monitor_lines lines;

    (void)names;
    watched_read(reader_hub(reader), reader->row, &list);
    monitor_begin(&lines, reader, RPL_MONLIST);
    for (uint32_t i = 0; i < list.n; i++) {
        monitor_put(&lines, text_of(list.items[i].nick));
    }
    monitor_end(&lines);
    irc_numeric(reader, RPL_ENDOFMONLIST, ":End of MONITOR list");
    return FRONT_DONE;
}

/* What is shown here need not be told any more. */
static int monitor_show(struct reader *reader, struct text names)
{
    uint32_t from = (uint32_t)reader_wire(reader)->in.step * MONITOR_STEP, until;
    struct monitor_lines there, gone;
    struct watched_list list;

    (void)names;
    watched_read(reader_hub(reader), reader->row, &list);
    until = list.n < from + MONITOR_STEP ? list.n : from + MONITOR_STEP;
    monitor_begin(&there, reader, RPL_MONONLINE);
    monitor_begin(&gone, reader, RPL_MONOFFLINE);
    for (uint32_t i = from; i < until; i++) {
        struct watched *item = &list.items[i];

        watched_look(reader_hub(reader), item);
        watched_store_item(reader_hub(reader), reader->row, item);
        monitor_put_state(item->is_there ? &there : &gone, item);
    }
    monitor_end(&there);
    monitor_end(&gone);
    return until < list.n ? FRONT_MORE : FRONT_DONE;
}

static const struct {
    char letter;
    bool needs_names;
    int (*run)(struct reader *reader, struct text names);
} MONITOR_VERBS[] = {
    { '+', true, monitor_add },   { '-', true, monitor_remove }, { 'c', false, monitor_clear },
    { 'l', false, monitor_list }, { 's', false, monitor_show },
};

int irc_run_monitor(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct text verb = message->params[0];
    struct text names = message->n_params > 1 ? message->params[1] : TEXT_NONE;

    (void)reason;
    for (size_t i = 0; i < ARRAY_SIZE(MONITOR_VERBS); i++) {
        if (verb.len != 1 || text_lower(verb.at[0]) != MONITOR_VERBS[i].letter) {
            continue;
        }
        if (MONITOR_VERBS[i].needs_names && names.len == 0) {
            irc_numeric(reader, ERR_NEEDMOREPARAMS, "MONITOR :Not enough parameters");
            return FRONT_DONE;
        }
        return MONITOR_VERBS[i].run(reader, names);
    }
    irc_numeric(reader, ERR_UNKNOWNERROR, "MONITOR :It is one of + - C L S");
    return FRONT_DONE;
}
