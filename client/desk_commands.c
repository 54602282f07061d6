/* SPDX-License-Identifier: MIT */
/* Commands that are about the screen, not about the server: typed.c has those. A part of desk. A
 * command here may look at a line and then leave it to the other table, whose name it shares. */
#include "desk.h"

#include "typed.h"

enum { DESK_TEXT_MAX = 8192 };

typedef bool (*desk_handler)(struct desk *, struct text, time_t);

struct desk_command {
    const char *name, *arguments, *help; /* no help: the other table has it */
    desk_handler run;                    /* false: not for us */
};

static void desk_say(struct desk *d, enum event_kind kind, time_t now, struct text text)
{
    windows_note(&d->windows, kind, now, text);
}

static bool desk_close_window(struct desk *d, struct window *w, struct text rest, time_t now)
{
    if (w->kind == WINDOW_SERVER) {
        desk_say(d, EVENT_ERROR, now, TEXT("the server's window stays; /quit leaves"));
    } else if (w->kind == WINDOW_ROOM && w->is_in) {
        model_send(d->model, rest.len == 0 ? "PART %.*s%.*s" : "PART %.*s :%.*s",
                   TEXT_ARG(window_name(w)), TEXT_ARG(rest));
    } else {
        windows_close(&d->windows, w);
    }
    return true;
}

/* This window, or the one of that name. */
static bool desk_close(struct desk *d, struct text rest, time_t now)
{
    struct text name = text_cut_word(&rest);
    struct window *w =
        name.len == 0 ? windows_current(&d->windows) : windows_find(&d->windows, name);

    if (w == NULL) {
        desk_say(d, EVENT_ERROR, now, TEXT("there is no window of that name"));
        return true;
    }
    return desk_close_window(d, w, TEXT_NONE, now);
}

/* Without a room to leave, the window itself is meant. */
static bool desk_leave(struct desk *d, struct text rest, time_t now)
{
    const struct window *w = windows_current(&d->windows);

    if (irc_is_room(rest) || (w->kind == WINDOW_ROOM && w->is_in)) {
        return false;
    }
    return desk_close_window(d, windows_current(&d->windows), rest, now);
}

static bool desk_join(struct desk *d, struct text rest, time_t now)
{
    char bytes[MODEL_NAME_MAX + 1];
    struct buf b = buf_over(bytes, sizeof(bytes));
    struct text name = text_cut_word(&rest);
    const struct window *w;

    (void)now;
    buf_text_put(&b, irc_is_room(name) ? TEXT_NONE : TEXT("#"));
    buf_text_put(&b, name);
    w = windows_find(&d->windows, buf_text(&b));
    if (w == NULL || w->kind != WINDOW_ROOM || !w->is_in) {
        return false;
    }
    windows_show_this(&d->windows, w);
    return true;
}

/* "/msg bob" opens the window, "/msg bob hi" says something as well. */
static bool desk_msg(struct desk *d, struct text rest, time_t now)
{
    struct text who = text_cut_word(&rest);

    (void)now;
    if (who.len == 0 || irc_is_room(who)) {
        return false;
    }
    windows_show_this(&d->windows, windows_open(&d->windows, WINDOW_QUERY, who));
    desk_settle(d);
    if (rest.len > 0) {
        bytes_put(&d->lines, rest.at[0] == '/' ? TEXT("/") : TEXT_NONE);
        bytes_put(&d->lines, rest);
        bytes_put(&d->lines, TEXT("\n"));
    }
    return true;
}

static bool desk_query(struct desk *d, struct text rest, time_t now)
{
    if (!desk_msg(d, rest, now)) {
        desk_say(d, EVENT_ERROR, now, TEXT("usage: /query WHO [TEXT]"));
    }
    return true;
}

static bool desk_names(struct desk *d, struct text rest, time_t now)
{
    (void)rest;
    (void)now;
    d->windows.wants_names = true;
    return false;
}

static bool desk_members(struct desk *d, struct text rest, time_t now)
{
    (void)rest;
    (void)now;
    d->settings.shows_members = !d->settings.shows_members;
    return true;
}

static bool desk_find(struct desk *d, struct text rest, time_t now)
{
    if (rest.len == 0) {
        desk_say(d, EVENT_ERROR, now, TEXT("usage: /search WORDS; ^R again finds earlier ones"));
        return true;
    }
    edit_clear(&d->search);
    edit_insert_text(&d->search, rest);
    d->mode = DESK_SEARCHING;
    desk_search_from(d, SCROLLBACK_NOWHERE);
    return true;
}

static bool desk_clear(struct desk *d, struct text rest, time_t now)
{
    struct window *w = windows_current(&d->windows);

    (void)rest;
    (void)now;
    scrollback_fini(&w->scrollback);
    w->first_unread = SCROLLBACK_NOWHERE;
    return true;
}

static bool desk_window(struct desk *d, struct text rest, time_t now)
{
    struct window *w = windows_find(&d->windows, rest);
    uint64_t number;

    if (rest.len == 0) {
        desk_say(d, EVENT_ERROR, now, TEXT("usage: /window NUMBER or NAME"));
    } else if (text_number(rest, d->windows.n, &number) && number > 0) {
        windows_show(&d->windows, (size_t)number - 1);
    } else if (w != NULL) {
        windows_show_this(&d->windows, w);
    } else {
        desk_say(d, EVENT_ERROR, now, TEXT("there is no window of that number or name"));
    }
    return true;
}

static bool desk_help(struct desk *d, struct text rest, time_t now);

static const struct desk_command desk_table[] = {
    { "help", "", NULL, desk_help },
    { "join", "", NULL, desk_join },
    { "msg", "", NULL, desk_msg },
    { "leave", "", NULL, desk_leave },
    { "part", "", NULL, desk_leave },
    { "names", "", NULL, desk_names },
    { "who", "", NULL, desk_names },
    { "query", "WHO [TEXT]", "open a window for somebody", desk_query },
    { "close", "[NAME]", "close this window, or that one; leaves the room", desk_close },
    { "window", "NUMBER|NAME", "show another window", desk_window },
    { "members", "", "show or hide who is in the room", desk_members },
    { "search", "WORDS", "find words in what was said", desk_find },
    { "clear", "", "forget what was said in this window", desk_clear },
};

static const char desk_keys_help[] =
    "Tab completes; Alt-1 to Alt-9, ^N and ^P show another window, Alt-a the next unread one or "
    "the "
    "one before\n"
    "PgUp and PgDn scroll, Alt-< and Alt-> go to the ends, ^R searches\n"
    "F7 shows or hides the members, ^L draws anew, ^C first gives up the line\n"
    "commands may be shortened as long as they are clear: /j is /join\n";

static bool desk_begins(struct text name, const char *full)
{
    return text_of(full).len >= name.len &&
           text_equal_nocase(name, (struct text){ .at = full, .len = name.len });
}

/* The command that `name` is, or the only one of both tables that begins so; else `name` itself.
 * The names that people say to each other, part and names, stand for leave and who. */
static struct text desk_resolve(const struct desk *d, struct text name, unsigned *out_n)
{
    struct text found = name;

    *out_n = 0;
    for (size_t i = 0; d->commands[i] != NULL; i++) {
        if (text_equal_nocase(name, text_of(d->commands[i]))) {
            *out_n = 1;
            return text_of(d->commands[i]);
        }
        if (desk_begins(name, d->commands[i])) {
            found = text_of(d->commands[i]);
            ++*out_n;
        }
    }
    return *out_n == 1 ? found : name;
}

static const struct desk_command *desk_find_command(const struct desk *d, struct text name)
{
    unsigned n;

    name = desk_resolve(d, name, &n);
    for (size_t i = 0; i < ARRAY_SIZE(desk_table); i++) {
        if (text_equal(name, text_of(desk_table[i].name))) {
            return &desk_table[i];
        }
    }
    return NULL;
}

static void desk_put_command(const struct desk_command *c, struct buf *b)
{
    if (c->help != NULL) {
        buf_format(b, "/%-7s %-13s %s\n", c->name, c->arguments, c->help);
    }
}

static void desk_put_overview(struct buf *b)
{
    typed_put_overview(b);
    buf_text_put(b, TEXT("screen    "));
    for (size_t i = 0; desk_command_name(i) != NULL; i++) {
        buf_format(b, " /%s", desk_command_name(i));
    }
    buf_char(b, '\n');
    typed_put_more(b);
}

static void desk_put_all(struct buf *b)
{
    typed_put_all(b);
    for (size_t i = 0; i < ARRAY_SIZE(desk_table); i++) {
        desk_put_command(&desk_table[i], b);
    }
}

static void desk_put_candidates(const struct desk *d, struct text name, struct buf *b)
{
    buf_format(b, "/%.*s could be", TEXT_ARG(name));
    for (size_t i = 0; d->commands[i] != NULL; i++) {
        if (desk_begins(name, d->commands[i])) {
            buf_format(b, " /%s", d->commands[i]);
        }
    }
}

/* A command that is not one of ours is the other table's to tell about. */
static bool desk_help(struct desk *d, struct text rest, time_t now)
{
    char bytes[DESK_TEXT_MAX];
    struct buf b = buf_over(bytes, sizeof(bytes));
    struct text name = text_cut_word(&rest);
    const struct desk_command *c;
    unsigned n;

    (void)text_cut_prefix(&name, TEXT("/"));
    c = desk_find_command(d, name);
    (void)desk_resolve(d, name, &n);
    if (name.len == 0) {
        desk_put_overview(&b);
    } else if (text_equal_nocase(name, TEXT("all"))) {
        desk_put_all(&b);
    } else if (text_equal_nocase(name, TEXT("keys"))) {
        buf_text_put(&b, TEXT(desk_keys_help));
        typed_put_keys(&b);
    } else if (n > 1) {
        desk_put_candidates(d, name, &b);
    } else if (c == NULL || c->help == NULL) {
        return false;
    } else {
        desk_put_command(c, &b);
    }
    desk_say(d, EVENT_HELP, now, buf_text(&b));
    return true;
}

/* Those of our own alone: the others are in the other table already. */
const char *desk_command_name(size_t i)
{
    for (size_t row = 0; row < ARRAY_SIZE(desk_table); row++) {
        if (desk_table[row].help != NULL && i-- == 0) {
            return desk_table[row].name;
        }
    }
    return NULL;
}

bool desk_command(struct desk *d, struct text line, time_t now)
{
    char bytes[DESK_TEXT_MAX];
    struct buf b = buf_over(bytes, sizeof(bytes));
    struct text rest = { .at = line.at + 1, .len = line.len - 1 };
    const struct desk_command *c;
    struct text name;
    unsigned n;

    if (line.at[0] != '/' || text_starts_with(line, TEXT("//"))) {
        return false;
    }
    name = desk_resolve(d, text_cut_word(&rest), &n);
    if (n > 1 && name.len > 0) {
        desk_put_candidates(d, name, &b);
        desk_say(d, EVENT_ERROR, now, buf_text(&b));
        return true;
    }
    c = desk_find_command(d, name);
    return c != NULL && c->run(d, text_trim(rest), now);
}
