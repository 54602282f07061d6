#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Thousands of people under the real systemd, and `kill -9`: run by survive_many.sh, inside.

All stay connected and are answered by the next run; and the manager, whose system calls strace
counts meanwhile, has no more to do than for a few: it keeps boxes, not connections.
"""
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import time

UNIT = "partylined.service"
PORT = 7777
CALLS_MAX = 20000  # of the manager: with a descriptor for each person it would be 45 million
WAIT_S = 30


def show(name):
    return subprocess.run(["systemctl", "show", "-P", name, UNIT],
                          capture_output=True, text=True, check=True).stdout.strip()


def connect(n):
    people = []
    for i in range(n):
        people.append(socket.create_connection(("127.0.0.1", PORT)))
        if i % 250 == 249:
            time.sleep(0.005)  # for the listen queue
    return people


def hear(people, wanted):
    """Everyone hears `wanted`; returns when the first and the last did."""
    heard, first, start = {}, None, time.monotonic()
    waiting = {person.fileno(): person for person in people}
    poll = select.epoll()
    for number in waiting:
        poll.register(number, select.EPOLLIN)
    while waiting:
        ready = poll.poll(WAIT_S)
        assert ready, f"{len(waiting)} are not answered"
        for number, _ in ready:
            some = waiting[number].recv(65536)
            assert some, f"a connection ended behind {heard.get(number)!r}"
            heard[number] = heard.get(number, b"")[-200:] + some
            if wanted in heard[number]:
                first = first or time.monotonic() - start
                poll.unregister(number)
                del waiting[number]
    return first, time.monotonic() - start


def kill_and_count(people, trace):
    counter = subprocess.Popen(["strace", "-c", "-p", "1", "-o", trace],
                               stderr=subprocess.PIPE, text=True)
    counter.stderr.readline()  # "attached"
    os.kill(int(show("MainPID")), signal.SIGKILL)
    for person in people:
        person.sendall(b"/nick\n")
    first, last = hear(people, b"it goes like this: /nick NAME")
    counter.terminate()
    counter.wait()
    with open(trace, encoding="ascii") as file:
        calls = int(file.read().strip().split("\n")[-1].split()[3])
    return first, last, calls


def main():
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    people = connect(int(sys.argv[1]))
    hear(people, b"/help shows the rest")
    first, last, calls = kill_and_count(people, sys.argv[2])
    stored = int(show("NFileDescriptorStore"))
    print(f"{len(people)} people, kill -9: the first answered after {first:.3f} s, all after "
          f"{last:.3f} s; {stored} descriptors stored, {calls} system calls of the manager")
    print(show("StatusText"))
    assert stored < len(people) / 64
    assert calls < CALLS_MAX


main()
