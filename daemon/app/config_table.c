/* SPDX-License-Identifier: MIT */
/* The rows of the configuration, and what can be asked of a row. A new key is a field in config.h,
 * a row here, a few lines in conf/partylined.conf and docs/partylined.conf.5 (tests name what is
 * missing). A number's field is always uint32_t. */
#include "app/config_table.h"

#include "state/layout.h"

#include <assert.h>
#include <string.h>

#define AT(field) offsetof(struct config, field)

/* clang-format off */
const struct config_row config_table[CONFIG_KEYS] = {
    { "server.name", AT(server.name), CONFIG_KIND_TEXT, false, 1, 63, .text = "partyline",
      .help = "The name of this server: in greetings, and in front of what it says over IRC." },
    { "server.network", AT(server.network), CONFIG_KIND_TEXT, true, 1, 63, .text = "Partyline",
      .help = "The name that IRC clients show for this server and its rooms: one word." },
    { "server.motd_file", AT(server.motd_file), CONFIG_KIND_TEXT, true, 0, CONFIG_TEXT_MAX,
      .text = "",
      .help = "A text file that greets those who connect; empty: a greeting of one line." },
    { "server.admin", AT(server.admin), CONFIG_KIND_LIST, true, 0, 3,
      .help = "Who runs this server, and how to reach them: lines for IRC's ADMIN." },

    /* both lists together: at most SERVER_LISTENERS_MAX of app/server.h */
    { "listen.line", AT(listen.line), CONFIG_KIND_LIST, false, 0, 8,
      .list = { "127.0.0.1:7777", "[::1]:7777" },
      .help = "Where nc and telnet connect: \"127.0.0.1:7777\", \"[::1]:7777\", \"*:7777\" (every "
              "address) or \"unix:/path\". Sockets from the service manager take precedence." },
    { "listen.irc", AT(listen.irc), CONFIG_KIND_LIST, false, 0, 8,
      .list = { "127.0.0.1:6667", "[::1]:6667" },
      .help = "Where IRC clients, and the client partyline, connect; written in the same way." },
    { "listen.backlog", AT(listen.backlog), CONFIG_KIND_NUMBER, false, 1, 65535, 4096,
      .help = "How many connections may wait to be accepted. The kernel caps it at "
              "net.core.somaxconn." },
    { "listen.send_buffer", AT(listen.send_buffer), CONFIG_KIND_BYTES, false, 4096, 16 << 20,
      131072,
      .help = "What the kernel may hold for each connection that reads more slowly than the room "
              "talks." },

    { "limits.connections", AT(limits.connections), CONFIG_KIND_NUMBER, false, 1, 100000, 10000,
      .help = "Connections at the same time, over all front ends." },
    { "limits.connections_per_address", AT(limits.connections_per_address), CONFIG_KIND_NUMBER,
      true, 0, 100000, 64,
      .help = "Connections at the same time from one address; 0: no limit." },
    { "limits.rooms", AT(limits.rooms), CONFIG_KIND_NUMBER, false, 1, 100000, 2000,
      .help = "Rooms at the same time, permanent ones and the lobby included." },
    { "limits.rooms_per_person", AT(limits.rooms_per_person), CONFIG_KIND_NUMBER, true, 1,
      MEMBERSHIPS_PER_PERSON - 1, 20,
      .help = "Rooms that one person can be in." },
    { "limits.memberships", AT(limits.memberships), CONFIG_KIND_NUMBER, false, 1, 1000000, 40000,
      .help = "Memberships of all people in all rooms. At least limits.connections, since everyone "
              "enters the lobby." },
    { "limits.line_bytes", AT(limits.line_bytes), CONFIG_KIND_BYTES, true, 512, 4096, 4096,
      .help = "The longest line that is taken; a longer one is refused as a whole." },
    { "limits.lines_per_second", AT(limits.lines_per_second), CONFIG_KIND_NUMBER, true, 0, 1000,
      10,
      .help = "Lines that one connection may send in the long run; faster ones are read more "
              "slowly. 0: no limit." },
    { "limits.line_burst", AT(limits.line_burst), CONFIG_KIND_NUMBER, true, 1, 10000, 60,
      .help = "Lines that one connection may send at once before that rate applies." },
    { "limits.flush_interval_ms", AT(limits.flush_interval_ms), CONFIG_KIND_NUMBER, true, 0, 1000, 0,
      .help = "What is said after a pause reaches its room at once, and what follows at most once in "
              "so many milliseconds: a busy server then sends less often, and more at a time. 0: "
              "everything at once." },
    { "limits.log_bytes", AT(limits.log_bytes), CONFIG_KIND_BYTES, false, 1 << 20, 1 << 30,
      16777216,
      .help = "Memory for the log of all rooms: what slow readers can look back on, and /history "
              "without an archive." },
    { "limits.pages", AT(limits.pages), CONFIG_KIND_NUMBER, false, 16, 1 << 20, 4096,
      .help = "Pages of 16 KiB for connections with unfinished input or unsent output. Memory is "
              "taken only for those in use." },

    { "timeouts.registration", AT(timeouts.registration_s), CONFIG_KIND_SECONDS, true, 1, 3600, 60,
      .help = "An IRC client that has not given its name by then is closed." },
    { "timeouts.ping", AT(timeouts.ping_s), CONFIG_KIND_SECONDS, true, 5, 86400, 120,
      .help = "After so much silence a connection is asked whether it is still there." },
    { "timeouts.ping_reply", AT(timeouts.ping_reply_s), CONFIG_KIND_SECONDS, true, 1, 3600, 60,
      .help = "And closed when nothing has come back for so long." },
    { "timeouts.idle", AT(timeouts.idle_s), CONFIG_KIND_SECONDS, true, 0, 2592000, 0,
      .help = "Who has said nothing for so long is sent away; 0: never." },
    { "timeouts.linger", AT(timeouts.linger_s), CONFIG_KIND_SECONDS, true, 0, 60, 5,
      .help = "How long a connection that we end may take to read our last words." },
    { "timeouts.stop", AT(timeouts.stop_s), CONFIG_KIND_SECONDS, true, 0, 60, 5,
      .help = "How long stopping may take for saying goodbye to everyone." },

    { "rooms.lobby", AT(rooms.lobby), CONFIG_KIND_TEXT, false, 2, 50, .text = "#lobby",
      .help = "The room that everyone enters on connecting." },
    { "rooms.permanent", AT(rooms.permanent), CONFIG_KIND_LIST, false, 0, 1000,
      .help = "Rooms that stay when they are empty: \"#name\" or \"#name topic of the room\"." },
    { "rooms.permanent_modes", AT(rooms.permanent_modes), CONFIG_KIND_TEXT, false, 0, 5,
      .text = "n",
      .help = "Modes of the lobby and of those rooms when they are new, in IRC's letters: i, m, n, "
              "s, t." },
    { "rooms.new_modes", AT(rooms.new_modes), CONFIG_KIND_TEXT, true, 0, 5, .text = "nt",
      .help = "Modes of a room that somebody opens by joining it, in the same letters." },
    { "rooms.history_on_join", AT(rooms.history_on_join), CONFIG_KIND_NUMBER, true, 0, 1000, 10,
      .help = "Earlier messages that are shown to those who enter a room." },
    { "rooms.each", AT(rooms.each), CONFIG_KIND_ROOMS, true, 0, 1000,
      .help = "Rooms with settings of their own: a name, then any of history_on_join, keep_days "
              "and keep_bytes, instead of rooms.history_on_join, archive.keep_days and "
              "archive.keep_bytes." },

    { "operators.accounts", AT(operators.accounts), CONFIG_KIND_LIST, true, 0, 100,
      .help = "Who may become operator of the server: \"NAME MASK HASH\" or \"NAME MASK HASH "
              "HOST\". MASK is where from, as user@host with * and ?; HASH is the password as "
              "`openssl passwd -6` prints it; HOST is what others see instead of the address." },

    { "archive.file", AT(archive.file), CONFIG_KIND_TEXT, false, 0, CONFIG_TEXT_MAX,
      .text = "archive.db",
      .help = "An SQLite database that keeps what was said. A relative name is in the state "
              "directory that the service manager gives; without one, and if it is empty, nothing "
              "is kept but the log." },
    { "archive.on_failure", AT(archive.on_failure), CONFIG_KIND_TEXT, true, 0, CONFIG_TEXT_MAX,
      .text = "go-on",
      .help = "What happens when the disk is full or broken: \"go-on\" chats from memory, and what "
              "the log gives up meanwhile is lost to the archive; \"wait\" pauses when the log is "
              "full." },
    { "archive.keep_days", AT(archive.keep_days), CONFIG_KIND_NUMBER, true, 0, 36500, 0,
      .help = "How many days the archive keeps what was said; 0: for ever." },
    { "archive.keep_bytes", AT(archive.keep_bytes), CONFIG_KIND_BYTES, true, 0, 1 << 30, 0,
      .help = "How much of each room the archive keeps, the newest; 0: all." },

    { "log.level", AT(log.level), CONFIG_KIND_LEVEL, true, .number = REPORT_INFO,
      .help = "The least important reports that are written." },
};
/* clang-format on */

static const struct {
    const char *word;
    enum report_level level;
} config_levels[] = {
    { "error", REPORT_ERROR }, { "warning", REPORT_WARNING }, { "notice", REPORT_NOTICE },
    { "info", REPORT_INFO },   { "debug", REPORT_DEBUG },
};

static void *config_row_field(const struct config_row *row, struct config *config)
{
    return (char *)config + row->at;
}

uint32_t *config_row_number(const struct config_row *row, struct config *config)
{
    assert(row->kind <= CONFIG_KIND_SECONDS);
    return config_row_field(row, config);
}

char **config_row_text(const struct config_row *row, struct config *config)
{
    assert(row->kind == CONFIG_KIND_TEXT);
    return config_row_field(row, config);
}

struct config_list *config_row_list(const struct config_row *row, struct config *config)
{
    assert(row->kind == CONFIG_KIND_LIST);
    return config_row_field(row, config);
}

struct room_settings_list *config_row_rooms(const struct config_row *row, struct config *config)
{
    assert(row->kind == CONFIG_KIND_ROOMS);
    return config_row_field(row, config);
}

enum report_level *config_row_level(const struct config_row *row, struct config *config)
{
    assert(row->kind == CONFIG_KIND_LEVEL);
    return config_row_field(row, config);
}

const char *config_level_word(uint32_t level)
{
    for (size_t i = 0; i < ARRAY_SIZE(config_levels); i++) {
        if (config_levels[i].level == level) {
            return config_levels[i].word;
        }
    }
    return NULL;
}

bool config_level_find(struct text word, enum report_level *out)
{
    for (size_t i = 0; i < ARRAY_SIZE(config_levels); i++) {
        if (text_equal(word, text_of(config_levels[i].word))) {
            *out = config_levels[i].level;
            return true;
        }
    }
    return false;
}

const struct config_row *config_row_find(struct text key)
{
    for (size_t i = 0; i < CONFIG_KEYS; i++) {
        if (text_equal(key, text_of(config_table[i].key))) {
            return &config_table[i];
        }
    }
    return NULL;
}

/* Insertions, deletions, replacements that turn one into the other (Levenshtein), row by row. */
static size_t config_distance(struct text a, struct text b)
{
    size_t row[64];

    if (a.len >= ARRAY_SIZE(row) || b.len >= ARRAY_SIZE(row)) {
        return SIZE_MAX;
    }
    for (size_t i = 0; i <= a.len; i++) {
        row[i] = i;
    }
    for (size_t j = 1; j <= b.len; j++) {
        size_t diagonal = row[0];

        row[0] = j;
        for (size_t i = 1; i <= a.len; i++) {
            bool same = text_lower(a.at[i - 1]) == text_lower(b.at[j - 1]);
            size_t replaced = diagonal + (same ? 0 : 1);

            diagonal = row[i];
            row[i] = size_min(replaced, size_min(row[i - 1], row[i]) + 1);
        }
    }
    return row[a.len];
}

/* The part behind the dot, for a key in the wrong group or in none. */
static struct text config_key_name(struct text key)
{
    struct text rest = key;

    (void)text_cut(&rest, '.');
    return rest.len > 0 ? rest : key;
}

const struct config_row *config_row_suggest(struct text key)
{
    const struct config_row *best = NULL;
    size_t least = SIZE_MAX;

    for (size_t i = 0; i < CONFIG_KEYS; i++) {
        struct text known = text_of(config_table[i].key);
        size_t whole = config_distance(key, known);
        size_t name = config_distance(config_key_name(key), config_key_name(known));
        size_t distance = size_min(whole, name < SIZE_MAX ? name + 1 : name);

        if (distance < least) {
            least = distance;
            best = &config_table[i];
        }
    }
    return least <= 3 && least < config_key_name(key).len ? best : NULL;
}

static void config_levels_print(struct buf *out)
{
    buf_text_put(out, TEXT("one of"));
    for (size_t i = 0; i < ARRAY_SIZE(config_levels); i++) {
        buf_format(out, "%s \"%s\"", i > 0 ? "," : "", config_levels[i].word);
    }
}

void config_row_print_range(const struct config_row *row, struct buf *out)
{
    switch (row->kind) {
    case CONFIG_KIND_NUMBER:
        buf_format(out, "a whole number from %u to %u", row->min, row->max);
        return;
    case CONFIG_KIND_BYTES:
        buf_format(out, "a number of bytes from %u to %u", row->min, row->max);
        return;
    case CONFIG_KIND_SECONDS:
        buf_format(out, "a number of seconds from %u to %u", row->min, row->max);
        return;
    case CONFIG_KIND_TEXT:
        buf_format(out, "a text in quotes, %u to %u bytes long", row->min, row->max);
        return;
    case CONFIG_KIND_LIST:
        buf_format(out, "a list of %u to %u texts, such as [\"a\", \"b\"]", row->min, row->max);
        return;
    case CONFIG_KIND_ROOMS:
        buf_format(out, "a list of %u to %u groups, such as ( { name = \"#a\"; keep_days = 7; } )",
                   row->min, row->max);
        return;
    case CONFIG_KIND_LEVEL: config_levels_print(out); return;
    }
}
