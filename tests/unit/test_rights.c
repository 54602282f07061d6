/* SPDX-License-Identifier: MIT */
/* lib/rights: a descriptor goes through a socket with its bytes, and whatever else comes through
 * one is refused without a descriptor being left open. */
#include "lib/rights.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cmocka.h>

struct pair {
    int ends[2]; /* SEQPACKET, non-blocking */
    int gift;    /* a pipe's reading end */
    int pipe_end;
};

static int setup(void **state)
{
    static struct pair pair;
    int fds[2];

    assert_int_equal(
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair.ends), 0);
    assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
    pair.gift = fds[0];
    pair.pipe_end = fds[1];
    *state = &pair;
    return 0;
}

static int teardown(void **state)
{
    const struct pair *pair = *state;

    (void)close(pair->ends[0]);
    (void)close(pair->ends[1]);
    (void)close(pair->gift);
    (void)close(pair->pipe_end);
    return 0;
}

static bool is_same_file(int a, int b)
{
    struct stat x, y;

    return fstat(a, &x) == 0 && fstat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static int count_open(void)
{
    int n = 0;

    for (int fd = 0; fd < 256; fd++) {
        n += fcntl(fd, F_GETFD) >= 0;
    }
    return n;
}

static void a_descriptor_arrives_with_its_bytes_close_on_exec(void **state)
{
    const struct pair *pair = *state;
    char word[5] = { 0 };
    int fd = -1;

    assert_int_equal(rights_send(pair->ends[0], "four", 4, pair->gift, 0), 0);
    assert_int_equal(rights_receive(pair->ends[1], word, 4, 0, &fd), 0);
    assert_string_equal(word, "four");
    assert_int_not_equal(fd, pair->gift);
    assert_true(is_same_file(fd, pair->gift));
    assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
    assert_int_not_equal(fcntl(pair->gift, F_GETFD), -1); /* the sender keeps its own */
    (void)close(fd);
}

static void a_peek_leaves_the_message_where_it_is(void **state)
{
    const struct pair *pair = *state;

    assert_int_equal(rights_send(pair->ends[0], "four", 4, pair->gift, 0), 0);
    for (int i = 0; i < 3; i++) {
        char word[5] = { 0 };
        int fd = -1;

        assert_int_equal(rights_receive(pair->ends[1], word, 4, MSG_PEEK, &fd), 0);
        assert_true(is_same_file(fd, pair->gift));
        (void)close(fd);
    }
}

static void an_empty_queue_and_a_closed_one_are_both_nothing_to_receive(void **state)
{
    struct pair *pair = *state;
    char word[4];
    int fd = -7;

    assert_int_equal(rights_receive(pair->ends[1], word, 4, 0, &fd), -EAGAIN);
    (void)shutdown(pair->ends[0], SHUT_RDWR);
    assert_int_equal(rights_receive(pair->ends[1], word, 4, 0, &fd), -EAGAIN);
    assert_int_equal(fd, -7);
}

static void sending_to_nobody_is_an_error_and_no_signal(void **state)
{
    struct pair *pair = *state;

    (void)shutdown(pair->ends[1], SHUT_RDWR);
    assert_int_equal(rights_send(pair->ends[0], "four", 4, pair->gift, 0), -EPIPE);
    assert_int_equal(rights_send(pair->ends[0], "four", 4, -1, 0), -EBADF);
}

/* What a message of another shape carries is closed. */
static void a_message_that_is_not_as_expected_is_refused_and_leaves_nothing_open(void **state)
{
    const struct pair *pair = *state;
    int n_open = count_open();
    char word[4];
    int fd = -7;

    assert_int_equal(send(pair->ends[0], "four", 4, 0), 4); /* no descriptor */
    assert_int_equal(rights_receive(pair->ends[1], word, 4, 0, &fd), -EBADMSG);
    assert_int_equal(rights_send(pair->ends[0], "two", 2, pair->gift, 0), 0);
    assert_int_equal(rights_receive(pair->ends[1], word, 4, 0, &fd), -EBADMSG);
    assert_int_equal(count_open(), n_open);
}

/* Two descriptors in one message: none is ours, and none may stay open. */
static void a_message_with_two_descriptors_is_refused_and_leaves_nothing_open(void **state)
{
    const struct pair *pair = *state;
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(2 * sizeof(int))];
    } control = { .header = { .cmsg_level = SOL_SOCKET,
                              .cmsg_type = SCM_RIGHTS,
                              .cmsg_len = CMSG_LEN(2 * sizeof(int)) } };
    char word[4] = "two";
    struct iovec part = { word, sizeof(word) };
    struct msghdr message = { .msg_iov = &part,
                              .msg_iovlen = 1,
                              .msg_control = &control,
                              .msg_controllen = sizeof(control) };
    const int both[2] = { pair->gift, pair->pipe_end };
    int n_open = count_open();
    int fd = -7;

    memcpy(CMSG_DATA(&control.header), both, sizeof(both));
    assert_int_equal(sendmsg(pair->ends[0], &message, 0), sizeof(word));
    assert_int_equal(rights_receive(pair->ends[1], word, 4, 0, &fd), -EBADMSG);
    assert_int_equal(count_open(), n_open);
}

static void without_a_free_descriptor_the_message_is_refused(void **state)
{
    const struct pair *pair = *state;
    struct rlimit limit, none;
    char word[4];
    int fd = -7, r;

    assert_int_equal(rights_send(pair->ends[0], "four", 4, pair->gift, 0), 0);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    none = limit;
    none.rlim_cur = 0;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    r = rights_receive(pair->ends[1], word, 4, 0, &fd);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_int_equal(r, -EBADMSG);
    assert_int_equal(fd, -7);
}

static void an_address_can_be_told_instead_of_a_peer(void **state)
{
    const struct pair *pair = *state;
    struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "\0partyline/test_rights" };
    int to = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int from = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    char word[5] = { 0 };
    int fd = -1;

    assert_int_equal(bind(to, (const struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(rights_send_to(from, TEXT("four"), pair->gift,
                                    (const struct sockaddr *)&address, sizeof(address)),
                     0);
    assert_int_equal(rights_receive(to, word, 4, 0, &fd), 0);
    assert_string_equal(word, "four");
    (void)close(fd);
    (void)close(from);
    (void)close(to);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_descriptor_arrives_with_its_bytes_close_on_exec),
        TEST(a_peek_leaves_the_message_where_it_is),
        TEST(an_empty_queue_and_a_closed_one_are_both_nothing_to_receive),
        TEST(sending_to_nobody_is_an_error_and_no_signal),
        TEST(a_message_that_is_not_as_expected_is_refused_and_leaves_nothing_open),
        TEST(a_message_with_two_descriptors_is_refused_and_leaves_nothing_open),
        TEST(without_a_free_descriptor_the_message_is_refused),
        TEST(an_address_can_be_told_instead_of_a_peer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
