/* SPDX-License-Identifier: MIT */
/* The command line. Owns the options' names, defaults and help. Says what is wrong in one sentence
 * that names the option, and reads no environment itself. */
#include "arguments.h"

#include <getopt.h>
#include <string.h>

enum {
    ARGUMENTS_TIMEOUT_S = 10,
    ARGUMENTS_ACCESS = 256, /* and more: an option of access.h, no letter */
};

static const char arguments_default_host[] = "localhost";
static const char arguments_default_port[] = "6667";
static const char arguments_default_tls_port[] = "6697"; /* RFC 7194 */
static const char *const arguments_default_room = "#lobby";

static const struct option arguments_names[] = {
    { "nick", required_argument, NULL, 'n' },
    { "join", required_argument, NULL, 'j' },
    { "timeout", required_argument, NULL, 't' },
    { "color", required_argument, NULL, 'c' },
    { "plain", no_argument, NULL, 'p' },
    { "line", no_argument, NULL, 'l' },
    { "json", no_argument, NULL, 'J' },
    { "send", required_argument, NULL, 's' },
    { "tls", no_argument, NULL, ARGUMENTS_ACCESS + ACCESS_TLS },
    { "tls-ca", required_argument, NULL, ARGUMENTS_ACCESS + ACCESS_TLS_CA },
    { "tls-fingerprint", required_argument, NULL, ARGUMENTS_ACCESS + ACCESS_TLS_FINGERPRINT },
    { "account", required_argument, NULL, ARGUMENTS_ACCESS + ACCESS_ACCOUNT },
    { "password-command", required_argument, NULL, ARGUMENTS_ACCESS + ACCESS_PASSWORD_COMMAND },
    { "password-file", required_argument, NULL, ARGUMENTS_ACCESS + ACCESS_PASSWORD_FILE },
    { "cleartext-password", no_argument, NULL, ARGUMENTS_ACCESS + ACCESS_CLEARTEXT_PASSWORD },
    { "log", no_argument, NULL, 'L' },
    { "help", no_argument, NULL, 'h' },
    { "version", no_argument, NULL, 'V' },
    { NULL, 0, NULL, 0 },
};

static const char arguments_help[] =
    "usage: partyline [OPTIONS] [HOST[:PORT]]\n"
    "\n"
    "Chat in a terminal, or from a pipe: echo hello | partyline\n"
    "HOST may also be [IPV6-ADDRESS]:PORT or unix:PATH; the default is localhost:6667,\n"
    "with --tls localhost:6697.\n"
    "\n"
    "  -n, --nick NAME        be called NAME (default: your login name)\n"
    "  -j, --join ROOM        enter ROOM; may be given several times (default: #lobby)\n"
    "  -s, --send TEXT        say TEXT instead of what is typed, and leave; may be repeated\n"
    "  -t, --timeout SECONDS  give up on an address after so long (default: 10)\n"
    "      --tls              encrypt what is said and check who the server is; port 6697\n"
    "      --tls-ca FILE      trust the authorities in FILE (PEM) instead of the system's\n"
    "      --tls-fingerprint SHA256\n"
    "                         trust the certificate with this fingerprint, and no other\n"
    "      --account NAME     log in as NAME (SASL); the password is asked for, or comes from\n"
    "      --password-command COMMAND, or\n"
    "      --password-file FILE\n"
    "                         the first line of the command's output, or of the file\n"
    "      --cleartext-password\n"
    "                         send the password even where others on the way can read it\n"
    "      --color WHEN       always, never or auto (default: auto)\n"
    "      --line             no full screen: one line to type in, the rest scrolls\n"
    "      --plain            read lines as they come, do not edit them\n"
    "      --json             show each event as a line of JSON\n"
    "      --log              keep what is said in files, below ~/.local/state/partyline/logs\n"
    "  -h, --help             show this help\n"
    "  -V, --version          show the version\n"
    "\n"
    "Once in, /help lists the commands; ^D, ^C and /quit leave.\n"
    "\n"
    "Exit codes: 0 all is well; 1 the connection was lost; 2 no connection; 3 the server refused\n"
    "us; 4 a part of the input or a room was refused (input from a pipe only); 64 wrong usage;\n"
    "71 the system failed; 74 the output could not be written; 78 the configuration is wrong.\n";

void arguments_put_help(struct buf *out)
{
    buf_text_put(out, TEXT(arguments_help));
}

static bool arguments_is_port(struct text port)
{
    uint64_t number;

    return port.len < sizeof(arguments_default_port) + 1 && text_number(port, 65535, &number) &&
           number > 0;
}

static bool arguments_set_target(struct text host, struct text port, struct arguments *arguments)
{
    if (host.len == 0 || host.len > ARGUMENTS_HOST_MAX || !arguments_is_port(port)) {
        return false;
    }
    memcpy(arguments->host, host.at, host.len);
    arguments->host[host.len] = '\0';
    memcpy(arguments->port, port.at, port.len);
    arguments->port[port.len] = '\0';
    arguments->is_unix = false;
    arguments->has_port = true;
    return true;
}

/* The port is not known before it is known whether there is TLS. */
static bool arguments_set_host(struct text host, struct arguments *arguments)
{
    if (!arguments_set_target(host, text_of(arguments_default_port), arguments)) {
        return false;
    }
    arguments->has_port = false;
    return true;
}

static bool arguments_set_path(struct text path, struct arguments *arguments)
{
    if (path.len == 0 || path.len > ARGUMENTS_HOST_MAX) {
        return false;
    }
    memcpy(arguments->host, path.at, path.len);
    arguments->host[path.len] = '\0';
    arguments->is_unix = true;
    return true;
}

bool arguments_parse_target(struct text target, struct arguments *arguments)
{
    static const struct text prefix = { .at = "unix:", .len = 5 };
    struct text port = target;
    struct text host;

    if (text_cut_prefix(&target, prefix)) {
        return arguments_set_path(target, arguments);
    }
    if (target.len > 0 && target.at[0] == '[') {
        port = (struct text){ .at = target.at + 1, .len = target.len - 1 };
        host = text_cut(&port, ']');
        if (port.at[-1] != ']' || (port.len > 0 && port.at[0] != ':')) {
            return false;
        }
        (void)text_cut(&port, ':');
        return port.at[-1] == ':' ? arguments_set_target(host, port, arguments)
                                  : arguments_set_host(host, arguments);
    }
    host = text_cut(&port, ':');
    if (host.len == target.len || text_find(port, ':') < port.len) {
        return arguments_set_host(target, arguments);
    }
    return arguments_set_target(host, port, arguments);
}

static bool arguments_has(struct text set, char c)
{
    return text_find(set, c) < set.len;
}

/* Servers differ in what a nick may be; what would break the line is ours to refuse. */
static bool arguments_set_nick(struct text nick, struct arguments *arguments)
{
    const struct text not_first = TEXT("#&:@!$0123456789");
    const struct text nowhere = TEXT(",*?!@");

    if (nick.len == 0 || nick.len > MODEL_NAME_MAX || arguments_has(not_first, nick.at[0])) {
        return false;
    }
    for (size_t i = 0; i < nick.len; i++) {
        unsigned char c = (unsigned char)nick.at[i];

        if (c <= ' ' || c == 0x7F || arguments_has(nowhere, nick.at[i])) {
            return false;
        }
    }
    memcpy(arguments->nick, nick.at, nick.len);
    arguments->nick[nick.len] = '\0';
    return true;
}

static bool arguments_add_room(const char *room, struct arguments *arguments)
{
    struct text t = text_of(room);

    if (arguments->n_rooms == MODEL_ROOMS_MAX || t.len > MODEL_NAME_MAX || !irc_is_room(t) ||
        strpbrk(room, " ,\a\r\n") != NULL) {
        return false;
    }
    memcpy(arguments->rooms[arguments->n_rooms], room, t.len);
    arguments->rooms[arguments->n_rooms++][t.len] = '\0';
    return true;
}

static bool arguments_set_timeout(struct text seconds, struct arguments *arguments)
{
    uint64_t value;

    if (!text_number(seconds, ARGUMENTS_TIMEOUT_MAX_S, &value) || value == 0) {
        return false;
    }
    arguments->timeout_ms = (int)value * 1000;
    return true;
}

static bool arguments_set_colour(struct text when, struct arguments *arguments)
{
    static const char *const names[] = {
        [TERM_COLOUR_AUTO] = "auto",
        [TERM_COLOUR_ALWAYS] = "always",
        [TERM_COLOUR_NEVER] = "never",
    };

    for (unsigned i = 0; i < ARRAY_SIZE(names); i++) {
        if (text_equal(when, text_of(names[i]))) {
            arguments->colour = (enum term_colour)i;
            return true;
        }
    }
    return false;
}

bool arguments_set(struct arguments *arguments, enum arguments_which which, const char *value)
{
    switch (which) {
    case ARGUMENTS_NICK: return arguments_set_nick(text_of(value), arguments);
    case ARGUMENTS_SERVER: return arguments_parse_target(text_of(value), arguments);
    case ARGUMENTS_ROOM: break;
    }
    return arguments_add_room(value, arguments);
}

static bool arguments_add_send(const char *text, struct arguments *arguments)
{
    if (arguments->n_sends == ARGUMENTS_SENDS_MAX) {
        return false;
    }
    arguments->sends[arguments->n_sends++] = text;
    return true;
}

static int arguments_fail(struct buf *why, const char *what, const char *value)
{
    buf_format(why, "%s: %s", value, what);
    return ARGUMENTS_WRONG;
}

static int arguments_take_access(enum access_which which, struct arguments *arguments,
                                 struct buf *why)
{
    if (access_is_switch(which)) {
        access_switch(&arguments->access, which, true);
        return 0;
    }
    return access_set(&arguments->access, which, text_of(optarg))
               ? 0
               : arguments_fail(why, access_help(which), optarg);
}

/* One option; `name` is what getopt_long() returned, `given` the word it stood in. */
static int arguments_take(int name, const char *given, struct arguments *arguments, struct buf *why)
{
    if (name >= ARGUMENTS_ACCESS) {
        return arguments_take_access((enum access_which)(name - ARGUMENTS_ACCESS), arguments, why);
    }
    switch (name) {
    case 'h': return ARGUMENTS_HELP;
    case 'V': return ARGUMENTS_VERSION;
    case 'p': arguments->is_plain = true; return 0;
    case 'l': arguments->is_line = true; return 0;
    case 'J': arguments->is_json = true; return 0;
    case 'L': arguments->wants_log = true; return 0;
    case 's':
        return arguments_add_send(optarg, arguments)
                   ? 0
                   : arguments_fail(why, "too many texts: pipe them in", optarg);
    case 'n':
        arguments->has_nick = true;
        return arguments_set_nick(text_of(optarg), arguments)
                   ? 0
                   : arguments_fail(why, "this cannot be a nickname", optarg);
    case 'j':
        return arguments_add_room(optarg, arguments)
                   ? 0
                   : arguments_fail(why, "not a room: its name begins with '#'", optarg);
    case 't':
        return arguments_set_timeout(text_of(optarg), arguments)
                   ? 0
                   : arguments_fail(why, "not a time-out: give seconds from 1 to 3600", optarg);
    case 'c':
        return arguments_set_colour(text_of(optarg), arguments)
                   ? 0
                   : arguments_fail(why, "--color takes always, never or auto", optarg);
    case ':': return arguments_fail(why, "this option needs a value", given);
    default: return arguments_fail(why, "there is no such option, or it takes no value", given);
    }
}

static void arguments_set_defaults(struct arguments *arguments, const char *user)
{
    struct buf nick = buf_over(arguments->nick, sizeof(arguments->nick) - 1);

    *arguments = (struct arguments){ .timeout_ms = ARGUMENTS_TIMEOUT_S * 1000 };
    memcpy(arguments->host, arguments_default_host, sizeof(arguments_default_host));
    memcpy(arguments->port, arguments_default_port, sizeof(arguments_default_port));
    model_nick_from(text_of(user), &nick);
    arguments->nick[nick.len] = '\0';
}

int arguments_parse(int argc, char *const argv[], const char *user, struct arguments *out_arguments,
                    struct buf *out_why)
{
    struct arguments arguments;

    arguments_set_defaults(&arguments, user);
    optind = 0; /* getopt(3): begin anew; tests call this more than once */
    opterr = 0;
    for (;;) {
        int at = optind == 0 ? 1 : optind;
        int name = getopt_long(argc, argv, ":n:j:t:s:hV", arguments_names, NULL);
        int r;

        if (name == -1) {
            break;
        }
        r = arguments_take(name, argv[optind > at ? optind - 1 : at], &arguments, out_why);
        if (r > 0) {
            return r;
        }
    }
    if (argc - optind > 1) {
        return arguments_fail(out_why, "only one server can be named", argv[optind + 1]);
    }
    if (optind < argc && !arguments_parse_target(text_of(argv[optind]), &arguments)) {
        return arguments_fail(out_why, "not a server: give HOST, HOST:PORT or unix:PATH",
                              argv[optind]);
    }
    arguments.has_server = optind < argc;
    arguments.has_rooms = arguments.n_rooms > 0;
    if (!arguments.has_rooms && !arguments_add_room(arguments_default_room, &arguments)) {
        return arguments_fail(out_why, "no room", arguments_default_room);
    }
    *out_arguments = arguments;
    return 0;
}

int arguments_finish(struct arguments *arguments, struct buf *out_why)
{
    if (arguments->access.is_tls && arguments->is_unix) {
        return arguments_fail(out_why, "there is no TLS at a unix socket", arguments->host);
    }
    if (!access_check(&arguments->access, out_why)) {
        return ARGUMENTS_WRONG;
    }
    if (arguments->access.is_tls && !arguments->has_port) {
        memcpy(arguments->port, arguments_default_tls_port, sizeof(arguments_default_tls_port));
    }
    return 0;
}
