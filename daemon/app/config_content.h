/* SPDX-License-Identifier: MIT */
/* The bytes of the configuration's file, safe for libconfig to be handed. Knows nothing of keys. */
#ifndef APP_CONFIG_CONTENT_H
#define APP_CONFIG_CONTENT_H

#include "app/config.h"

/* All of an ordinary file of at most CONFIG_FILE_MAX bytes, without @include and NUL bytes; *out is
 * the caller's, NUL-terminated. CONFIG_BAD with out_error set but for the file's name, -ENOMEM. */
must_check int config_content_read(const char *path, char **out, struct config_error *out_error);

char *config_content_free(char *content); /* takes NULL, returns NULL */
OWNED_DEFINE(char *, config_content_free)

#endif
