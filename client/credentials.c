/* SPDX-License-Identifier: MIT */
/* Getting a password. Owns the terminal's settings while it asks, and gives them back whatever
 * happens; what it has read it leaves in one place only. */
#include "credentials.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>

static const char credentials_terminal[] = "/dev/tty";

void credentials_wipe(struct credentials *c)
{
    explicit_bzero(c->password, sizeof(c->password));
    c->password_len = 0;
}

/* -- a line of any source, byte by byte: nothing behind it is taken away from others -- */

enum credentials_line { CREDENTIALS_MORE, CREDENTIALS_WHOLE, CREDENTIALS_TOO_LONG };

static enum credentials_line credentials_take(struct credentials *c, char byte)
{
    if (byte == '\n') {
        return CREDENTIALS_WHOLE;
    }
    if (c->password_len == sizeof(c->password)) {
        return CREDENTIALS_TOO_LONG;
    }
    c->password[c->password_len++] = byte;
    return CREDENTIALS_MORE;
}

/* Until there is something to read. False if a signal, which `signals` has unless it is -1, is
 * first. */
static bool credentials_await(int fd, int signals)
{
    struct pollfd fds[] = {
        { .fd = fd, .events = POLLIN },
        { .fd = signals, .events = POLLIN },
    };

    while (poll(fds, ARRAY_SIZE(fds), -1) < 0) {
        if (errno != EINTR) {
            return true; /* reading will tell */
        }
    }
    return fds[1].revents == 0;
}

/* Up to the end of the line, or of what there is. */
static int credentials_read_line(struct credentials *c, int fd, int signals, struct buf *why)
{
    enum credentials_line line = CREDENTIALS_MORE;

    while (line == CREDENTIALS_MORE) {
        char byte = 0;
        ssize_t n;

        if (!credentials_await(fd, signals)) {
            buf_text_put(why, TEXT("no password was given"));
            return CREDENTIALS_NONE;
        }
        n = read(fd, &byte, 1);
        if (n < 0 && errno != EINTR) {
            buf_format(why, "cannot be read: %s", strerror(errno));
            return CREDENTIALS_NONE;
        }
        if (n == 0) {
            break;
        }
        line = n < 0 ? line : credentials_take(c, byte);
    }
    if (line == CREDENTIALS_TOO_LONG) {
        buf_format(why, "a password has at most %d bytes", CREDENTIALS_PASSWORD_MAX);
        return CREDENTIALS_NONE;
    }
    return 0;
}

static int credentials_check(struct credentials *c, struct buf *why)
{
    if (c->password_len > 0 && c->password[c->password_len - 1] == '\r') {
        c->password_len--;
    }
    if (c->password_len == 0) {
        buf_text_put(why, TEXT("the password is empty"));
        return CREDENTIALS_NONE;
    }
    if (memchr(c->password, '\0', c->password_len) != NULL) {
        buf_text_put(why, TEXT("a password has no NUL byte"));
        return CREDENTIALS_NONE;
    }
    return 0;
}

/* -- a file -- */

int credentials_read(struct credentials *c, const char *path, struct buf *out_why)
{
    owned_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    int r;

    buf_format(out_why, "%s: ", path);
    if (fd < 0 || fstat(fd, &about) < 0) {
        buf_text_put(out_why, text_of(strerror(errno)));
        return CREDENTIALS_NONE;
    }
    if (S_ISREG(about.st_mode) && (about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        buf_format(out_why, "others than its owner may use it; \"chmod 600\" ends that");
        return CREDENTIALS_NONE;
    }
    r = credentials_read_line(c, fd, -1, out_why);
    return r == 0 ? credentials_check(c, out_why) : r;
}

/* -- a command -- */

/* Its input is empty, so that it leaves ours alone; it may ask at /dev/tty. Returns 0 or -errno. */
static int credentials_spawn(const char *command, int out, pid_t *out_child)
{
    char shell[] = "sh", option[] = "-c", words[CREDENTIALS_COMMAND_MAX + 1];
    char *argv[] = { shell, option, words, NULL };
    struct text given = text_of(command);
    posix_spawn_file_actions_t actions;
    int error;

    if (given.len >= sizeof(words)) {
        return -ENAMETOOLONG;
    }
    memcpy(words, command, given.len + 1);
    error = posix_spawn_file_actions_init(&actions);
    if (error != 0) {
        return -error;
    }
    error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (error == 0) {
        error = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    }
    if (error == 0) {
        error = posix_spawn(out_child, "/bin/sh", &actions, NULL, argv, environ);
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    return -error;
}

static void credentials_drain(int fd)
{
    char unused[512];
    ssize_t n;

    do {
        n = read(fd, unused, sizeof(unused));
    } while (n > 0 || (n < 0 && errno == EINTR));
    explicit_bzero(unused, sizeof(unused));
}

/* How a child has ended; false unless it was well. */
static bool credentials_wait(pid_t child, struct buf *why)
{
    int status;

    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            buf_format(why, "cannot wait for the command: %s", strerror(errno));
            return false;
        }
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        return true;
    }
    if (WIFEXITED(status)) {
        buf_format(why, "the command failed with exit code %d", WEXITSTATUS(status));
    } else {
        buf_format(why, "the command was ended by signal %d", WTERMSIG(status));
    }
    return false;
}

int credentials_run(struct credentials *c, const char *command, struct buf *out_why)
{
    struct buf unused = buf_over(NULL, 0); /* one reason is enough */
    owned_fd int from = -1;
    owned_fd int to = -1;
    int pipe_fds[2];
    pid_t child = -1;
    int r;

    if (pipe2(pipe_fds, O_CLOEXEC) < 0) {
        buf_format(out_why, "cannot run the command: %s", strerror(errno));
        return CREDENTIALS_NONE;
    }
    from = pipe_fds[0];
    to = pipe_fds[1];
    r = credentials_spawn(command, to, &child);
    if (r < 0) {
        buf_format(out_why, "cannot run the command: %s", strerror(-r));
        return CREDENTIALS_NONE;
    }
    (void)close(give_fd(&to));
    r = credentials_read_line(c, from, -1, out_why);
    credentials_drain(from); /* a pipe that is closed would make the command fail */
    if (!credentials_wait(child, r == 0 ? out_why : &unused) || r != 0) {
        return CREDENTIALS_NONE;
    }
    return credentials_check(c, out_why);
}

/* -- a person -- */

/* The signals that would leave the terminal without echo, as a descriptor; ^Z waits until the end.
 */
static int credentials_block(sigset_t *out_before)
{
    static const int caught[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
    sigset_t set;

    (void)sigemptyset(&set);
    for (size_t i = 0; i < ARRAY_SIZE(caught); i++) {
        (void)sigaddset(&set, caught[i]);
    }
    (void)sigaddset(&set, SIGTSTP);
    (void)sigprocmask(SIG_BLOCK, &set, out_before);
    (void)sigdelset(&set, SIGTSTP);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Between hiding what is typed and showing it again. What was typed before is not meant for us;
 * what is typed behind the password is left, but nothing of a password that was given up. */
static int credentials_ask_hidden(struct credentials *c, int terminal, struct text prompt,
                                  int signals, struct buf *why)
{
    struct termios before, hidden;
    int r;

    if (tcgetattr(terminal, &before) < 0) {
        buf_format(why, "cannot ask for the password: %s", strerror(errno));
        return CREDENTIALS_NONE;
    }
    hidden = before;
    hidden.c_lflag &= (tcflag_t)~ECHO;
    hidden.c_lflag |= ICANON | ISIG | ECHONL;
    (void)tcsetattr(terminal, TCSAFLUSH, &hidden);
    if (write(terminal, prompt.at, prompt.len) < 0) {
        buf_format(why, "cannot ask for the password: %s", strerror(errno));
        r = CREDENTIALS_NONE;
    } else {
        r = credentials_read_line(c, terminal, signals, why);
    }
    (void)tcsetattr(terminal, r == 0 ? TCSADRAIN : TCSAFLUSH, &before);
    return r == 0 ? credentials_check(c, why) : r;
}

int credentials_ask(struct credentials *c, const char *host, struct buf *out_why)
{
    char bytes[2 * CREDENTIALS_ACCOUNT_MAX + 64];
    struct buf prompt = buf_over(bytes, sizeof(bytes));
    owned_fd int terminal = open(credentials_terminal, O_RDWR | O_CLOEXEC | O_NOCTTY);
    owned_fd int signals = -1;
    struct signalfd_siginfo info;
    sigset_t mask;
    int r;

    buf_format(&prompt, "password of %s at %s: ", c->account, host);
    if (terminal < 0) {
        buf_text_put(out_why, TEXT("there is no terminal to ask for the password at: use "
                                   "--password-command or --password-file"));
        return CREDENTIALS_NONE;
    }
    signals = credentials_block(&mask);
    r = credentials_ask_hidden(c, terminal, buf_text(&prompt), signals, out_why);
    while (signals >= 0 && read(signals, &info, sizeof(info)) > 0) {
        /* it has been answered, and must not end us on top of that */
    }
    (void)sigprocmask(SIG_SETMASK, &mask, NULL);
    return r;
}
