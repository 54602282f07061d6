/* SPDX-License-Identifier: MIT */
/* Capability negotiation, version 302. Source: ircv3.net/specs/extensions/capability-negotiation.
 */
#include "front/irc.h"

#include "chat/names.h"
#include "chat/people.h"
#include "lib/utf8.h"

struct irc_cap_name {
    struct text name;
    uint32_t cap;
};

/* The only place that knows how a capability is called: when a draft is ratified, its row changes
 * here, and with "draft/" it can stand here twice for a while. */
static const struct irc_cap_name IRC_CAPS[] = {
    { TEXT("account-notify"), IRC_CAP_ACCOUNT_NOTIFY },
    { TEXT("account-tag"), IRC_CAP_ACCOUNT_TAG },
    { TEXT("away-notify"), IRC_CAP_AWAY_NOTIFY },
    { TEXT("batch"), IRC_CAP_BATCH },
    { TEXT("cap-notify"), IRC_CAP_NOTIFY },
    { TEXT("chghost"), IRC_CAP_CHGHOST },
    { TEXT("draft/chathistory"), IRC_CAP_CHATHISTORY },
    { TEXT("draft/event-playback"), IRC_CAP_EVENT_PLAYBACK },
    { TEXT("draft/no-implicit-names"), IRC_CAP_DRAFT_NO_IMPLICIT_NAMES },
    { TEXT("draft/read-marker"), IRC_CAP_READ_MARKER },
    { TEXT("echo-message"), IRC_CAP_ECHO_MESSAGE },
    { TEXT("extended-join"), IRC_CAP_EXTENDED_JOIN },
    { TEXT("extended-monitor"), IRC_CAP_EXTENDED_MONITOR },
    { TEXT("invite-notify"), IRC_CAP_INVITE_NOTIFY },
    { TEXT("labeled-response"), IRC_CAP_LABELED_RESPONSE },
    { TEXT("message-tags"), IRC_CAP_MESSAGE_TAGS },
    { TEXT("multi-prefix"), IRC_CAP_MULTI_PREFIX },
    { TEXT("no-implicit-names"), IRC_CAP_NO_IMPLICIT_NAMES },
    { TEXT("server-time"), IRC_CAP_SERVER_TIME },
    { TEXT("setname"), IRC_CAP_SETNAME },
    { TEXT("soju.im/search"), IRC_CAP_SEARCH },
    { TEXT("standard-replies"), IRC_CAP_STANDARD_REPLIES },
    { TEXT("userhost-in-names"), IRC_CAP_USERHOST_IN_NAMES },
};

enum {
    IRC_CAP_LINE_WIDTH = 400, /* bytes of names in one line of CAP LS */
    IRC_CAP_VERSION = 302,
};

static uint32_t *irc_edit_caps(struct reader *reader)
{
    return &state_edit_person(reader_hub(reader)->state, reader->row)->caps;
}

/* Without an archive there is nothing to search. */
static uint32_t irc_caps_here(const struct reader *reader)
{
    return reader->exchange->archive.is_configured ? IRC_CAPS_ALL
                                                   : IRC_CAPS_ALL & ~(uint32_t)IRC_CAP_SEARCH;
}

/* Names of the capabilities among `caps`, in as many lines as it takes; all but the last have a
 * '*', which only who knows version 302 understands: others get what fits in one line. */
static void irc_list_caps(struct reader *reader, const char *verb, uint32_t caps)
{
    bool knows_302 = (reader_person(reader)->caps & IRC_KNOWS_302) != 0;
    char space[IRC_CAP_LINE_WIDTH];
    struct buf names = buf_over(space, sizeof(space));

    for (size_t i = 0; i < ARRAY_SIZE(IRC_CAPS); i++) {
        bool is_full = buf_space(&names) <= IRC_CAPS[i].name.len;

        if (!(caps & IRC_CAPS[i].cap & irc_caps_here(reader))) {
            continue;
        }
        if (is_full && !knows_302) {
            break;
        }
        if (is_full) {
            irc_line(reader, "CAP %s %s * :%.*s", irc_nick_or_star(reader), verb,
                     TEXT_ARG(buf_text(&names)));
            names.len = 0;
        }
        buf_format(&names, "%s%.*s", names.len > 0 ? " " : "", TEXT_ARG(IRC_CAPS[i].name));
    }
    irc_line(reader, "CAP %s %s :%.*s", irc_nick_or_star(reader), verb, TEXT_ARG(buf_text(&names)));
}

static uint32_t irc_cap_named(struct text name)
{
    for (size_t i = 0; i < ARRAY_SIZE(IRC_CAPS); i++) {
        if (text_equal(IRC_CAPS[i].name, name)) {
            return IRC_CAPS[i].cap;
        }
    }
    return 0;
}

/* The names, in one parameter or, as some clients send them, in several. */
static void irc_gather_caps(const struct irc_message *message, struct buf *out)
{
    for (int i = 1; i < message->n_params; i++) {
        if (out->len > 0) {
            buf_char(out, ' ');
        }
        buf_text_put(out, text_trim(message->params[i]));
    }
}

/* What is asked for with this name, '-' in front or not; false: that cannot be. Version 302 has
 * cap-notify switched on for good. */
static bool irc_take_cap(const struct reader *reader, struct text name, uint32_t *caps)
{
    bool is_off = name.at[0] == '-';
    uint32_t cap = irc_cap_named(is_off ? (struct text){ name.at + 1, name.len - 1 } : name);

    if ((cap & irc_caps_here(reader)) == 0 ||
        (is_off && cap == IRC_CAP_NOTIFY && (*caps & IRC_KNOWS_302))) {
        return false;
    }
    *caps = is_off ? *caps & ~cap : *caps | cap;
    return true;
}

/* All of a request or nothing of it. */
static void irc_request_caps(struct reader *reader, struct text wanted)
{
    uint32_t caps = reader_person(reader)->caps;
    struct text rest = wanted, name;
    bool is_granted = true;

    while ((name = text_cut_word(&rest)).len > 0) {
        is_granted &= irc_take_cap(reader, name, &caps);
    }
    if (is_granted) {
        *irc_edit_caps(reader) = caps;
        people_set_mode(reader_hub(reader), reader->row, PERSON_CURIOUS,
                        (caps & IRC_CAP_EXTENDED_MONITOR) != 0);
    }
    irc_line(reader, "CAP %s %s :%.*s", irc_nick_or_star(reader), is_granted ? "ACK" : "NAK",
             (int)utf8_fit(wanted, IRC_CAP_LINE_WIDTH), wanted.at);
}

/* LS, and which version the client speaks: 302 brings cap-notify without asking. */
static void irc_offer_caps(struct reader *reader, struct text version)
{
    uint64_t number = 0;

    if (text_number(version, UINT32_MAX, &number) && number >= IRC_CAP_VERSION) {
        *irc_edit_caps(reader) |= IRC_KNOWS_302 | IRC_CAP_NOTIFY;
    }
    irc_list_caps(reader, "LS", IRC_CAPS_ALL);
}

int irc_run_cap(struct reader *reader, const struct irc_message *message, struct buf *reason)
{
    struct text verb = message->params[0];
    struct text what = message->n_params > 1 ? message->params[1] : TEXT_NONE;
    char space[IRC_LINE_MAX * UTF8_REPLACEMENT_BYTES];
    struct buf wanted = buf_over(space, sizeof(space));
    bool is_ls = text_equal_nocase(verb, TEXT("LS"));
    bool is_req = text_equal_nocase(verb, TEXT("REQ")) && message->n_params > 1;

    (void)reason;
    if ((is_ls || is_req) && !(reader_person(reader)->flags & PERSON_REGISTERED)) {
        *irc_edit_caps(reader) |= IRC_NEGOTIATING;
    }
    if (is_ls) {
        irc_offer_caps(reader, what);
    } else if (is_req) {
        irc_gather_caps(message, &wanted);
        irc_request_caps(reader, buf_text(&wanted));
    } else if (text_equal_nocase(verb, TEXT("LIST"))) {
        irc_list_caps(reader, "LIST", reader_person(reader)->caps & IRC_CAPS_ALL);
    } else if (text_equal_nocase(verb, TEXT("END"))) {
        *irc_edit_caps(reader) &= ~(uint32_t)IRC_NEGOTIATING;
        irc_register_if_ready(reader);
    } else {
        irc_numeric(reader, ERR_INVALIDCAPCMD, "%.*s :Invalid CAP command",
                    (int)utf8_fit(verb, NICK_MAX), verb.at);
    }
    return FRONT_DONE;
}
