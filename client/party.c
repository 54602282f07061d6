/* SPDX-License-Identifier: MIT */
/* One conversation from connecting to goodbye. Owns the loop and the signals; knows nothing of what
 * is said. Signals are blocked and read from a descriptor, so none of them can end the process
 * before the terminal has been given back. */
#include "party.h"

#include "credentials.h"
#include "face_line.h"
#include "full.h"
#include "talk.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>

static void party_take_signal(struct talk *t, int signals)
{
    struct signalfd_siginfo info;

    if (read(signals, &info, sizeof(info)) != (ssize_t)sizeof(info)) {
        return;
    }
    switch (info.ssi_signo) {
    case SIGWINCH: t->face->ops->resize(t->face); return;
    case SIGTSTP: talk_stop(t); return;
    case SIGCONT: t->face->ops->resume(t->face); return;
    case SIGINT: talk_hurry(t); return;
    default: talk_leave(t); return; /* SIGTERM and its like: once is enough */
    }
}

static void party_turn(struct talk *t, int signals)
{
    struct pollfd fds[] = {
        { .fd = signals, .events = POLLIN },
        { .fd = t->link.fd },
        { .fd = -1, .events = POLLIN },
        { .fd = t->dial, .events = POLLIN },
    };

    assert(t->face != NULL); /* without one the talk is finished before its first turn */
    if (t->link.fd >= 0) {
        fds[1].events = link_events(&t->link);
    }
    if (talk_wants_input(t) && !t->face->has_ended) {
        fds[2].fd = t->face->in;
    }
    if (poll(fds, ARRAY_SIZE(fds), talk_timeout(t)) < 0) {
        if (errno != EINTR) {
            talk_finish(t, EXIT_CODE_SYSTEM, "cannot wait: %s", strerror(errno));
        }
        return;
    }
    if (fds[0].revents != 0) {
        party_take_signal(t, signals);
    }
    if (fds[1].revents != 0) {
        talk_hear(t);
    }
    if (fds[2].revents != 0) {
        talk_read_input(t);
    }
    if (fds[3].revents != 0) {
        talk_take_dial(t);
    }
    talk_take_input(t);
    talk_check_time(t);
    talk_flush(t);
}

static int party_open_signals(void)
{
    static const int caught[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGWINCH, SIGCONT };
    sigset_t set;
    int fd;

    (void)sigemptyset(&set);
    for (size_t i = 0; i < ARRAY_SIZE(caught); i++) {
        (void)sigaddset(&set, caught[i]);
    }
    if (sigprocmask(SIG_BLOCK, &set, NULL) < 0 || signal(SIGCHLD, SIG_IGN) == SIG_ERR) {
        return -errno;
    }
    fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

/* The two faces, of which one is used, and what they are made of. */
struct party_faces {
    const struct arguments *arguments;
    const struct settings *settings;
    struct settings line_settings; /* as /set has changed them */
    struct face_line line;
    struct full full;
    bool is_full;
    const char *rooms[MODEL_ROOMS_MAX];
    int sends; /* owned: a file with the texts of --send; -1 if there are none */
};

static struct term_config party_terminal(const struct party_faces *faces)
{
    const struct arguments *arguments = faces->arguments;

    return (struct term_config){
        .in = faces->sends >= 0 ? faces->sends : STDIN_FILENO,
        .out = STDOUT_FILENO,
        .is_plain = arguments->is_plain || arguments->is_json,
        .colour = arguments->colour,
        .type = getenv("TERM"),
        .no_color = getenv("NO_COLOR"),
    };
}

/* Each line of it is text, never a command. */
static void party_put_send(struct bytes *out, struct text text)
{
    do {
        struct text line = text_cut(&text, '\n');

        bytes_put(out, line.len > 0 && line.at[0] == '/' ? TEXT("/") : TEXT_NONE);
        bytes_put(out, line);
        bytes_put(out, TEXT("\n"));
    } while (text.len > 0);
}

/* The texts of --send as a file, so that they go the way of any input. Returns 0 or -errno. */
static int party_open_sends(const struct arguments *arguments, int *out_fd)
{
    owned_fd int fd = memfd_create("partyline", MFD_CLOEXEC);
    struct bytes all = { .at = NULL };
    bool is_whole;

    if (fd < 0) {
        return -errno;
    }
    for (size_t i = 0; i < arguments->n_sends; i++) {
        party_put_send(&all, text_of(arguments->sends[i]));
    }
    is_whole =
        pwrite(fd, bytes_text(&all).at, bytes_text(&all).len, 0) == (ssize_t)bytes_text(&all).len;
    bytes_fini(&all);
    if (!is_whole) {
        return -ENOSPC;
    }
    *out_fd = give_fd(&fd);
    return 0;
}

static const char *party_look(const char *name)
{
    return getenv(name);
}

/* The full screen wherever a terminal can do it, unless lines are asked for. Returns 0,
 * SCREEN_UNABLE or -errno. */
static int party_start_full(struct talk *t, struct party_faces *faces)
{
    const struct term_config terminal = party_terminal(faces);
    const struct full_config config = {
        .model = &t->model,
        .settings = faces->settings,
        .type = terminal.type,
        .place = alert_place(party_look),
        .wants_colour = term_wants_colour(&terminal),
    };
    int r;

    if (faces->arguments->is_line || !term_can_edit(&terminal)) {
        return SCREEN_UNABLE;
    }
    r = full_init(&faces->full, &config);
    if (r == 0) {
        faces->is_full = true;
        t->face = &faces->full.face;
    }
    return r;
}

/* Returns 0 or -errno. */
static int party_start_face(struct talk *t, struct party_faces *faces)
{
    struct term_config terminal;
    int r = faces->arguments->n_sends > 0 ? party_open_sends(faces->arguments, &faces->sends) : 0;

    if (r < 0) {
        return r;
    }
    r = party_start_full(t, faces);
    if (r != SCREEN_UNABLE) {
        return r;
    }
    terminal = party_terminal(faces);
    faces->line_settings = *faces->settings;
    t->face = &faces->line.face;
    r = face_line_init(&faces->line, &terminal, &t->model);
    faces->line.is_json = faces->arguments->is_json;
    return r;
}

static void party_stop_face(struct party_faces *faces)
{
    if (faces->is_full) {
        full_fini(&faces->full);
    } else {
        face_line_fini(&faces->line);
    }
    if (faces->sends >= 0) {
        (void)close(faces->sends);
    }
}

/* Returns 0 or -errno. */
static int party_start(struct talk *t, struct party_faces *faces, struct credentials *credentials)
{
    const struct arguments *arguments = faces->arguments;
    struct model_config config = {
        .nick = text_of(arguments->nick),
        .rooms = faces->rooms,
        .n_rooms = arguments->n_rooms,
        .credentials = arguments->access.account[0] == '\0' ? NULL : credentials,
    };
    int r;

    for (size_t i = 0; i < arguments->n_rooms; i++) {
        faces->rooms[i] = arguments->rooms[i];
    }
    model_init(&t->model, &config);
    r = party_start_face(t, faces);
    if (r < 0) {
        return r;
    }
    credentials->is_kept = t->face->is_terminal; /* a person is connected again */
    if (t->face->is_terminal && !t->face->is_full) {
        t->model.config.settings = &faces->line_settings;
    }
    t->model.config.is_paced = !t->face->is_terminal;
    t->model.config.shows_own = t->face->is_editing;
    t->model.config.keeps_state = t->face->is_full;
    t->model.config.n_history = /* a script asks for none */
        faces->sends >= 0 ? 0 : (unsigned)faces->settings->n_history;
    t->model.config.is_logged =
        faces->settings->logs && (t->face->is_editing || arguments->wants_log);
    model_start(&t->model);
    if (t->face->is_terminal) {
        talk_say(t, EVENT_INFO, "connected to %s; /help lists the commands", t->where);
    }
    talk_flush(t);
    return 0;
}

/* The port stands in the name if it is none of those that every server has. */
static void party_open_log(const struct arguments *arguments, struct logbook *log)
{
    char bytes[ARGUMENTS_HOST_MAX + 16];
    struct buf server = buf_over(bytes, sizeof(bytes));
    bool is_usual = strcmp(arguments->port, "6667") == 0 || strcmp(arguments->port, "6697") == 0;

    buf_text_put(&server, text_of(arguments->host));
    if (!arguments->is_unix && !is_usual) {
        buf_format(&server, ":%s", arguments->port);
    }
    logbook_init(log, getenv("XDG_STATE_HOME"), getenv("HOME"), buf_text(&server));
}

static enum exit_code party_result(const struct talk *t)
{
    if (t->exit != EXIT_CODE_FINE) {
        (void)fprintf(stderr, "partyline: %s\n", t->why);
        return (enum exit_code)t->exit;
    }
    if (t->face != NULL && t->face->is_broken) {
        (void)fprintf(stderr, "partyline: cannot write to standard output\n");
        return EXIT_CODE_OUTPUT;
    }
    if (t->model.config.is_paced && t->model.has_refused) {
        (void)fprintf(stderr, "partyline: not everything was accepted\n");
        return EXIT_CODE_PARTLY;
    }
    return EXIT_CODE_FINE;
}

/* What leads to the server, this time and each time after it was lost. */
struct party_way {
    struct tls_config tls;
    struct route route;
    struct credentials credentials;
};

static void party_plan(const struct arguments *arguments, struct party_way *out)
{
    const struct access *access = &arguments->access;

    *out = (struct party_way){
        .tls = { .host = arguments->host,
                 .ca_file = access->ca_file[0] == '\0' ? NULL : access->ca_file,
                 .fingerprint = access->has_fingerprint ? access->fingerprint : NULL },
        .route = { .target = { .host = arguments->host,
                               .port = arguments->is_unix ? NULL : arguments->port,
                               .timeout_ms = arguments->timeout_ms },
                   .tls = access->is_tls ? &out->tls : NULL,
                   .has_secrets = access->account[0] != '\0' && !access->is_cleartext },
        .credentials = { .account = access->account },
    };
}

/* Before there is a connection: servers do not wait for whoever looks for a password. */
static bool party_get_password(const struct arguments *arguments, struct credentials *credentials)
{
    const struct access *access = &arguments->access;
    char bytes[ACCESS_PATH_MAX + 256];
    struct buf why = buf_over(bytes, sizeof(bytes));
    int r = 0;

    if (access->password_command[0] != '\0') {
        r = credentials_run(credentials, access->password_command, &why);
    } else if (access->password_file[0] != '\0') {
        r = credentials_read(credentials, access->password_file, &why);
    } else if (access->account[0] != '\0') {
        r = credentials_ask(credentials, arguments->host, &why);
    }
    if (r != 0) {
        (void)fprintf(stderr, "partyline: no password for %s: %.*s\n", access->account,
                      TEXT_ARG(buf_text(&why)));
    }
    return r == 0;
}

static bool party_connect(const struct arguments *arguments, const struct route *route,
                          struct talk *t)
{
    char bytes[4096];
    struct buf where = buf_over(bytes, sizeof(bytes));
    struct tls *tls = NULL;
    int fd = -1;

    (void)signal(SIGPIPE, SIG_IGN); /* the library of TLS writes without MSG_NOSIGNAL */
    if (route_open(route, &fd, &tls, &where) != 0) {
        (void)fprintf(stderr, "partyline: cannot connect to %s%s%s%s\n%.*s",
                      arguments->is_unix ? "unix:" : "", arguments->host,
                      arguments->is_unix ? "" : ":", arguments->is_unix ? "" : arguments->port,
                      TEXT_ARG(buf_text(&where)));
        return false;
    }
    talk_init(t, fd, tls, buf_text(&where));
    return true;
}

static enum exit_code party_talk(const struct arguments *arguments, const struct settings *settings,
                                 struct party_way *way)
{
    struct talk t;
    struct party_faces faces = { .arguments = arguments, .settings = settings, .sends = -1 };
    struct logbook log;
    owned_fd int signals = -1;
    int r;

    if (!party_connect(arguments, &way->route, &t)) {
        return EXIT_CODE_NOT_CONNECTED;
    }
    party_open_log(arguments, &log);
    t.log = &log;
    signals = party_open_signals();
    r = signals < 0 ? signals : party_start(&t, &faces, &way->credentials);
    if (r < 0) {
        talk_finish(&t, EXIT_CODE_SYSTEM, "cannot begin: %s", strerror(-r));
    }
    t.route = t.face != NULL && t.face->is_terminal ? &way->route : NULL;
    while (t.exit == TALK_GOES_ON) {
        party_turn(&t, signals);
    }
    if (t.face != NULL) {
        t.face->ops->pause(t.face); /* before anything is said on standard error */
    }
    r = (int)party_result(&t);
    party_stop_face(&faces);
    talk_fini(&t);
    logbook_fini(&log);
    return (enum exit_code)r;
}

enum exit_code party_run(const struct arguments *arguments, const struct settings *settings)
{
    struct party_way way;
    enum exit_code code = EXIT_CODE_NOT_CONNECTED;

    party_plan(arguments, &way);
    if (party_get_password(arguments, &way.credentials)) {
        code = party_talk(arguments, settings, &way);
    }
    credentials_wipe(&way.credentials);
    return code;
}
