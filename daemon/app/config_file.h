/* SPDX-License-Identifier: MIT */
/* From the file to the fields of struct config, by the rows of the table. libconfig is known here
 * and nowhere else. Judges each value by its own row; what it means is config_check.c's. */
#ifndef APP_CONFIG_FILE_H
#define APP_CONFIG_FILE_H

#include "app/config.h"

/* Sets what the file at `path` has (libconfig 1.5 syntax, without @include) in `config`, which
 * holds the defaults; out_lines gets the line of each row's key, 0 where the file lacks it.
 * CONFIG_BAD with out_error set, -ENOMEM; `config` may be half changed then. */
must_check int config_file_read(const char *path, struct config *config,
                                unsigned out_lines[CONFIG_KEYS], struct config_error *out_error);

/* Says what is wrong with `key` (NULL: the file as a whole), leaves the file's name alone, and
 * returns CONFIG_BAD. */
must_check int config_refuse(struct config_error *out_error, const char *key, unsigned line,
                             const char *format, ...) format_like(4, 5);

#endif
