/* SPDX-License-Identifier: MIT */
/* /help: short unless more is asked for, since a long one scrolls away what was being talked about.
 * A part of typed; the words about each command stand in its table. */
#include "typed_inside.h"

static const struct {
    enum typed_group group;
    const char *name;
} typed_groups[] = {
    { TYPED_TALK, "talk" },
    { TYPED_ROOMS, "rooms" },
    { TYPED_PAST, "past" },
    { TYPED_CHARGE, "in charge" },
};

static void typed_put_command(const struct typed_command *c, struct buf *out)
{
    if (c->help != NULL) {
        buf_format(out, "/%-7s %-13s %s\n", c->name, c->arguments, c->help);
    }
}

static void typed_put_names(enum typed_group group, struct buf *out)
{
    const struct typed_command *c;

    for (size_t row = 0; (c = typed_row(row)) != NULL; row++) {
        if (c->group == group && c->help != NULL) {
            buf_format(out, " /%s", c->name);
        }
    }
}

void typed_put_overview(struct buf *out)
{
    buf_text_put(out, TEXT("what you type is said; /WORD is a command, //TEXT says /TEXT\n"));
    for (size_t i = 0; i < ARRAY_SIZE(typed_groups); i++) {
        buf_format(out, "%-10s", typed_groups[i].name);
        typed_put_names(typed_groups[i].group, out);
        buf_char(out, '\n');
    }
}

void typed_put_more(struct buf *out)
{
    buf_text_put(out, TEXT("more       /help COMMAND, all or keys; /set, /raw, /quit\n"));
}

void typed_put_all(struct buf *out)
{
    const struct typed_command *c;

    for (size_t i = 0; (c = typed_row(i)) != NULL; i++) {
        typed_put_command(c, out);
    }
    buf_text_put(out, TEXT("//TEXT                 a message that begins with a slash\n"));
}

void typed_put_keys(struct buf *out)
{
    buf_text_put(out, TEXT("^A ^E Alt-b Alt-f move, ^K ^U ^W Alt-d cut, ^Y Alt-y put back, ^_ "
                           "undoes, Up is history\n"
                           "^D on an empty line, ^C and /quit leave\n"));
}

void typed_help(struct model *m, struct text rest, struct event *event)
{
    struct buf b = buf_over(m->scratch, sizeof(m->scratch));
    struct text name = text_cut_word(&rest);
    const struct typed_command *c;

    (void)text_cut_prefix(&name, TEXT("/"));
    c = typed_find(name);
    if (name.len == 0) {
        typed_put_overview(&b);
        typed_put_more(&b);
    } else if (text_equal_nocase(name, TEXT("all"))) {
        typed_put_all(&b);
    } else if (text_equal_nocase(name, TEXT("keys"))) {
        typed_put_keys(&b);
    } else if (c == NULL) {
        typed_fail(m, event, "there is no command /%.*s; /help lists them all", TEXT_ARG(name));
        return;
    } else {
        typed_put_command(c->help != NULL ? c : c - 1, &b);
    }
    event->kind = EVENT_HELP;
    event->text = buf_text(&b);
}
