/* SPDX-License-Identifier: MIT */
/* Which descriptor is which, with the environment and the descriptors that a service manager would
 * give. Ports 7777 and 6667 may be taken here, so those tests use another loopback address. */
#include "app/activation.h"

#include "lib/report.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { FIRST_FD = 3, FDS_MAX = 4 };

static unsigned n_reports;

static void count_report(enum report_level level, const char *line,
                         const struct report_field *fields, size_t n)
{
    (void)level;
    (void)line;
    (void)fields;
    (void)n;
    n_reports++;
}

static int setup(void **state)
{
    (void)state;
    n_reports = 0;
    report_set_sink(count_report);
    return 0;
}

/* A listener on 127.7.7.7, where hardly anybody else listens; port 0: any. */
static int listener_on(uint16_t port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_true(fd >= 0);
    assert_int_equal(inet_pton(AF_INET, "127.7.7.7", &address.sin_addr), 1);
    if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0 && errno == EADDRINUSE) {
        skip(); /* a real one serves all addresses here */
    }
    assert_int_equal(listen(fd, 1), 0);
    return fd;
}

/* Puts the descriptors where a service manager puts them; names NULL: it does not give any. */
static void hand_over(const int *fds, int n, const char *names)
{
    char number[16];
    int spare[FDS_MAX];

    for (int i = 0; i < n; i++) { /* out of the way first: one may stand in another's place */
        spare[i] = fcntl(fds[i], F_DUPFD, FIRST_FD + FDS_MAX + 8);
        assert_true(spare[i] >= 0);
        (void)close(fds[i]);
    }
    for (int i = 0; i < n; i++) {
        assert_int_equal(dup2(spare[i], FIRST_FD + i), FIRST_FD + i);
        (void)close(spare[i]);
    }
    snprintf(number, sizeof(number), "%d", getpid());
    assert_int_equal(setenv("LISTEN_PID", number, 1), 0);
    snprintf(number, sizeof(number), "%d", n);
    assert_int_equal(setenv("LISTEN_FDS", number, 1), 0);
    assert_int_equal(
        names != NULL ? setenv("LISTEN_FDNAMES", names, 1) : unsetenv("LISTEN_FDNAMES"), 0);
}

static void without_a_manager_there_is_nothing_to_take(void **state)
{
    struct activation activation;

    (void)state;
    assert_int_equal(unsetenv("LISTEN_FDS"), 0);
    assert_int_equal(activation_init(&activation), 0);
    assert_int_equal(activation.n, 0);
    activation_fini(&activation);
}

static void sockets_go_by_their_names_and_the_rest_is_stored(void **state)
{
    int fds[] = { listener_on(0), listener_on(0), open("/dev/null", O_RDONLY), -1 };
    struct activation activation;

    (void)state;
    fds[3] = socket(AF_UNIX, SOCK_SEQPACKET, 0);
    hand_over(fds, 4, "irc:line:region:line");
    assert_int_equal(activation_init(&activation), 0);
    assert_int_equal(activation.n, 4);
    assert_int_equal(activation.fds[0].kind, ACTIVATION_IRC);
    assert_int_equal(activation.fds[1].kind, ACTIVATION_LINE);
    assert_int_equal(activation.fds[2].kind, ACTIVATION_STORED);
    assert_string_equal(activation.fds[2].name, "region");
    assert_int_equal(activation.fds[3].kind, ACTIVATION_STORED); /* does not listen */
    assert_int_equal(n_reports, 0);
    for (size_t i = 0; i < activation.n; i++) {
        assert_int_equal(activation.fds[i].fd, FIRST_FD + (int)i);
        assert_int_equal(fcntl(activation.fds[i].fd, F_GETFD), FD_CLOEXEC);
    }
    activation_fini(&activation);
}

static void a_name_we_do_not_know_is_told_by_its_port_and_reported(void **state)
{
    const int fds[] = { listener_on(6667), listener_on(7777), listener_on(0) };
    struct activation activation;

    (void)state;
    hand_over(fds, 3, "partylined.socket:web:other");
    assert_int_equal(activation_init(&activation), 0);
    assert_int_equal(activation.n, 3);
    assert_int_equal(activation.fds[0].kind, ACTIVATION_IRC);
    assert_int_equal(activation.fds[1].kind, ACTIVATION_LINE);
    assert_int_equal(activation.fds[2].kind, ACTIVATION_LINE);
    assert_int_equal(n_reports, 3);
    activation_fini(&activation);
}

static void without_names_the_port_tells(void **state)
{
    const int fds[] = { listener_on(6667) };
    struct activation activation;

    (void)state;
    hand_over(fds, 1, NULL);
    assert_int_equal(activation_init(&activation), 0);
    assert_int_equal(activation.fds[0].kind, ACTIVATION_IRC);
    assert_int_equal(n_reports, 1);
    activation_fini(&activation);
}

static void what_was_taken_stays_open_and_what_was_not_is_closed(void **state)
{
    const int fds[] = { listener_on(0), listener_on(0) };
    struct activation activation;
    int taken;

    (void)state;
    hand_over(fds, 2, "line:irc");
    assert_int_equal(activation_init(&activation), 0);
    taken = give_fd(&activation.fds[0].fd);
    activation_fini(&activation);
    assert_int_equal(fcntl(taken, F_GETFD), FD_CLOEXEC);
    assert_int_equal(fcntl(FIRST_FD + 1, F_GETFD), -1);
    (void)close(taken);
}

static void they_are_taken_once_and_only_by_the_process_they_are_for(void **state)
{
    const int fds[] = { listener_on(0) };
    struct activation activation;

    (void)state;
    hand_over(fds, 1, "line");
    assert_int_equal(setenv("LISTEN_PID", "1", 1), 0);
    assert_int_equal(activation_init(&activation), 0);
    assert_int_equal(activation.n, 0);
    assert_null(getenv("LISTEN_FDS"));
    activation_fini(&activation);
    (void)close(FIRST_FD);
}

static void a_descriptor_that_is_not_there_is_an_error(void **state)
{
    struct activation activation;

    (void)state;
    hand_over(NULL, 0, "line");
    assert_int_equal(setenv("LISTEN_FDS", "900", 1), 0);
    assert_int_equal(activation_init(&activation), -EBADF);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(without_a_manager_there_is_nothing_to_take, setup),
        cmocka_unit_test_setup(sockets_go_by_their_names_and_the_rest_is_stored, setup),
        cmocka_unit_test_setup(a_name_we_do_not_know_is_told_by_its_port_and_reported, setup),
        cmocka_unit_test_setup(without_names_the_port_tells, setup),
        cmocka_unit_test_setup(what_was_taken_stays_open_and_what_was_not_is_closed, setup),
        cmocka_unit_test_setup(they_are_taken_once_and_only_by_the_process_they_are_for, setup),
        cmocka_unit_test_setup(a_descriptor_that_is_not_there_is_an_error, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
