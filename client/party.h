/* SPDX-License-Identifier: MIT */
/* One conversation from connecting to goodbye: the poll loop, the signals, the exit code. A
 * full-screen interface is another user of talk, link and model, beside this one. */
#ifndef CLIENT_PARTY_H
#define CLIENT_PARTY_H

#include "arguments.h"
#include "exit_code.h"
#include "settings.h"

/* Returns the exit code; has said why on standard error if it is not 0. */
enum exit_code party_run(const struct arguments *arguments, const struct settings *settings);

#endif
