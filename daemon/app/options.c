/* SPDX-License-Identifier: MIT */
/* argv to struct options. What each option does is main.c's. */
#include "app/options.h"

#include <getopt.h>
#include <stdio.h>

const char options_usage[] =
    "usage: partylined [--config FILE] [--keep]\n"
    "       partylined --check-config [FILE]\n"
    "       partylined --print-config [--config FILE]\n"
    "       partylined --export ROOM [--json] [--config FILE]\n"
    "       partylined --version | --help\n"
    "\n"
    "  -c, --config FILE    use FILE, not the one in the default place\n"
    "      --keep           leave connections with the service manager when it ends\n"
    "      --check-config   say whether the file is good; exit status 78 if it is not\n"
    "      --print-config   print every setting with the value it has\n"
    "      --export ROOM    print what the archive has of a room\n"
    "      --json           the same, an object a line\n"
    "\n"
    "Started by a service manager, it takes the sockets and is ready when it says so;\n"
    "otherwise it stays in the foreground. partylined(8) has more.\n";

enum {
    OPTIONS_LONG_CHECK = 256,
    OPTIONS_LONG_PRINT,
    OPTIONS_LONG_KEEP,
    OPTIONS_LONG_EXPORT,
    OPTIONS_LONG_JSON
};

static const struct option options_long[] = {
    { "config", required_argument, NULL, 'c' },
    { "check-config", no_argument, NULL, OPTIONS_LONG_CHECK },
    { "print-config", no_argument, NULL, OPTIONS_LONG_PRINT },
    { "export", required_argument, NULL, OPTIONS_LONG_EXPORT },
    { "json", no_argument, NULL, OPTIONS_LONG_JSON },
    { "keep", no_argument, NULL, OPTIONS_LONG_KEEP },
    { "version", no_argument, NULL, 'V' },
    { "help", no_argument, NULL, 'h' },
    { NULL, 0, NULL, 0 },
};

/* True if the option is one of ours. */
static bool options_take(int letter, struct options *options)
{
    switch (letter) {
    case 'c': options->config_path = optarg; return true;
    case OPTIONS_LONG_CHECK: options->mode = OPTIONS_CHECK_CONFIG; return true;
    case OPTIONS_LONG_PRINT: options->mode = OPTIONS_PRINT_CONFIG; return true;
    case OPTIONS_LONG_KEEP: options->is_keeping = true; return true;
    case OPTIONS_LONG_EXPORT:
        options->mode = OPTIONS_EXPORT;
        options->room = optarg;
        return true;
    case OPTIONS_LONG_JSON: options->is_json = true; return true;
    case 'V': options->mode = OPTIONS_VERSION; return true;
    case 'h': options->mode = OPTIONS_HELP; return true;
    }
    return false;
}

int options_parse(int argc, char **argv, struct options *out, char *out_reason, size_t size)
{
    struct options options = { .mode = OPTIONS_SERVE };
    int letter;

    optind = 0; /* glibc: start afresh, for tests that parse more than once */
    while ((letter = getopt_long(argc, argv, ":c:Vh", options_long, NULL)) != -1) {
        if (letter == ':') {
            (void)snprintf(out_reason, size, "%s needs %s", argv[optind - 1],
                           optopt == OPTIONS_LONG_EXPORT ? "a room" : "the name of a file");
            return OPTIONS_BAD;
        }
        if (letter == '?' && optopt > 0 && optopt < OPTIONS_LONG_CHECK) {
            (void)snprintf(out_reason, size, "unknown option -%c", optopt);
            return OPTIONS_BAD;
        }
        if (!options_take(letter, &options)) {
            (void)snprintf(out_reason, size, "unknown option %s", argv[optind - 1]);
            return OPTIONS_BAD;
        }
    }
    if (optind < argc && options.mode == OPTIONS_CHECK_CONFIG && options.config_path == NULL) {
        options.config_path = argv[optind++];
    }
    if (optind < argc) {
        (void)snprintf(out_reason, size, "unexpected argument %s", argv[optind]);
        return OPTIONS_BAD;
    }
    *out = options;
    return 0;
}
