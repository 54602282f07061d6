#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""idle.py PARTYLINED: resident bytes of the daemon for each idle connection of the line front end.

The log is a ring of fixed size, so it is filled first: what is said in joining then costs nothing
new. The first 2,500 connections are not counted either: they touch what is touched once, such as the
pages that are kept warm.
"""
import resource
import socket
import subprocess
import sys
import tempfile
import time

PORT = 28777
WARM, COUNTED = 2500, 9000

CONFIG = f"""
listen = {{ line = ["127.0.0.1:{PORT}"]; irc = ["127.0.0.1:{PORT + 1}"]; }};
limits = {{ connections = 12000; connections_per_address = 0; lines_per_second = 0;
            log_bytes = 1048576; }};
rooms = {{ history_on_join = 0; }};
log = {{ level = "warning"; }};
"""


def resident(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(row.split()[1]) * 1024 for row in status if row.startswith("VmRSS"))


def connect(n):
    people = []
    for i in range(n):
        people.append(socket.create_connection(("127.0.0.1", PORT)))
        if i % 200 == 199:
            time.sleep(0.01)  # for the listen queue
    for person in people:  # each is greeted: the daemon has it
        assert person.recv(65536)
    return people


def wait_for_daemon():
    for _ in range(200):
        try:
            return socket.create_connection(("127.0.0.1", PORT))
        except ConnectionRefusedError:
            time.sleep(0.02)
    raise SystemExit("the daemon does not listen")


def main():
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as config:
        config.write(CONFIG)
        config.flush()
        daemon = subprocess.Popen([sys.argv[1], "--config", config.name])
        talker = wait_for_daemon()
        talker.sendall((b"x" * 400 + b"\n") * 6000)
        talker.shutdown(socket.SHUT_WR)
        while talker.recv(65536):
            pass
        people = connect(WARM)
        before = resident(daemon.pid)
        people += connect(COUNTED)
        after = resident(daemon.pid)
        print(f"{(after - before) / COUNTED:.0f} bytes for each of {COUNTED} idle connections")
        daemon.terminate()
        for person in people:
            person.close()
        daemon.wait()


main()
