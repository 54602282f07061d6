/* SPDX-License-Identifier: MIT */
/* argv and exit code, nothing else. */
#include "arguments.h"
#include "first_start.h"
#include "party.h"
#include "preferences.h"

#include <fcntl.h>
#include <locale.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *main_user(void)
{
    const char *user = getenv("USER");
    const struct passwd *entry;

    if (user != NULL && user[0] != '\0') {
        return user;
    }
    entry = getpwuid(getuid());
    return entry == NULL ? NULL : entry->pw_name;
}

/* A descriptor 0, 1 or 2 that is closed would be given to the socket, and then be taken for the
 * terminal. open() takes the lowest free number. */
static bool main_has_standard_files(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd) {
            return false;
        }
    }
    return true;
}

static int main_print(struct text t)
{
    return fwrite(t.at, 1, t.len, stdout) == t.len && fflush(stdout) == 0 ? EXIT_CODE_FINE
                                                                          : EXIT_CODE_OUTPUT;
}

/* Answers that lead nowhere are asked for again the next time. */
static void main_keep(const struct first_start *first, const struct arguments *arguments,
                      enum exit_code code)
{
    bool was_in = code != EXIT_CODE_NOT_CONNECTED && code != EXIT_CODE_REFUSED;
    int r = was_in ? first_start_keep(first, arguments) : 0;

    if (r < 0) {
        (void)fprintf(stderr, "partyline: cannot keep the answers in %s: %s\n", first->path,
                      strerror(-r));
    }
}

static int main_run(struct arguments *arguments)
{
    char path_bytes[4096], why_bytes[4096 + 512];
    struct buf path = buf_over(path_bytes, sizeof(path_bytes) - 1);
    struct buf why = buf_over(why_bytes, sizeof(why_bytes));
    struct first_start first = { .path = path_bytes, .in = STDIN_FILENO, .out = STDOUT_FILENO };
    struct settings settings;
    enum exit_code code;

    settings_init(&settings);
    if (preferences_path(getenv("XDG_CONFIG_HOME"), getenv("HOME"), &path)) {
        path_bytes[path.len] = '\0';
        if (preferences_read(path_bytes, getenv("HOME"), arguments, &settings, &why) != 0) {
            (void)fprintf(stderr, "partyline: %.*s\n", TEXT_ARG(buf_text(&why)));
            return EXIT_CODE_CONFIG;
        }
        if (first_start_is_due(arguments, path_bytes, getenv("TERM")) &&
            first_start_ask(&first, arguments) != 0) {
            return EXIT_CODE_FINE; /* somebody has left instead of answering */
        }
    }
    why.len = 0;
    if (arguments_finish(arguments, &why) != 0) {
        (void)fprintf(stderr, "partyline: %.*s\n", TEXT_ARG(buf_text(&why)));
        return EXIT_CODE_USAGE;
    }
    settings.logs |= arguments->wants_log;
    code = party_run(arguments, &settings);
    main_keep(&first, arguments, code);
    return (int)code;
}

int main(int argc, char *argv[])
{
    char bytes[4096];
    struct buf b = buf_over(bytes, sizeof(bytes));
    struct arguments arguments;

    if (!main_has_standard_files()) {
        return EXIT_CODE_SYSTEM;
    }
    (void)setlocale(LC_MESSAGES, ""); /* for strerror(3) */
    switch (arguments_parse(argc, argv, main_user(), &arguments, &b)) {
    case 0: return main_run(&arguments);
    case ARGUMENTS_HELP: arguments_put_help(&b); return main_print(buf_text(&b));
    case ARGUMENTS_VERSION: return main_print(TEXT("partyline " PARTYLINE_VERSION "\n"));
    default:
        (void)fprintf(stderr, "partyline: %.*s\nTry 'partyline --help'.\n", TEXT_ARG(buf_text(&b)));
        return EXIT_CODE_USAGE;
    }
}
