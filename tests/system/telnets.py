#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The real telnets (inetutils, BusyBox) on terminals and in pipes, and what PuTTY sends.

The letters in the docstrings: T1 PuTTY's offers, T3 byte by byte, T4 the interrupt key, T5 each
offer is answered once, T6 subnegotiations, T7 "are you there", T8 end of file, T9 erasing, T10 the
byte FF as text, T11 urgent data, T12 and T14 the server never begins a negotiation.
"""

import re
import socket

from partyline import HOST, LINE, main, need, test, wait_for

TELNET = ["telnet", HOST, str(LINE)]
BUSYBOX = ["busybox", "telnet", HOST, str(LINE)]
END = r"\r+\n"  # some terminals make CR LF of an LF that has its CR already
FAREWELL = r"-- goodbye[^\r\n]*" + END
MAYBE_RESET = rb"( \(connection lost\))?\r\n"  # when it goes before it has read what we say
IAC = b"\xff"
PUTTY = bytes.fromhex("fffb1f fffb20 fffb18 fffb27 fffd01 fffb03 fffd03")


def join(rig, bob, command):
    telnet = rig.terminal(command)
    guest = bob.expect(rb"-- (guest\d+) has joined #lobby\r\n")[1].decode()
    telnet.expect(rf"-- in #lobby: bob.*, {guest}" + END)
    return telnet, guest


def wait_until_talking(telnet):
    """Between its own prompt and the conversation, telnet changes the terminal's settings."""
    wait_for(lambda: telnet.settings() != telnet.first_settings, "telnet is back in talk")


def command_mode(telnet, line):
    wait_until_talking(telnet)
    telnet.type("\x1d")
    telnet.expect("telnet> ")
    telnet.type(line + "\n")
    wait_until_talking(telnet)


@test
def people_talk_both_ways_by_telnet(rig):
    """Line at a time, UTF-8, a paste of 20 lines; the terminal sees text and nothing else."""
    rig.daemon()
    bob = rig.person("bob")
    for command in (TELNET, BUSYBOX):
        telnet, guest = join(rig, bob, command)
        telnet.type("grüß dich, ☎!\n")
        bob.expect(f"<{guest}> grüß dich, ☎!\r\n")
        bob.say("schön, dich zu hören")
        telnet.expect("<bob> schön, dich zu hören" + END)
        telnet.type("".join(f"line {i}\n" for i in range(20)))
        for i in range(20):
            bob.expect(rf"<{guest}> line {i}\r\n")
        telnet.type("/quit\n")
        telnet.expect(FAREWELL)
        bob.expect(rf"-- {guest} has quit\r\n")
        telnet.rest()
        assert IAC not in telnet.seen and b"\x1b" not in telnet.seen, telnet.seen


@test
def after_the_interrupt_key_messages_are_still_shown(rig):
    """T4: telnet discards everything until its timing mark is answered."""
    rig.daemon()
    bob = rig.person("bob")
    telnet, guest = join(rig, bob, TELNET)
    for key in "\x03\x1c\x1a":
        telnet.type(f"never mind{key}")
        telnet.type("sent\n")
        bob.expect(rf"<{guest}> [^\r\n]*sent\r\n")
        bob.say("do you see this?")
        telnet.expect(r"<bob> do you see this\?" + END)


@test
def the_interrupt_is_answered_in_the_middle_of_a_line(rig):
    """T4, on the wire: the answer does not wait for the end of the line, and is the next output."""
    rig.daemon()
    peer = rig.connect()
    peer.expect(r"nobody else is in #lobby yet\r\n")
    peer.send(b"some wor\xff\xf4\xff\xfd\x06")
    before = peer.at
    answer = peer.expect(rb"\xff\xfc\x06")
    assert answer.start() == before, peer.seen


@test
def the_end_of_file_key_is_a_goodbye(rig):
    """T8: telnet sends it as a byte, BusyBox as the end of the stream, PuTTY as FF EC."""
    rig.daemon()
    bob = rig.person("bob")
    telnet, guest = join(rig, bob, TELNET)
    telnet.type("\x04\n")
    telnet.expect(FAREWELL)
    bob.expect(rf"-- {guest} has quit\r\n")
    telnet.rest()
    telnet, guest = join(rig, bob, BUSYBOX)
    telnet.type("\x04")
    bob.expect(rf"-- {guest} has quit\r\n")
    peer = rig.connect()
    peer.send(b"before\n\xff\xec")
    bob.expect(r"<guest\d+> before\r\n")
    assert re.search(FAREWELL.encode() + rb"\Z", peer.rest())


@test
def a_closed_terminal_is_a_quit(rig):
    rig.daemon()
    bob = rig.person("bob")
    for command in (TELNET, BUSYBOX):
        telnet, guest = join(rig, bob, command)
        telnet.close_terminal()
        bob.expect(rf"-- {guest} has quit\r\n")


@test
def what_is_erased_is_not_heard(rig):
    """T9: at a terminal, in single keys as Windows sends them, and by telnet's own commands."""
    rig.daemon()
    bob = rig.person("bob")
    telnet, guest = join(rig, bob, TELNET)
    command_mode(telnet, "mode character")  # which we decline: T14
    telnet.type("typed\x7f\x7fing\n")
    bob.expect(f"<{guest}> typing\r\n")
    windows = rig.connect()
    windows.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for key in "wrong\x15helxü\x08\x7flo\r\0".encode():
        windows.send(bytes([key]))
    bob.expect(r"<guest\d+> hello\r\n")
    ann = rig.connect()
    ann.send(b"never\xff\xf8gr\xc3\xbc\xc3\xb6\xff\xf7\x08\xc3\xbc\xc3\x9f\n\x7f\x08\xff\xf7ok\n")
    bob.expect(r"<guest\d+> grüß\r\n")
    bob.expect(r"<guest\d+> ok\r\n")


@test
def are_you_there_is_answered_in_words(rig):
    """T7, and the commands that need no answer."""
    rig.daemon()
    bob = rig.person("bob")
    telnet, guest = join(rig, bob, TELNET)
    command_mode(telnet, "send ayt")
    telnet.expect(r"-- yes\r\n")
    for what in ("nop", "ga", "brk", "ao", "eor", "synch"):
        command_mode(telnet, f"send {what}")
    telnet.type("clean\n")
    bob.expect(rf"<{guest}> clean\r\n")


@test
def urgent_data_does_not_reach_the_text(rig):
    """T11: the FF of an urgent FF F2 stays in its place."""
    rig.daemon()
    bob = rig.person("bob")
    peer = rig.connect()
    peer.send("in ")
    peer.socket.send(b"\xff", socket.MSG_OOB)
    peer.send(b"\xf2order\n")
    bob.expect(r"<guest\d+> in order\r\n")


@test
def telnet_may_offer_what_it_likes(rig):
    """T5, T12, T14: it offers by itself on port 23 only, and stays in line mode."""
    rig.daemon({"listen.line": [f"{HOST}:{LINE}", f"{HOST}:23"]})
    bob = rig.person("bob")
    telnet, guest = join(rig, bob, ["telnet", HOST])
    telnet.type("line mode, eraz\x7fsing here\n")
    bob.expect(rf"<{guest}> line mode, erasing here\r\n")
    bob.say("so we see")
    telnet.expect("<bob> so we see" + END)  # and it has read our answers, which came before
    command_mode(telnet, "status")
    telnet.expect("Operating in obsolete linemode|line by line|line-by-line")


@test
def each_offer_is_answered_once(rig):
    """T1, T5: PuTTY's 21 bytes, then a line; no loop, and nobody sees garbage."""
    rig.daemon()
    bob = rig.person("bob")
    peer = rig.connect()
    peer.send(PUTTY + b"hello\n")
    bob.expect(r"<guest\d+> hello\r\n")
    peer.send(b"\xff\xfe\x01\xff\xfc\x03")  # its agreement gets no answer
    peer.send("/quit\n")
    answers = re.findall(rb"\xff[\xf0-\xfe].", peer.rest(), re.DOTALL)
    wanted = [b"\xff" + (b"\xfe" if PUTTY[i + 1] == 0xfb else b"\xfc") + PUTTY[i + 2:i + 3]
              for i in range(0, len(PUTTY), 3)]
    assert answers == wanted, answers
    assert IAC not in bob.seen


@test
def telnet_bytes_one_by_one_are_the_same_and_garbage_costs_nothing(rig):
    """T3, T6, T10"""
    daemon = rig.daemon()
    bob = rig.person("bob")
    peer = rig.connect()
    peer.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for byte in b"wi\xff\xfa\x18\x00XT\xff\xffERM\xff\xf0th\xff\xfb\x1f \xff\xf1option\r\0" + PUTTY:
        peer.send(bytes([byte]))
    bob.expect(r"<guest\d+> with option\r\n")
    peer.send(b"a latin \xff\xff byte\n")
    bob.expect("<guest\\d+> a latin \ufffd byte\r\n")
    peer.send(b"an nc user's \xff b\n")
    bob.expect("<guest\\d+> an nc user's \ufffd b\r\n")
    before = daemon.memory_kb()
    peer.send(b"\xff\xfa" + b"endless\xff\xff" * 100_000)
    peer.send(b"\xff\xf0after it\n")
    bob.expect(r"<guest\d+> after it\r\n")
    assert daemon.memory_kb() - before < 4096
    assert IAC not in bob.seen


@test
def a_full_page_that_ends_within_a_command_is_read_on(rig):
    """T6: useless bytes that fill the input buffer to its last place are not an end of input."""
    daemon = rig.daemon()
    bob = rig.person("bob")
    peer = rig.connect()
    guest = bob.expect(rb"-- (guest\d+) has joined #lobby\r\n")[1]
    daemon.pause()  # so that it reads full pages
    peer.send(b"x" * 5000 + b"\xff\xfe\x01" * 20_000 + b"\nstill here\n")
    daemon.go_on()
    bob.expect(rb"<" + guest + rb"> still here\r\n")
    assert b"has quit" not in bob.seen, bob.seen


@test
def a_pipe_into_telnet_is_heard(rig):
    """Both telnets close at the end of their input without reading on. What inetutils' has not sent
    by then it never sends: so its input ends only once bob has heard it."""
    daemon = rig.daemon()
    bob = rig.person("bob")
    for i in range(5):
        telnet = rig.pipe(TELNET)
        telnet.type(f"hi from telnet {i}\n")
        guest = bob.expect(rf"<(guest\d+)> hi from telnet {i}\r\n")[1]
        telnet.finish()
        bob.expect(rb"-- " + guest + rb" has quit" + MAYBE_RESET)
        busybox = rig.pipe(BUSYBOX, f"hi from busybox {i}\nand more\n")
        guest = bob.expect(rf"<(guest\d+)> hi from busybox {i}\r\n")[1]
        bob.expect(rb"<" + guest + rb"> and more\r\n")
        bob.expect(rb"-- " + guest + rb" has quit" + MAYBE_RESET)
        telnet.rest()
        busybox.rest()
    daemon.must_have_no_complaints()


@test
def telnet_ends_when_the_daemon_stops(rig):
    daemon = rig.daemon()
    bob = rig.person("bob")
    telnets = [join(rig, bob, command)[0] for command in (TELNET, BUSYBOX)]
    daemon.process.terminate()
    for telnet in telnets:
        telnet.expect(r"-- goodbye: the server is shutting down[^\r\n]*" + END)
        telnet.rest()


need("telnet", "busybox")
main()
