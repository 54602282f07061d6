/* SPDX-License-Identifier: MIT */
/* A configuration and a file to load it from, which is a memfd. */
#ifndef SUPPORT_CONFIG_RIG_H
#define SUPPORT_CONFIG_RIG_H

#include "app/config.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* An account of an operator; the password is "secret". */
#define HASH                                                                                       \
    "$6$saltsalt$TVLlQcbpFVof5W3Yz4DTP6gRstiNuHwwTt6GLc1E5n0U0aDehy0S5knV8wiOQSpT0Y77vwPZN.Pq."    \
    "H91p5h"                                                                                       \
    "VO1"
#define ACCOUNT "a *@* " HASH

struct rig {
    struct config config; /* holds the defaults before each test */
    struct config_error error;
    int fd;
    char path[64]; /* of the memfd */
};

static inline int rig_setup(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));

    assert_non_null(rig);
    rig->fd = memfd_create("config", MFD_CLOEXEC);
    assert_true(rig->fd >= 0);
    snprintf(rig->path, sizeof(rig->path), "/proc/self/fd/%d", rig->fd);
    assert_int_equal(config_defaults(&rig->config), 0);
    *state = rig;
    return 0;
}

static inline int rig_teardown(void **state)
{
    struct rig *rig = *state;

    config_fini(&rig->config);
    (void)close(rig->fd);
    free(rig);
    return 0;
}

static inline int rig_load_bytes(struct rig *rig, const char *bytes, size_t len)
{
    assert_int_equal(ftruncate(rig->fd, 0), 0);
    assert_int_equal(pwrite(rig->fd, bytes, len, 0), len);
    memset(&rig->error, 0, sizeof(rig->error));
    return config_load(&rig->config, rig->path, &rig->error);
}

static inline int rig_load(struct rig *rig, const char *content)
{
    return rig_load_bytes(rig, content, strlen(content));
}

#endif
