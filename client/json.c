/* SPDX-License-Identifier: MIT */
/* Events as JSON. Owns the names of kinds and fields, which programs rely on: new ones may come,
 * none changes. */
#include "json.h"

#include "lines.h"

static const char *json_kind(enum event_kind kind)
{
    switch (kind) {
    case EVENT_MESSAGE: return "message";
    case EVENT_ACTION: return "action";
    case EVENT_NOTICE: return "notice";
    case EVENT_JOIN: return "join";
    case EVENT_LEAVE: return "leave";
    case EVENT_QUIT: return "quit";
    case EVENT_KICK: return "kick";
    case EVENT_NICK: return "nick";
    case EVENT_TOPIC: return "topic";
    case EVENT_NAMES: return "names";
    case EVENT_MODE: return "mode";
    case EVENT_INFO: return "info";
    case EVENT_LOST:
    case EVENT_ERROR: return "error";
    case EVENT_HELP: return "help";
    case EVENT_NONE:
    case EVENT_AWAY: break;
    }
    return NULL;
}

/* Cleaned text has no controls, so quotes and backslashes are all there is to escape. */
static void json_put_string(struct text t, struct buf *out)
{
    char bytes[LINES_BYTES];
    struct buf clean = buf_over(bytes, sizeof(bytes));

    lines_put_clean(t, &clean);
    buf_char(out, '"');
    for (size_t i = 0; i < clean.len; i++) {
        if (bytes[i] == '"' || bytes[i] == '\\') {
            buf_char(out, '\\');
        }
        buf_char(out, bytes[i]);
    }
    buf_char(out, '"');
}

static void json_put_field(const char *name, struct text value, struct buf *out)
{
    if (value.len > 0) {
        buf_format(out, ",\"%s\":", name);
        json_put_string(value, out);
    }
}

void json_render(const struct event *event, struct buf *out)
{
    const char *kind = json_kind(event->kind);
    struct tm tm = { .tm_year = 0 };

    if (kind == NULL) {
        return;
    }
    (void)gmtime_r(&event->at, &tm);
    buf_format(out, "{\"kind\":\"%s\",\"time\":\"%04d-%02d-%02dT%02d:%02d:%02dZ\",\"own\":%s", kind,
               tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
               event->is_own ? "true" : "false");
    buf_text_put(out, event->is_past ? TEXT(",\"past\":true") : TEXT_NONE);
    json_put_field("room", event->room, out);
    json_put_field("who", event->who, out);
    json_put_field("whom", event->whom, out);
    json_put_field("text", event->text, out);
    buf_text_put(out, TEXT("}\n"));
}
