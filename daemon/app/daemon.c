/* SPDX-License-Identifier: MIT */
/* The life of the process: configuration, descriptors from the service manager, rounds, reload,
 * stop. */
#include "app/daemon.h"

#include "app/activation.h"
#include "app/config.h"
#include "app/inheritance.h"
#include "app/journal.h"
#include "app/notify.h"
#include "app/salvage.h"
#include "app/server.h"
#include "net/signals.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

enum { DAEMON_STATUS_MS = 1000, DAEMON_STATUS_MAX = 384, DAEMON_RETURN_MAX = 160 };

struct daemon {
    const char *config_path; /* borrowed; NULL: the default */
    struct config config;
    bool is_keeping;
    bool is_over; /* ends at once, keeping everything */
    struct activation activation;
    struct notify notify;
    struct inheritance inheritance;
    struct server server;
    struct signals signals;
    struct timer ping; /* the watchdog's */
    struct timer status;
    char returned[DAEMON_RETURN_MAX]; /* how many came back, and why they had to; empty: nobody */
    char said[DAEMON_STATUS_MAX];     /* the status the service manager has */
};

static void daemon_report_config(const struct config_error *error)
{
    char space[1024];
    struct buf text = buf_over(space, sizeof(space));

    config_error_print(error, &text);
    report(REPORT_ERROR, "%.*s", TEXT_ARG(buf_text(&text)));
}

/* ---- reload ---- */

static void daemon_report_changes(const struct config_changes *changes)
{
    for (size_t i = 0; i < changes->n_applied; i++) {
        report(REPORT_NOTICE, "%s has changed", changes->applied[i]);
    }
    for (size_t i = 0; i < changes->n_waiting; i++) {
        report(REPORT_NOTICE, "%s needs a restart to change", changes->waiting[i]);
    }
}

/* A bad file changes nothing. False: it did not become the configuration. */
static bool daemon_reload(struct daemon *daemon)
{
    struct config next = { 0 };
    struct config_error error;
    struct config_changes changes;
    int r;

    (void)!notify_reloading(&daemon->notify);
    r = config_load(&next, daemon->config_path, &error);
    if (r == CONFIG_BAD) {
        daemon_report_config(&error);
        report(REPORT_ERROR, "the configuration stays as it was");
    } else if (r < 0) {
        report(REPORT_ERROR, "reload: %s", strerror(-r));
    } else {
        config_reload(&daemon->config, &next, &changes);
        server_apply_config(&daemon->server);
        daemon_report_changes(&changes);
        report(REPORT_NOTICE, "the configuration was reloaded");
    }
    config_fini(&next);
    (void)!notify_ready(&daemon->notify);
    return r == 0;
}

/* An operator among those who are connected has asked for it. */
static void daemon_reload_if_asked(struct daemon *daemon)
{
    uint64_t id = daemon->server.exchange.reload_for;

    if (id == 0) {
        return;
    }
    daemon->server.exchange.reload_for = 0;
    server_tell(&daemon->server, id,
                daemon_reload(daemon) ? "the configuration was read again"
                                      : "the configuration stays as it was; the log says why");
}

/* What is kept goes on without us: the next start takes it up, and nobody is told anything. That it
 * is a real end we learn from SIGUSR1, which the unit's ExecStop= sends on a stop. */
static void daemon_stop(struct daemon *daemon, int signo)
{
    report(REPORT_NOTICE, "stopping: %s", strsignal(signo));
    (void)!notify_stopping(&daemon->notify);
    if (inheritance_keeper(&daemon->inheritance) != NULL && signo == SIGTERM) {
        daemon->is_over = true;
    } else {
        server_stop(&daemon->server);
    }
}

static void daemon_on_signal(struct signals *signals, int signo)
{
    struct daemon *daemon = container_of(signals, struct daemon, signals);

    if (signo == SIGHUP) {
        (void)daemon_reload(daemon);
    } else if (signo == SIGTERM || signo == SIGINT) {
        daemon_stop(daemon, signo);
    } else if (signo == SIGUSR1) {
        report(REPORT_NOTICE, "saying goodbye to everyone");
        server_stop(&daemon->server);
    }
}

/* ---- the service manager ---- */

static void daemon_on_ping(struct timer *timer)
{
    struct daemon *daemon = container_of(timer, struct daemon, ping);

    (void)!notify_ping(&daemon->notify);
    timer_set(timer, daemon->server.clock.boot_ms + daemon->notify.ping_ms);
}

static void daemon_on_status(struct timer *timer)
{
    struct daemon *daemon = container_of(timer, struct daemon, status);
    char text[DAEMON_STATUS_MAX] = { 0 };
    struct buf out = buf_over(text, sizeof(text) - 1);

    server_describe(&daemon->server, &out);
    if (daemon->returned[0] != '\0') {
        buf_format(&out, "; %s", daemon->returned);
    }
    if (strcmp(text, daemon->said) != 0 && notify_status(&daemon->notify, "%s", text) == 0) {
        memcpy(daemon->said, text, sizeof(text));
    }
    timer_set(timer, daemon->server.clock.boot_ms + DAEMON_STATUS_MS);
}

static int daemon_start_timers(struct daemon *daemon)
{
    struct timers *timers = &daemon->server.timers;
    int r = timer_add(&daemon->ping, timers, daemon_on_ping);

    if (r == 0) {
        r = timer_add(&daemon->status, timers, daemon_on_status);
    }
    if (r < 0) {
        return r;
    }
    if (daemon->notify.ping_ms > 0) {
        timer_set(&daemon->ping, 0);
    }
    timer_set(&daemon->status, 0);
    return 0;
}

/* ---- starting ---- */

/* Those that we open ourselves are kept as well: they come back under their names. */
static int daemon_open_listeners(struct daemon *daemon)
{
    int r = server_listen_configured(&daemon->server);

    for (size_t i = 0; r == 0 && daemon->inheritance.is_on && i < daemon->server.n_listeners; i++) {
        r = notify_store(&daemon->notify, daemon->server.listeners[i].name,
                         daemon->server.listeners[i].fd, false);
    }
    return r;
}

/* Listeners come from the service manager if it has some, else from the configuration. */
static int daemon_listen(struct daemon *daemon)
{
    size_t n_taken = 0;

    for (size_t i = 0; i < daemon->activation.n; i++) {
        struct activation_fd *given = &daemon->activation.fds[i];
        int r;

        if (given->kind == ACTIVATION_STORED) {
            continue;
        }
        r = listener_take(given->fd, (int)daemon->config.listen.send_buffer);
        if (r == 0) {
            r = server_listen(&daemon->server, give_fd(&given->fd),
                              given->kind == ACTIVATION_IRC ? "irc" : "line");
        }
        if (r < 0) {
            report(REPORT_ERROR, "socket %s can't be used: %s", given->name, strerror(-r));
            return r;
        }
        n_taken++;
    }
    return n_taken > 0 ? 0 : daemon_open_listeners(daemon);
}

/* Nobody can be taken up again: they are told so, and what they were in is kept for whoever wants
 * to know why. */
static void daemon_set_aside(struct daemon *daemon, int region_fd, int outcome)
{
    report(REPORT_ERROR, "the region of the last run can't be used: %s",
           outcome == REGION_DAMAGED ? "it is damaged" : "its layout is unknown");
    inheritance_dismiss(&daemon->inheritance);
    salvage_region(region_fd, daemon->server.clock.real_ms);
    (void)close(region_fd);
}

/* The region that came back, or a new one. */
static int daemon_start_server(struct daemon *daemon)
{
    struct inheritance *inheritance = &daemon->inheritance;
    struct server_start start = { .config = &daemon->config,
                                  .keeper = inheritance_keeper(inheritance),
                                  .region_fd = give_fd(&inheritance->region_fd),
                                  .kept = inheritance->kept,
                                  .n_kept = inheritance->n_kept };
    int r = server_init(&daemon->server, &start);

    if (r > 0) {
        daemon_set_aside(daemon, start.region_fd, r);
        start.region_fd = -1;
        start.n_kept = 0;
        r = server_init(&daemon->server, &start);
    }
    if (r == 0 && daemon->server.is_region_new && start.keeper != NULL) {
        r = inheritance_store_region(inheritance, daemon->server.state.region.fd);
    }
    return r;
}

static int daemon_inherit(struct daemon *daemon)
{
    bool is_on = daemon->is_keeping && daemon->notify.fd >= 0;
    int r;

    if (daemon->is_keeping && !is_on) {
        report(REPORT_WARNING, "--keep without a service manager: nothing is kept");
    }
    r = inheritance_init(&daemon->inheritance, &daemon->activation, &daemon->notify, is_on);
    if (r < 0) {
        report(REPORT_ERROR, "what the last run left can't be read: %s", strerror(-r));
    }
    return r;
}

static int daemon_start(struct daemon *daemon)
{
    int r = activation_init(&daemon->activation);

    if (r < 0) {
        return r;
    }
    r = notify_init(&daemon->notify);
    if (r < 0) {
        report(REPORT_WARNING, "the service manager can't be told anything: %s", strerror(-r));
    }
    r = daemon_inherit(daemon);
    if (r == 0) {
        r = daemon_start_server(daemon);
    }
    if (r < 0) {
        return r;
    }
    if (inheritance_keeper(&daemon->inheritance) != NULL) {
        boxes_tidy(&daemon->inheritance.boxes);
    }
    r = signals_start(&daemon->signals, &daemon->server.loop, daemon_on_signal);
    if (r == 0) {
        r = daemon_start_timers(daemon);
    }
    if (r == 0) {
        r = daemon_listen(daemon);
    }
    return r;
}

static void daemon_say_ready(struct daemon *daemon)
{
    struct buf out = buf_over(daemon->returned, sizeof(daemon->returned) - 1);

    (void)!notify_ready(&daemon->notify);
    report(REPORT_NOTICE, "partylined " PARTYLINE_VERSION " is ready");
    if (daemon->server.state.header->counters.generation > 1) {
        inheritance_describe(&daemon->inheritance, daemon->server.n_sessions,
                             daemon->server.clock.boot_ms, &out);
        report(REPORT_NOTICE, "%s", daemon->returned);
    }
}

static int daemon_loop(struct daemon *daemon)
{
    while (!daemon->is_over && !server_is_stopped(&daemon->server)) {
        int r = server_round(&daemon->server, -1);

        if (r < 0) {
            return r;
        }
        daemon_reload_if_asked(daemon);
    }
    return 0;
}

static void daemon_finish(struct daemon *daemon)
{
    signals_stop(&daemon->signals);
    timer_remove(&daemon->ping);
    timer_remove(&daemon->status);
    if (daemon->server.sessions != NULL) {
        (void)server_fini(&daemon->server, false);
    }
    inheritance_fini(&daemon->inheritance);
    notify_fini(&daemon->notify);
    activation_fini(&daemon->activation);
    config_fini(&daemon->config);
}

int daemon_run(const struct options *options)
{
    struct daemon *daemon = calloc(1, sizeof(*daemon));
    struct config_error error;
    int r;

    journal_start();
    if (daemon == NULL) {
        return EX_OSERR;
    }
    daemon->config_path = options->config_path;
    daemon->notify.fd = -1;
    daemon->signals.fd = -1;
    daemon->inheritance.region_fd = -1;
    daemon->is_keeping = options->is_keeping;
    r = config_load(&daemon->config, daemon->config_path, &error);
    if (r == CONFIG_BAD) {
        daemon_report_config(&error);
        free(daemon);
        return OPTIONS_EXIT_CONFIG;
    }
    if (r == 0) {
        r = daemon_start(daemon);
    }
    if (r == 0) {
        daemon_say_ready(daemon);
        r = daemon_loop(daemon);
    }
    if (r != 0) {
        report(REPORT_ERROR, "partylined ends: %s", r < 0 ? strerror(-r) : "the region");
    } else {
        (void)!notify_unwatch(&daemon->notify);
    }
    daemon_finish(daemon);
    free(daemon);
    return r == 0 ? EX_OK : EX_OSERR;
}
