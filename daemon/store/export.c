/* SPDX-License-Identifier: MIT */
/* Reads page by page, so that no history is too long. */
#include "store/export.h"

#include "lib/json.h"
#include "state/log.h"

#include <errno.h>
#include <string.h>
#include <time.h>

enum { EXPORT_TIME_SIZE = 32, MS_PER_S = 1000 };

/* How each kind is told: in JSON its name; in text "-- WHO verb[ TARGET][before TEXT]". */
static const struct export_kind {
    const char *name;
    const char *verb;
    const char *verb_without_text; /* NULL: as with it */
    const char *before_text;       /* NULL: the text is not shown */
} export_kinds[] = {
    [RECORD_SAID] = { "said", "", NULL, NULL },
    [RECORD_ACTION] = { "action", "", NULL, NULL },
    [RECORD_NOTICE] = { "notice", "", NULL, NULL },
    [RECORD_JOINED] = { "joined", "has joined", NULL, NULL },
    [RECORD_LEFT] = { "left", "has left", NULL, ": " },
    [RECORD_QUIT] = { "quit", "has quit", NULL, ": " },
    [RECORD_RENAMED] = { "renamed", "is now", NULL, " " },
    [RECORD_TOPIC] = { "topic", "has set the topic", "has cleared the topic", ": " },
    [RECORD_AWAY] = { "away", "is away", "is back", ": " },
    [RECORD_KICKED] = { "kicked", "has thrown out", NULL, ": " },
    [RECORD_MODES] = { "modes", "has set modes", NULL, " " },
    [RECORD_INVITED] = { "invited", "has invited", NULL, NULL },
    [RECORD_REALNAME] = { "realname", "has the real name", NULL, " " },
    [RECORD_HOST] = { "host", "has the address", NULL, " " },
    [RECORD_ACCOUNT] = { "account", "has the account", "has no account any more", " " },
    [RECORD_TAGGED] = { "tagged", NULL, NULL, NULL }, /* nothing that people could read */
    [RECORD_WALLOPS] = { "wallops", "says to all", NULL, ": " },
};

struct export
{
    FILE *to; /* borrowed */
    enum export_format format;
    uint64_t n;
};

/* ---- text ---- */

static void export_event(const struct record *record, FILE *to)
{
    const struct export_kind *kind = &export_kinds[record->kind];
    struct text who = record_field(record, RECORD_WHO), text = record_field(record, RECORD_TEXT);
    struct text target = record_extra(record, RECORD_TARGET);
    const char *verb =
        text.len == 0 && kind->verb_without_text != NULL ? kind->verb_without_text : kind->verb;

    (void)fprintf(to, "-- %.*s %s", TEXT_ARG(who), verb);
    if (target.len > 0) {
        (void)fprintf(to, " %.*s", TEXT_ARG(target));
    }
    if (text.len > 0 && kind->before_text != NULL) {
        (void)fprintf(to, "%s%.*s", kind->before_text, TEXT_ARG(text));
    }
}

static void export_text(const struct record *record, FILE *to)
{
    struct text who = record_field(record, RECORD_WHO), text = record_field(record, RECORD_TEXT);
    time_t seconds = (time_t)(record->real_ms / MS_PER_S);
    char at[EXPORT_TIME_SIZE] = "";
    struct tm local;

    if (export_kinds[record->kind].verb == NULL) {
        return;
    }
    if (localtime_r(&seconds, &local) != NULL) {
        (void)strftime(at, sizeof(at), "%Y-%m-%d %H:%M:%S", &local);
    }
    (void)fprintf(to, "%s ", at);
    if (record->kind == RECORD_SAID) {
        (void)fprintf(to, "<%.*s> %.*s", TEXT_ARG(who), TEXT_ARG(text));
    } else if (record->kind == RECORD_ACTION) {
        (void)fprintf(to, "* %.*s %.*s", TEXT_ARG(who), TEXT_ARG(text));
    } else if (record->kind == RECORD_NOTICE) {
        (void)fprintf(to, "-%.*s- %.*s", TEXT_ARG(who), TEXT_ARG(text));
    } else {
        export_event(record, to);
    }
    (void)putc('\n', to);
}

/* ---- JSON ---- */

static void export_member(FILE *to, const char *name, struct text t)
{
    if (t.len > 0) {
        (void)fprintf(to, ",\"%s\":", name);
        json_put_string(to, t);
    }
}

static void export_json(const struct record *record, FILE *to)
{
    static const char *const fields[] = { "who", "source", "place", "text" };
    static const char *const extras[] = { "target", "account", "tags" };
    time_t seconds = (time_t)(record->real_ms / MS_PER_S);
    char at[EXPORT_TIME_SIZE] = "";
    struct tm utc;

    if (gmtime_r(&seconds, &utc) != NULL) {
        (void)strftime(at, sizeof(at), "%Y-%m-%dT%H:%M:%S", &utc);
    }
    (void)fprintf(to, "{\"number\":%llu,\"time\":\"%s.%03uZ\",\"kind\":\"%s\"",
                  (unsigned long long)record->number, at, (unsigned)(record->real_ms % MS_PER_S),
                  export_kinds[record->kind].name);
    for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
        export_member(to, fields[i], record_field(record, (enum record_field)i));
    }
    for (size_t i = 0; i < ARRAY_SIZE(extras); i++) {
        export_member(to, extras[i],
                      record_extra(record, (enum record_extra_kind)(RECORD_TARGET + (int)i)));
    }
    (void)fputs("}\n", to);
}

/* ---- all of it ---- */

static int export_record(void *context, uint32_t scope, const struct record *record)
{
    struct export *export = context;

    (void)scope;
    export->n++;
    if (export->format == EXPORT_JSON) {
        export_json(record, export->to);
    } else {
        export_text(record, export->to);
    }
    return ferror(export->to) ? -EIO : 0;
}

int export_room(struct archive_reader *reader, const char *name, enum export_format format,
                FILE *to)
{
    struct scope scope = { .kind = SCOPE_NAMED, .rank = 2 };
    struct history_question question = { .scopes = &scope,
                                         .n_scopes = 1,
                                         .window = WINDOW_AFTER,
                                         .limit = QUESTION_LIMIT_MAX,
                                         .kinds = KINDS_ALL | KINDS_PROGRAMS };
    struct export export = { .to = to, .format = format };
    struct history_answer answer;
    int r;

    if (strlen(name) >= sizeof(scope.name)) {
        return EXPORT_NOTHING;
    }
    memcpy(scope.name, name, strlen(name) + 1);
    do {
        r = archive_history(reader, &question, export_record, &export, &answer);
        question.from.at = answer.newest;
    } while (r == 0 && answer.n > 0);
    if (r == 0 && fflush(to) != 0) {
        return -errno;
    }
    return r == 0 && export.n == 0 ? EXPORT_NOTHING : r;
}
