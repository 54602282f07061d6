#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the kernel does, and the daemon respects: queues, TIME_WAIT, descriptors, signals, limits.

Numbers of the listen queue: a backlog of n holds n + 1 connections; beyond that the kernel drops
the SYN, and the client's kernel tries again after 1, 2, 3, ... seconds: a delay, never a refusal.
"""

import os
import re
import resource
import signal
import socket
import time

from partyline import DEADLINE_S, HOST, IRC, LINE, main, need, test, wait_for

ESTABLISHED, TIME_WAIT = "01", "06"
GOODBYE = r"-- goodbye: {}[^\r\n]*\r\n\Z"


def tcp_sockets():
    """(local port, remote port, state) of every TCP socket in this network, of IPv4."""
    with open("/proc/self/net/tcp") as f:
        rows = [line.split() for line in f.readlines()[1:]]
    return [(int(row[1].split(":")[1], 16), int(row[2].split(":")[1], 16), row[3]) for row in rows]


def count(state, local=None, remote=None):
    return sum(s == state and local in (None, l) and remote in (None, r)
               for l, r, s in tcp_sockets())


def overflows():
    """How many SYNs found a full queue."""
    with open("/proc/self/net/netstat") as f:
        names, values = [line.split() for line in f if line.startswith("TcpExt:")]
    return int(values[names.index("ListenOverflows")])


# ---- the listen queue ----

@test
def connections_made_while_nobody_accepts_are_served_later(rig):
    daemon = rig.daemon()
    bob = rig.person("bob")
    daemon.pause()
    peers = [rig.connect() for _ in range(20)]
    for i, peer in enumerate(peers):
        peer.send(f"early {i}\n")
        peer.finish()
    ncs = [rig.pipe(["nc.openbsd", "-N", HOST, str(LINE)], f"early nc {i}\n") for i in range(5)]
    daemon.go_on()
    for waiter in peers + ncs:
        seen = waiter.rest()
        assert seen.startswith(b"-- welcome") and b"-- goodbye" in seen, seen
    bob.sync()
    for i in range(20):
        assert bob.seen.count(b"> early %d\r\n" % i) == 1, bob.seen
    assert bob.seen.count(b"> early nc ") == 5


@test
def a_full_queue_delays_and_is_logged_with_its_length_and_limit(rig):
    daemon = rig.daemon({"listen.backlog": 3})
    assert "backlog 3\n" in daemon.log.text()
    daemon.pause()
    peers = [rig.connect() for _ in range(4)]  # the limit and one more: all it takes
    late = socket.socket()
    late.setblocking(False)
    assert late.connect_ex((HOST, LINE)) == 115  # in progress
    wait_for(lambda: count("02", remote=LINE) == 1, "its SYN is sent, and not answered")
    assert overflows() == 1
    daemon.go_on()
    daemon.log.expect("notice: listener line: the queue is full, newcomers [^\n]*: 4/3\n")
    for peer in peers:
        peer.expect("-- welcome")
    late.settimeout(DEADLINE_S)
    assert late.recv(10) == b"-- welcome"  # the kernel has tried again
    late.close()
    assert daemon.log.text().count("the queue is full") == 1


# ---- TIME_WAIT ----

def one_short_conversation(i):
    """As nc -N: say something, end, read to the end. By IRC: QUIT, and close on ERROR."""
    with socket.create_connection((HOST, LINE if i % 2 else IRC)) as s:
        if i % 2:
            s.sendall(b"hello\n")
            s.shutdown(socket.SHUT_WR)
        else:
            s.sendall(b"NICK n%d\r\nUSER n 0 * :n\r\nJOIN #lobby\r\nQUIT :bye\r\n" % i)
        text = b""
        while not (i % 2 == 0 and b"ERROR" in text) and (more := s.recv(65536)):
            text += more
        assert (b"ERROR :Closing link: bye" if i % 2 == 0 else b"-- goodbye") in text, text


def no_time_wait_here():
    for port in (LINE, IRC):
        assert count(TIME_WAIT, local=port) == 0, f"{count(TIME_WAIT, local=port)} on port {port}"


@test
def a_thousand_short_conversations_leave_no_time_wait_on_our_side(rig):
    """The peer ends first, so the waiting is its own; we serve from the same port at once."""
    daemon = rig.daemon({"limits.line_burst": 10000})
    for i in range(1000):
        one_short_conversation(i)
    wait_for(lambda: count(ESTABLISHED, local=LINE) + count(ESTABLISHED, local=IRC) == 0, "all end")
    no_time_wait_here()
    assert count(TIME_WAIT, remote=LINE) >= 400, "the peers should have them"
    daemon.must_have_no_complaints()


@test
def a_restart_binds_at_once_although_time_waits_are_there(rig):
    """Stopping makes some on our side: we said goodbye first."""
    daemon = rig.daemon()
    peers = [rig.person(f"p{i}") for i in range(5)]
    daemon.process.terminate()
    for peer in peers:
        peer.rest()
        peer.close()
    daemon.stop()
    wait_for(lambda: count(TIME_WAIT, local=LINE) == 5, "our side waits")
    rig.daemon()
    assert count(TIME_WAIT, local=LINE) == 5
    rig.person("new")


# ---- descriptors ----

@test
def without_descriptors_accepting_pauses_and_resumes(rig):
    """Those who wait are served when somebody leaves, or when there are descriptors again; who is
    connected notices nothing, and the log says it once."""
    daemon = rig.daemon()
    ann, bob = rig.person("ann"), rig.irc_person("bob")
    n_open = len(os.listdir(f"/proc/{daemon.pid}/fd"))
    soft, hard = resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, (n_open + 2, hard))
    waiting = [rig.connect() for _ in range(6)]
    daemon.log.expect("warning: listener line: accepting pauses: Too many open files; [^\n]*\n")
    for peer in waiting[:2]:
        peer.expect("-- welcome")
    ann.say("can you hear me?")
    bob.expect(r"PRIVMSG #lobby :can you hear me\?\r\n")
    daemon.must_be_at_rest()
    waiting[0].finish()
    waiting[0].rest()
    waiting[2].expect("-- welcome")  # its place
    resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, (soft, hard))
    for peer in waiting[3:]:
        peer.expect("-- welcome")
    rig.person("cat")
    assert daemon.log.text().count("accepting pauses") <= 2, daemon.log.text()


# ---- addresses ----

@test
def people_meet_from_ipv4_ipv6_and_unix_sockets(rig):
    """All in one room; a socket file that nobody serves any more is replaced."""
    path, irc_path = rig.path("line.sock"), rig.path("irc.sock")
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(path)
    stale.close()
    rig.daemon({"listen.line": [f"{HOST}:{LINE}", f"[::1]:{LINE}", f"unix:{path}"],
                "listen.irc": [f"*:{IRC}", f"unix:{irc_path}"]})
    people = [rig.person("four"), rig.person("six", ("::1", LINE)), rig.person("file", path)]
    people += [rig.irc_person("four-irc"), rig.irc_person("six-irc", ("::1", IRC)),
               rig.irc_person("file-irc", irc_path)]
    people[0].say("/who")
    people[0].expect(r"-- in #lobby: four, six, file, four-irc, six-irc, file-irc\r\n")
    for person in people:
        prefix = "PRIVMSG #lobby :" if "irc" in person.name else ""
        person.say(f"{prefix}I am {person.name}")
        for other in people:
            if other is not person:
                other.expect(f"I am {person.name}\r\n")
    nc = rig.pipe(["nc.openbsd", "-N", "-U", path], "hello by file\n")
    assert b"-- goodbye" in nc.rest() and nc.exit_code() == 0
    people[1].expect(r"> hello by file\r\n")


# ---- what a read stops at ----
#
# A read that took less than it might have is the last, until there is an edge; but what waited behind
# a mark in the stream brought its edge before.

@test
def what_waited_behind_urgent_data_is_read(rig):
    """recv(2) stops at the mark, wherever it is."""
    daemon = rig.daemon()
    ann, bob = rig.person("ann"), rig.person("bob")
    daemon.pause()
    ann.send("first\nsec")
    ann.socket.send(b"o", socket.MSG_OOB)
    ann.send("nd\nthird\n")
    daemon.go_on()
    for said in ("first", "second", "third"):
        bob.expect(rf"<ann> {said}\r\n")


@test
def what_waited_behind_a_descriptor_is_read(rig):
    """recv(2) stops where one came along (unix(7)); nobody wants it."""
    path = rig.path("line.sock")
    daemon = rig.daemon({"listen.line": [f"{HOST}:{LINE}", f"unix:{path}"]})
    ann, bob = rig.person("ann", path), rig.person("bob")
    daemon.pause()
    ann.send("first\n")
    socket.send_fds(ann.socket, [b"second\n"], [0])
    ann.send("third\n")
    daemon.go_on()
    for said in ("first", "second", "third"):
        bob.expect(rf"<ann> {said}\r\n")


# ---- signals ----

@test
def sigterm_says_goodbye_in_words_to_everyone(rig):
    """And ends as soon as all have closed."""
    daemon = rig.daemon({"timeouts.stop": 30})
    ann, bob = rig.person("ann"), rig.irc_person("bob")
    typing = rig.person("typing")
    typing.send("half a line")
    new = rig.connect((HOST, IRC))
    new.say("NICK new")
    ann.say("one more thing")
    bob.expect("one more thing")
    start = time.monotonic()
    daemon.process.terminate()
    bye = GOODBYE.format("the server is shutting down").encode()
    for peer in (ann, typing):
        assert re.search(bye, peer.rest()), peer.seen
        peer.close()
    for peer in (bob, new):
        assert peer.rest().endswith(b"ERROR :Closing link: the server is shutting down\r\n")
        peer.close()
    assert daemon.process.wait(DEADLINE_S) == 0
    assert time.monotonic() - start < 10, "it waited although everybody had closed"
    assert "stopping: Terminated" in daemon.log.text()


@test
def sigint_stops_too_and_does_not_wait_for_ever(rig):
    daemon = rig.daemon({"timeouts.stop": 1})
    ann = rig.person("ann")
    start = time.monotonic()
    daemon.signal(signal.SIGINT)
    assert daemon.process.wait(DEADLINE_S) == 0
    assert 0.5 < time.monotonic() - start < 8  # ann never closed her side
    assert b"-- goodbye" in ann.rest()


@test
def reloading_a_good_file_applies_it_and_disturbs_nobody(rig):
    daemon = rig.daemon()
    ann = rig.person("ann")
    motd = rig.path("motd")
    with open(motd, "w") as f:
        f.write("Tea is at four.\n\x1b[31mnot red\n")
    ann.send("in the middle ")
    daemon.write_config(server__motd_file=motd, limits__rooms_per_person=1, listen__backlog=77)
    daemon.reload()
    daemon.log.expect("notice: listen.backlog needs a restart to change\n")
    daemon.log.expect("notice: the configuration was reloaded\n")
    for key in ("server.motd_file", "limits.rooms_per_person"):
        assert f"notice: {key} has changed\n" in daemon.log.text()
    bob = rig.connect()
    bob.expect(r"-- Tea is at four\.\r\n")
    bob.expect(r"-- [^\x1b]*not red\r\n")
    bob.say("/join #other")
    bob.expect(r"-- you are in 1 rooms, which is the limit")
    ann.send("of a line\n")
    bob.expect(r"<ann> in the middle of a line\r\n")


@test
def reloading_a_bad_file_changes_nothing_and_says_why(rig):
    """file:line: key: reason"""
    daemon = rig.daemon({"limits.rooms_per_person": 1})
    ann = rig.person("ann")
    name = re.escape(daemon.config)
    wrong = [("limits__rooms_per_person", 64, rf"{name}:\d+: limits\.rooms_per_person: [^\n]+\n"),
             ("limits__rooms_per_persom", 2, rf"{name}:\d+: [^\n]*rooms_per_persom[^\n]*\n")]
    for key, value, complaint in wrong:
        before = dict(daemon.settings)
        daemon.write_config(**{key: value, "log__level": "error"})
        daemon.reload()
        daemon.log.expect("error: " + complaint)
        daemon.log.expect("error: the configuration stays as it was\n")
        daemon.settings = before
    with open(daemon.config, "w") as f:
        f.write("limits: {\n  rooms_per_person = ;\n};\n")
    daemon.reload()
    daemon.log.expect(rf"error: {name}:2: [^\n]+\n")
    os.unlink(daemon.config)
    daemon.reload()
    daemon.log.expect("error: [^\n]*(No such file|can't be read)[^\n]*\n")
    ann.say("/join #other")
    ann.expect(r"-- you are in 1 rooms, which is the limit")
    ann.say("still here")
    ann.sync()


# ---- people who take without giving ----

def talk_much(talker, listener):
    """Some 1.5 MB, in pieces that somebody who reads can follow."""
    for piece in range(20):
        talker.send(b"".join(b"%02d.%02d %s\n" % (piece, i, b"x" * 1500) for i in range(50)))
        listener.expect(rb"<\w+> %02d.49 x+\r\n" % piece)
    heard = len(re.findall(rb"<\w+> \d\d\.\d\d x+\r\n", listener.seen))
    listener.seen, listener.at = b"", 0
    return heard


@test
def who_never_reads_disturbs_nobody_and_costs_little(rig):
    """Fifteen megabytes go by; the log of the rooms holds one of them."""
    daemon = rig.daemon({"limits.lines_per_second": 0, "limits.log_bytes": 1 << 20,
                         "listen.send_buffer": 4096})
    ann, bob = rig.person("ann"), rig.person("bob")
    deaf = [rig.person(f"deaf{i}") for i in range(3)] + [rig.irc_person("deaf-irc")]
    half = rig.person("half")
    half.say("/history 100")
    half.finish()
    memory = []
    for _ in range(10):
        assert talk_much(ann, bob) == 1000, "bob has missed something"
        memory.append(daemon.memory_kb())
    assert memory[-1] - memory[1] < 2048, f"it grows: {memory}"
    daemon.must_be_at_rest()
    for peer in deaf:
        peer.expect(r"you missed \d+ messages while you were not reading")
    ann.sync()
    daemon.must_have_no_complaints()


@test
def who_sends_half_a_line_for_ever_costs_nothing(rig):
    """A byte now and then, on both front ends, before and after registering."""
    daemon = rig.daemon()
    bob = rig.person("bob")
    slow = [rig.connect((HOST, LINE if i % 2 else IRC)) for i in range(40)]
    for byte in b"hello":
        for peer in slow:
            peer.send(bytes([byte]))
        bob.sync()
    daemon.must_be_at_rest()
    bob.say("/who")
    bob.expect(r"-- in #lobby: bob(, guest\d+)+")
    for peer in slow:
        if peer.socket.getpeername()[1] == LINE:
            peer.send("\n")
            bob.expect(r"<guest\d+> hello\r\n")


# ---- limits ----

@test
def one_too_many_from_an_address_is_told_so(rig):
    """In words, then a clean end; on both front ends; there is a place again when one leaves."""
    daemon = rig.daemon({"limits.connections_per_address": 3})
    people = [rig.person(f"p{i}") for i in range(3)]
    for _ in range(5):
        extra = rig.connect()
        extra.send("did you hear that?\n")
        assert re.search(GOODBYE.format("too many connections from your address").encode(),
                         extra.rest()), extra.seen
        extra.close()
        extra = rig.connect((HOST, IRC))
        assert extra.rest() == b"ERROR :Closing link: too many connections from your address\r\n"
        extra.close()
    daemon.log.expect(rf"notice: {HOST}:\d+ turned away: too many connections from your address\n")
    people[0].say("/quit")
    people[0].rest()
    people[0].close()
    people[1].expect("p0 has quit")
    wait_for(lambda: count(ESTABLISHED, local=LINE) == 2, "it is gone")
    rig.person("next")
    people[1].sync()
    assert b"did you hear that" not in people[1].seen
    assert people[1].seen.count(b"has joined") == 2, people[1].seen  # p2 and next


@test
def one_too_many_in_all_is_told_so(rig):
    rig.daemon({"limits.connections": 4})
    people = [rig.person(f"p{i}") for i in range(4)]
    extras = [rig.connect() for _ in range(30)]
    told = sum(b"-- goodbye: the server is full" in extra.rest() for extra in extras[:8])
    assert told == 8, told
    people[0].say("unmoved")
    people[3].expect("<p0> unmoved\r\n")
    for extra in extras:
        extra.close()
    people[0].close()
    people[1].expect("p0 has quit")

    def is_let_in():
        peer = rig.connect()
        return not peer.expect("-- (welcome|goodbye)")[0].endswith(b"goodbye")
    wait_for(is_let_in, "there is a place again")


@test
def a_flood_is_delayed_told_once_and_loses_nothing(rig):
    """The others are not made to wait for it."""
    rig.daemon({"limits.lines_per_second": 100, "limits.line_burst": 20})
    ann, bob = rig.person("ann"), rig.person("bob")
    cat = rig.irc_person("cat")
    start = time.monotonic()
    ann.send(b"".join(b"line %03d\n" % i for i in range(120)))
    ann.expect(r"-- more than 100 lines a second: yours are delayed, none is lost\r\n")
    cat.say("PRIVMSG #lobby :quick")
    bob.expect(r"<cat> quick\r\n")
    assert b"line 119" not in bob.seen, "cat had to wait"
    bob.expect(r"<ann> line 119\r\n")
    assert time.monotonic() - start > 0.9, "nothing was delayed"
    said = re.findall(rb"<ann> line (\d+)\r\n", bob.seen)
    assert said == [b"%03d" % i for i in range(120)], said
    ann.sync()
    assert ann.seen.count(b"are delayed") == 1


need("nc.openbsd")
main()
