/* SPDX-License-Identifier: MIT */
/* What the configuration as a whole must be, beyond what each row of the table says of its value:
 * texts that mean something, and numbers that fit together. */
#ifndef APP_CONFIG_CHECK_H
#define APP_CONFIG_CHECK_H

#include "app/config.h"

/* `lines`: where the keys stand in the file, 0 for those it lacks. CONFIG_BAD with out_error set
 * but for the file's name. */
must_check int config_check(const struct config *config, const unsigned lines[CONFIG_KEYS],
                            struct config_error *out_error);

#endif
