#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whoever has some netcat can talk: nc (openbsd, traditional, BusyBox), ncat, socat, bash, curl.

The programs differ in whether they say that their input has ended, whether they still read then,
and whether they notice that the server has gone. The letters in the docstrings: T2 and T3 how lines
end and are cut, T12 plain text only, T15 long lines, T18 a last line without its newline, T19 and
T20 half-closed peers, T21 and T25 peers that have gone, T22 and T23 the server closes first, T24 no
end of input, T26 CR LF, T27 a paste.
"""

import re
import socket
import time

from partyline import HOST, LINE, main, need, test

FAREWELL = rb"-- goodbye[^\r\n]*Enter or \^C[^\r\n]*\r\n"
WELCOME = rb"\A-- welcome to partyline! you are guest\d+[^\r\n]*\r\n"

# Those that close their sending side when their input ends; whether they read on to the farewell.
CLOSING = [
    ("nc.openbsd -N", True), ("nc.openbsd -q0", True), ("nc.openbsd -q1", True),
    ("nc.traditional -q0", False), ("nc.traditional -q1", True),
    ("ncat", True), ("ncat --send-only", False), ("busybox nc", True),
    ("socat -t2 -", True), ("socat -u -", False),
]
# Those that keep quiet about the end of their input and read on for ever.
STAYING = ["nc.openbsd", "nc.traditional", "ncat --no-shutdown", "curl -sN"]
# What a person has to do when the server has closed first: nothing, or press Enter so many times.
LEAVING = [("nc.openbsd", 1), ("nc.openbsd -N", 1), ("nc.traditional", 0), ("ncat", 2),
           ("busybox nc", 0), ("socat -", 0)]


def command(words, port=LINE):
    program = words.split()[0]
    if program == "socat":
        return words.split() + [f"TCP:{HOST}:{port}"]
    if program == "curl":
        return words.split() + [f"telnet://{HOST}:{port}"]
    return words.split() + [HOST, str(port)]


def must_be_plain_text(seen):
    """T12 and T26."""
    assert re.fullmatch(rb"([\x20-\x7e]*\r\n)*", seen), f"not plain lines: {seen!r}"


def must_have_quit_once(bob, name):
    bob.expect(rb"-- " + name + rb" has quit\r\n")
    bob.sync()
    assert bob.seen.count(name + b" has quit") == 1, bob.seen


@test
def printf_to_nc_with_N_is_heard_and_ends_by_itself(rig):
    """T18, T20: ten times, since a reset would destroy the farewell only now and then."""
    rig.daemon()
    bob = rig.person("bob")
    took = []
    for _ in range(10):
        start = time.monotonic()
        nc = rig.pipe(command("nc.openbsd -N"), "hello\n")
        seen = nc.rest()
        assert nc.exit_code() == 0
        took.append(time.monotonic() - start)
        assert re.match(WELCOME, seen) and re.search(FAREWELL + rb"\Z", seen), seen
        must_be_plain_text(seen)
        guest = bob.expect(rb"<(guest\d+)> hello\r\n")[1]
        must_have_quit_once(bob, guest)
    assert min(took) < 1, took  # the machine may be busy, but not each time


@test
def every_line_of_a_pipe_is_heard_the_last_one_without_its_newline(rig):
    """T18, T20, T21, T25, T26"""
    daemon = rig.daemon()
    bob = rig.person("bob")
    for words, reads_on in CLOSING:
        program = rig.pipe(command(words), f"one {words}\ntwo\nthree")
        guest = bob.expect(rb"<(guest\d+)> one " + words.encode() + rb"\r\n")[1]
        for word in (b"two", b"three"):
            bob.expect(rb"^\d\d:\d\d <" + guest + rb"> " + word + rb"\r\n")
        must_have_quit_once(bob, guest)
        seen = program.rest()
        if reads_on:
            assert re.search(FAREWELL + rb"\Z", seen), (words, seen)
            must_be_plain_text(seen)
        assert program.exit_code() == 0, words
    daemon.must_have_no_complaints()


@test
def whoever_does_not_say_that_input_has_ended_goes_on_listening(rig):
    """T24; what it sent without a newline is a line once it goes."""
    rig.daemon()
    bob = rig.person("bob")
    for words in STAYING:
        program = rig.pipe(command(words), f"hi from {words}\nhalf a line")
        guest = bob.expect(rb"<(guest\d+)> hi from " + words.encode() + rb"\r\n")[1]
        bob.say(f"are you there, {words}?")
        program.expect(rf"<bob> are you there, {words}\?\r\n")
        bob.say("/who")
        bob.expect(rb"-- in #lobby: bob, " + guest + rb"\r\n")
        program.process.terminate()
        bob.expect(rb"<" + guest + rb"> half a line\r\n")
        must_have_quit_once(bob, guest)


@test
def quitting_shows_a_complete_farewell_that_says_how_to_get_out(rig):
    """T22, T23: the server closes first, and some programs never notice by themselves."""
    rig.daemon()
    bob = rig.person("bob")
    for words, n_enters in LEAVING:
        program = rig.pipe(command(words))
        program.type("bye all\n/quit\n")
        program.expect(FAREWELL)
        guest = bob.expect(rb"<(guest\d+)> bye all\r\n")[1]
        must_have_quit_once(bob, guest)
        for _ in range(n_enters):
            if program.is_running():
                program.type("\n")
                program.read_some(0.2)  # whether it ends is its own affair; the next Enter is ours
        if n_enters == 0:
            program.exit_code()


@test
def what_is_sent_after_quitting_does_not_destroy_the_farewell(rig):
    """T22: closing with unread input would make the kernel send a reset."""
    daemon = rig.daemon()
    for _ in range(10):
        peer = rig.connect()
        daemon.pause()  # so that the quit and what follows lie there together
        peer.send(b"/quit\n" + b"and one more thing\n" * 5000)
        daemon.go_on()
        peer.send("bye then\n")  # a reset would have come before this, or comes now
        assert re.search(FAREWELL + rb"\Z", peer.rest()), peer.seen
        peer.send("bye\n")  # it still reads
        peer.close()


@test
def bash_alone_is_enough(rig):
    """No end of input; reading ends with ours."""
    rig.daemon()
    bob = rig.person("bob")
    script = f"exec 3<>/dev/tcp/{HOST}/{LINE}; printf 'from bash\\n/quit\\n' >&3; cat <&3"
    bash = rig.pipe(["bash", "-c", script], "")
    seen = bash.rest()
    bob.expect(r"<guest\d+> from bash\r\n")
    assert bash.exit_code() == 0 and re.search(FAREWELL + rb"\Z", seen), seen
    must_be_plain_text(seen)


@test
def nc_with_C_and_lines_of_every_kind(rig):
    """T2: LF, CR LF, CR NUL, CR NUL CR LF, a lone CR; empty lines are nothing."""
    rig.daemon()
    bob = rig.person("bob")
    nc = rig.pipe(command("nc.openbsd -N"), b"a\nb\r\nc\r\0d\r\0\r\ne\r\n\r\n\n\nf\rg\n")
    seen = nc.rest()
    crlf = rig.pipe(command("nc.openbsd -CN"), b"h\ni\r\nj")
    crlf.rest()
    for letter in "abcdefghij":
        bob.expect(rf"<guest\d+> {letter}\r\n")
    said = re.findall(rb"<guest\d+> ([^\r\n]*)\r\n", bob.seen)
    assert said == [b"%c" % c for c in b"abcdefghij"], said
    assert b"--" in seen and b"there is no" not in seen


@test
def a_pasted_page_is_heard_line_by_line_in_order(rig):
    """T27: one segment; nobody is kicked, nothing is delayed."""
    rig.daemon()
    bob = rig.person("bob")
    ann = rig.person("ann")
    ann.send(b"".join(b"line %d\n" % i for i in range(20)))
    for i in range(20):
        bob.expect(rf"<ann> line {i}\r\n")
    ann.sync()
    assert b"delayed" not in ann.seen, ann.seen


@test
def an_endless_line_gets_one_answer_and_the_next_line_is_heard(rig):
    """T15: what is longer than 4096 bytes is refused as a whole, however long it is."""
    daemon = rig.daemon()
    bob = rig.person("bob")
    ann = rig.person("ann")
    memory = daemon.memory_kb()
    for n in (4096, 4097, 5000, 1_000_000):
        ann.send(b"x" * n + b"\n")
        ann.say(f"after {n}")
        bob.expect(rf"<ann> after {n}\r\n")
    ann.sync()
    said = [len(text) for text in re.findall(rb"<ann> (x+)\r\n", bob.seen)]
    answers = re.findall(rb"-- that [^\r\n]*\r\n", ann.seen)
    assert len(said) + len(answers) == 4 and len(answers) >= 3, (said, answers)
    assert all(n <= 4096 for n in said), said
    assert daemon.memory_kb() - memory < 4096, "memory has grown with the line"


@test
def a_long_line_without_an_end_is_not_heard_and_does_not_stay(rig):
    """T15 at the end of input, through a real pipe."""
    rig.daemon()
    bob = rig.person("bob")
    nc = rig.pipe(command("nc.openbsd -N"), b"y" * 60_000)
    seen = nc.rest()
    assert seen.count(b"nobody heard it") == 1 and re.search(FAREWELL + rb"\Z", seen), seen
    bob.expect(r"-- guest\d+ has quit\r\n")
    assert b"yyy" not in bob.seen


@test
def whoever_sends_nothing_and_ends_is_gone_at_once(rig):
    """T19: no ghost."""
    rig.daemon()
    bob = rig.person("bob")
    peer = rig.connect()
    guest = bob.expect(rb"-- (guest\d+) has joined #lobby\r\n")[1]
    start = time.monotonic()
    peer.finish()
    must_have_quit_once(bob, guest)
    assert re.search(FAREWELL + rb"\Z", peer.rest())
    assert time.monotonic() - start < 5, "it waited for something"
    bob.say("/who")
    bob.expect(rb"-- in #lobby: bob\r\n")


def reset_before_anything(peer):
    peer.reset()


def reset_in_a_line(peer):
    peer.expect("in #lobby")
    peer.send("half a li")
    peer.reset()


def reset_behind_a_line(peer):
    peer.expect("in #lobby")
    peer.send("a whole line\n")
    peer.reset()


def reset_after_the_end(peer):
    peer.send("some words\n")
    peer.finish()
    peer.reset()


@test
def a_reset_at_any_point_is_a_quit(rig):
    """T21, T25: no complaint, no loop, and nobody else notices more than that."""
    daemon = rig.daemon()
    bob = rig.person("bob")
    ways = (reset_before_anything, reset_in_a_line, reset_behind_a_line, reset_after_the_end)
    for way in ways * 5:
        way(rig.connect())
    wait_until_alone(bob)
    daemon.must_have_no_complaints()
    daemon.must_be_at_rest()


def wait_until_alone(bob):
    for _ in range(500):
        bob.say("/who")
        if bob.expect(rb"-- in #lobby: ([^\r\n]*)\r\n")[1] == b"bob":
            return
    raise AssertionError(f"there are ghosts: {bob.seen[-300:]!r}")


@test
def a_line_in_single_bytes_is_the_same_line(rig):
    """T3, for a person on a slow terminal."""
    rig.daemon()
    bob = rig.person("bob")
    ann = rig.person("ann")
    ann.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for byte in "grüße ☎ von ann\r\n".encode():
        ann.send(bytes([byte]))
    bob.expect("<ann> grüße ☎ von ann\r\n")


need("nc.openbsd", "nc.traditional", "ncat", "busybox", "socat", "bash", "curl")
main()
