/* SPDX-License-Identifier: MIT */
/* partylined: argv and exit code, nothing else. */
#include "app/archiving.h"
#include "app/config.h"
#include "app/daemon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int main_load(const struct options *options, struct config *config)
{
    struct config_error error;
    char space[1024];
    struct buf text = buf_over(space, sizeof(space));
    int r = config_load(config, options->config_path, &error);

    if (r == CONFIG_BAD) {
        config_error_print(&error, &text);
        (void)fprintf(stderr, "%.*s\n", TEXT_ARG(buf_text(&text)));
        return OPTIONS_EXIT_CONFIG;
    }
    return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int main_show_config(const struct options *options)
{
    struct config config = { 0 };
    int code = main_load(options, &config);

    if (code == EXIT_SUCCESS && options->mode == OPTIONS_PRINT_CONFIG) {
        code = config_print(&config, stdout) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
    } else if (code == EXIT_SUCCESS) {
        (void)puts("OK");
    }
    config_fini(&config);
    return code;
}

/* Of the archive that the configuration names; a daemon may be writing it meanwhile. */
static int main_export(const struct options *options)
{
    struct config config = { 0 };
    int code = main_load(options, &config);

    if (code == EXIT_SUCCESS && archiving_export(&config, options->room, options->is_json) != 0) {
        code = EXIT_FAILURE;
    }
    config_fini(&config);
    return code;
}

int main(int argc, char **argv)
{
    struct options options;
    char reason[256];

    if (options_parse(argc, argv, &options, reason, sizeof(reason)) != 0) {
        (void)fprintf(stderr, "partylined: %s\n%s", reason, options_usage);
        return OPTIONS_EXIT_USAGE;
    }
    switch (options.mode) {
    case OPTIONS_HELP: (void)fputs(options_usage, stdout); return EXIT_SUCCESS;
    case OPTIONS_VERSION: (void)puts("partylined " PARTYLINE_VERSION); return EXIT_SUCCESS;
    case OPTIONS_CHECK_CONFIG:
    case OPTIONS_PRINT_CONFIG: return main_show_config(&options);
    case OPTIONS_EXPORT: return main_export(&options);
    case OPTIONS_SERVE: break;
    }
    return daemon_run(&options);
}
