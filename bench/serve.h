/* SPDX-License-Identifier: MIT */
/* What the two reference servers share: the listening socket and the rooms' numbers. */
#ifndef BENCH_SERVE_H
#define BENCH_SERVE_H

enum { SERVE_ROOMS = 20000, SERVE_LINE_MAX = 65536 };

#define SERVE_WELCOME "welcome\r\n"

/* A listening socket on 127.0.0.1:PORT of the command line; ends the program if there is none. */
int serve_listen(int argc, char **argv);
/* Says what failed, and why, and ends the program. */
_Noreturn void serve_fail(const char *what);
/* The room that a first line names. */
unsigned serve_room(const char *line);

#endif
