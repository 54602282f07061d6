/* SPDX-License-Identifier: MIT */
/* What arrives at a service manager, which is played by a datagram socket with an abstract name. */
#include "app/notify.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

struct rig {
    struct notify notify;
    int manager;
    char received[4096];
};

static int rig_setup(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    char name[64];
    int len;

    assert_non_null(rig);
    len = snprintf(name, sizeof(name), "@partyline/test_notify/%d", getpid());
    memcpy(address.sun_path + 1, name + 1, (size_t)len - 1);
    rig->manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(rig->manager, (const struct sockaddr *)&address,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)len)),
                     0);
    assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
    assert_int_equal(setenv("WATCHDOG_USEC", "10000000", 1), 0);
    assert_int_equal(unsetenv("WATCHDOG_PID"), 0);
    assert_int_equal(notify_init(&rig->notify), 0);
    *state = rig;
    return 0;
}

static int rig_teardown(void **state)
{
    struct rig *rig = *state;

    notify_fini(&rig->notify);
    (void)close(rig->manager);
    free(rig);
    return 0;
}

static const char *rig_receive(struct rig *rig)
{
    ssize_t n = recv(rig->manager, rig->received, sizeof(rig->received) - 1, 0);

    assert_true(n >= 0);
    rig->received[n] = '\0';
    return rig->received;
}

static void each_state_is_one_datagram(void **state)
{
    struct rig *rig = *state;

    assert_int_equal(notify_ready(&rig->notify), 0);
    assert_string_equal(rig_receive(rig), "READY=1");
    assert_int_equal(notify_stopping(&rig->notify), 0);
    assert_string_equal(rig_receive(rig), "STOPPING=1");
    assert_int_equal(notify_unwatch(&rig->notify), 0);
    assert_string_equal(rig_receive(rig), "WATCHDOG_USEC=0");
    assert_int_equal(notify_ping(&rig->notify), 0);
    assert_string_equal(rig_receive(rig), "WATCHDOG=1");
    assert_int_equal(notify_status(&rig->notify, "%d people in %s", 3, "#lobby"), 0);
    assert_string_equal(rig_receive(rig), "STATUS=3 people in #lobby");
}

static void reloading_says_since_when(void **state)
{
    struct rig *rig = *state;
    unsigned long long told = 0;
    struct timespec now;

    assert_int_equal(notify_reloading(&rig->notify), 0);
    assert_int_equal(sscanf(rig_receive(rig), "RELOADING=1\nMONOTONIC_USEC=%llu", &told), 1);
    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
    assert_in_range(told, ((unsigned long long)now.tv_sec - 10) * 1000000,
                    ((unsigned long long)now.tv_sec + 1) * 1000000);
}

static void a_status_stays_one_variable_of_whole_characters(void **state)
{
    struct rig *rig = *state;
    char text[2 * NOTIFY_MESSAGE_MAX + 1];

    assert_int_equal(notify_status(&rig->notify, "a\nREADY=1"), 0);
    assert_string_equal(rig_receive(rig), "STATUS=a READY=1");
    for (size_t i = 0; i + 1 < sizeof(text); i += 2) {
        memcpy(text + i, "\xc3\xa9", 2);
    }
    text[sizeof(text) - 1] = '\0';
    assert_int_equal(notify_status(&rig->notify, "%s", text), 0);
    assert_int_equal(strlen(rig_receive(rig)), NOTIFY_MESSAGE_MAX - 1); /* "STATUS=" is odd */
    assert_memory_equal(rig->received + NOTIFY_MESSAGE_MAX - 3, "\xc3\xa9", 2);
}

static void the_watchdog_is_pinged_twice_in_its_time_and_only_if_it_is_ours(void **state)
{
    struct rig *rig = *state;

    assert_int_equal(rig->notify.ping_ms, 5000);
    notify_fini(&rig->notify);
    assert_int_equal(setenv("WATCHDOG_PID", "1", 1), 0);
    assert_int_equal(notify_init(&rig->notify), 0);
    assert_int_equal(rig->notify.ping_ms, 0);
}

static void a_manager_that_is_behind_stops_nobody(void **state)
{
    struct rig *rig = *state;
    int r = 0;

    for (int i = 0; i < 100000 && r == 0; i++) {
        r = notify_ping(&rig->notify);
    }
    assert_int_equal(r, -EAGAIN);
    assert_int_equal(notify_status(&rig->notify, "x"), -EAGAIN);
    assert_int_equal(notify_ready(&rig->notify), -EAGAIN); /* after NOTIFY_WAIT_MS */
    rig_receive(rig);
    assert_int_equal(notify_ready(&rig->notify), 0);
}

static void with_no_descriptor_left_the_watchdog_is_still_pinged(void **state)
{
    struct rig *rig = *state;
    struct rlimit limit;
    struct rlimit none;

    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    none = (struct rlimit){ .rlim_cur = 0, .rlim_max = limit.rlim_max };
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    assert_int_equal(socket(AF_UNIX, SOCK_DGRAM, 0), -1);
    assert_int_equal(notify_ping(&rig->notify), 0);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_string_equal(rig_receive(rig), "WATCHDOG=1");
}

static void without_a_manager_nothing_is_sent_and_nothing_fails(void **state)
{
    struct notify notify;

    (void)state;
    assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
    assert_int_equal(notify_init(&notify), 0);
    assert_int_equal(notify.fd, -1);
    assert_int_equal(notify_ready(&notify), 0);
    assert_int_equal(notify_ping(&notify), 0);
    notify_fini(&notify);
}

static void an_address_that_is_none_is_an_error_and_leaves_one_that_does_nothing(void **state)
{
    struct notify notify;

    (void)state;
    assert_int_equal(setenv("NOTIFY_SOCKET", "vsock:2:1234", 1), 0);
    assert_int_equal(notify_init(&notify), -EAFNOSUPPORT);
    assert_int_equal(notify_ready(&notify), 0);
    assert_int_equal(setenv("NOTIFY_SOCKET", "/nonexistent/notify", 1), 0);
    assert_int_equal(notify_init(&notify), 0);
    assert_int_equal(notify_ready(&notify), -ENOENT);
    notify_fini(&notify);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define RIGGED(test) cmocka_unit_test_setup_teardown(test, rig_setup, rig_teardown)
        RIGGED(each_state_is_one_datagram),
        RIGGED(reloading_says_since_when),
        RIGGED(a_status_stays_one_variable_of_whole_characters),
        RIGGED(the_watchdog_is_pinged_twice_in_its_time_and_only_if_it_is_ours),
        RIGGED(a_manager_that_is_behind_stops_nobody),
        RIGGED(with_no_descriptor_left_the_watchdog_is_still_pinged),
        RIGGED(without_a_manager_nothing_is_sent_and_nothing_fails),
        RIGGED(an_address_that_is_none_is_an_error_and_leaves_one_that_does_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
