/* SPDX-License-Identifier: MIT */
/* The configuration: plain values that are complete and valid once loaded. Reads the file with
 * libconfig, which nobody else sees; what keys there are stands in config_table.c. Only this
 * module writes the fields. (Not config_init(): libconfig exports that name.) */
#ifndef APP_CONFIG_H
#define APP_CONFIG_H

#include "chat/room_settings.h"
#include "lib/report.h"
#include "lib/text.h"

#include <stdio.h>

#ifndef PARTYLINE_CONFIG_PATH /* set by cmake/install.cmake to where the file is installed */
#define PARTYLINE_CONFIG_PATH "/etc/partylined/partylined.conf"
#endif

enum {
    CONFIG_KEYS = 37,
    CONFIG_FILE_MAX = 1 << 20, /* bytes; a larger file is refused */
};

struct config_list {
    char **items; /* owned, each too */
    size_t n;
};

struct config { /* a field for each key, named alike; what they mean: config_table.c */
    struct {
        char *name;
        char *network;
        char *motd_file; /* "": no greeting of its own */
        struct config_list admin;
    } server;
    struct {
        struct config_list line, irc; /* each parses with address_parse() */
        uint32_t backlog;
        uint32_t send_buffer; /* bytes */
    } listen;
    struct {
        uint32_t connections;
        uint32_t connections_per_address; /* 0: no limit */
        uint32_t rooms;
        uint32_t rooms_per_person;
        uint32_t memberships;
        uint32_t line_bytes;
        uint32_t lines_per_second; /* 0: no limit */
        uint32_t line_burst;
        uint32_t flush_interval_ms; /* 0: none */
        uint32_t log_bytes;
        uint32_t pages;
    } limits;
    struct {
        uint32_t registration_s;
        uint32_t ping_s; /* silence before a ping */
        uint32_t ping_reply_s;
        uint32_t idle_s; /* 0: never */
        uint32_t linger_s;
        uint32_t stop_s;
    } timeouts;
    struct {
        char *lobby;
        struct config_list permanent; /* "#name" or "#name topic text" */
        char *permanent_modes;        /* both parse with modes_from_letters() */
        char *new_modes;
        uint32_t history_on_join;       /* records */
        struct room_settings_list each; /* owned; each has a good name, no two the same */
    } rooms;
    struct {
        struct config_list accounts; /* each parses with operator_parse() */
    } operators;
    struct {
        char *file;          /* "": none; relative: in $STATE_DIRECTORY */
        char *on_failure;    /* "go-on" or "wait" */
        uint32_t keep_days;  /* 0: for ever */
        uint32_t keep_bytes; /* of each room; 0: no limit */
    } archive;
    struct {
        enum report_level level;
    } log;
};

struct config_error {
    char file[256];
    unsigned line; /* 0: none in particular */
    char key[64];  /* empty: the file as a whole */
    char reason[512];
};

enum config_outcome { CONFIG_BAD = 1 };

/* Fills uninitialised memory with the defaults. -ENOMEM, and nothing to release then. */
must_check int config_defaults(struct config *config);
/* Empties the list; takes a zeroed one. */
void config_list_fini(struct config_list *list);
/* Releases what the fields own; takes a zeroed struct, and leaves one. */
void config_fini(struct config *config);

/* Replaces `config` (zeroed or filled before) with what the file says and the defaults for the
 * rest. `path` NULL: PARTYLINE_CONFIG_PATH, which may be missing. CONFIG_BAD: nothing has changed
 * and out_error says why; -ENOMEM. */
must_check int config_load(struct config *config, const char *path, struct config_error *out_error);

/* "file:line: key: reason", without the parts that are not there. */
void config_error_print(const struct config_error *error, struct buf *out);

/* Every key with its value, in the syntax of the file: loaded again it gives the same. -errno. */
must_check int config_print(const struct config *config, FILE *stream);

struct config_changes {
    const char *applied[CONFIG_KEYS]; /* borrowed from the table: keys that changed */
    size_t n_applied;
    const char *waiting[CONFIG_KEYS]; /* differ in the file, but need a restart */
    size_t n_waiting;
};

/* Moves into `now` what differs in `next` and may change while we run. `next` keeps the rest, and
 * stays the caller's to release. */
void config_reload(struct config *now, struct config *next, struct config_changes *out_changes);

#endif
