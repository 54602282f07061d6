/* SPDX-License-Identifier: MIT */
/* /set: what the user may change while talking. A part of typed; the settings and what is said of
 * them stand in their own table. */
#include "typed_inside.h"

#include "settings.h"

static void typed_change(struct model *m, struct text name, struct text value, struct event *event)
{
    struct buf b = buf_over(m->scratch, sizeof(m->scratch));
    struct settings *s = m->config.settings;
    bool was_logged = s->logs;

    if (settings_set(s, name, value, &b) != 0) {
        event->kind = EVENT_ERROR;
        event->text = buf_text(&b);
        return;
    }
    m->config.n_history = (unsigned)s->n_history;
    if (s->logs != was_logged) { /* options have a say in it as well */
        m->config.is_logged = s->logs;
    }
}

void typed_set(struct model *m, struct text rest, struct event *event)
{
    struct buf b = buf_over(m->scratch, sizeof(m->scratch));
    bool has_screen = m->config.keeps_state;
    struct text name = text_cut_word(&rest);

    if (m->config.settings == NULL) {
        typed_fail(m, event, "only a person at a terminal can /set something");
    } else if (name.len == 0) {
        settings_put_all(m->config.settings, has_screen, &b);
        event->kind = EVENT_HELP;
        event->text = buf_text(&b);
    } else if (!has_screen && settings_is_for_screen(name)) {
        typed_fail(m, event, "%.*s is for the full screen", TEXT_ARG(name));
    } else if (rest.len == 0) {
        event->kind =
            settings_put_one(m->config.settings, name, &b) == 0 ? EVENT_HELP : EVENT_ERROR;
        event->text = buf_text(&b);
    } else {
        typed_change(m, name, rest, event);
    }
}
