#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whatever somebody sends, other people's terminals get text, and the daemon stays up.

T6 telnet garbage, T10 the byte FF, T16 control and escape bytes, T17 broken UTF-8. What is random
comes from a seed that is printed; a number in the environment variable SEED repeats it.
"""

import os
import random
import re
import socket

from partyline import HOST, IRC, LINE, main, test

UNLIMITED = {"limits.lines_per_second": 0}
# What a terminal could obey: C0 but CR LF, DEL, C1 (as UTF-8); other ends of lines; bidi overrides.
DANGEROUS = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
SEED = int(os.environ.get("SEED", random.randrange(1 << 32)))


def must_be_safe(seen):
    text = seen.decode()  # raises for what is no UTF-8
    found = DANGEROUS.search(text)
    assert not found, f"{found[0]!r} in {text[max(0, found.start() - 80):found.end() + 20]!r}"
    assert "\n" not in text.replace("\r\n", "") and "\r" not in text.replace("\r\n", ""), text


def must_be_safe_irc(seen, may_have=b"\x09\x01\x02\x03\x04\x0f\x11\x16\x1d\x1e\x1f"):
    """IRC has control bytes of its own, for colours and CTCP, which its clients understand; and TAB."""
    must_be_safe(bytes(byte for byte in seen if byte not in may_have))


def start(rig, settings=None):
    daemon = rig.daemon({**UNLIMITED, **(settings or {})})
    return daemon, rig.person("bob"), rig.irc_person("cat")


def end(daemon, bob, cat):
    """Both are still served, and have seen nothing dangerous."""
    bob.sync()
    cat.sync()
    must_be_safe(bob.seen)
    must_be_safe_irc(cat.seen)
    daemon.must_have_no_complaints()
    must_be_safe(daemon.log.seen.replace(b"\n", b"\r\n"))


@test
def no_control_byte_reaches_another_terminal(rig):
    """T10, T16, T17: each of the 256 bytes in the middle of a line, and alone on one, in text, in a
    private message, as a topic, as a reason, as a name."""
    daemon, bob, cat = start(rig)
    ann = rig.person("ann")
    for byte in range(256):
        here = bytes([byte])
        alone = b"" if byte == 4 else here  # alone, it says goodbye
        ann.send(b"a" + here + b"b\n" + alone + b"\n/msg bob p" + here + b"q\n")
        ann.send(b"/me r" + here + b"s\n")
        ann.send(b"/topic t" + here + b"u\n/nick n" + here + b"n\n/" + here + b"\n")
        ann.send(b"/join #" + here + b"\n/join #lobby\n")
    ann.send("ÿ\x9b31m \u200b\u202e\ufeff\u2028 \x1b]0;title\x07 \x1b[2J end\n".encode())
    bob.expect(r" end\r\n")
    ann.send(b"/quit bye \x1b[2J\x9b\xff\n")
    bob.expect(r" has quit \(bye")
    must_be_safe(ann.rest())
    end(daemon, bob, cat)


@test
def no_control_byte_comes_over_from_irc(rig):
    """In messages, names, reasons, real names: everything that others are shown."""
    daemon, bob, cat = start(rig)
    dan = rig.irc_person("dan")
    for byte in [*range(1, 10), 11, 12, *range(14, 256)]:
        here = bytes([byte])
        dan.send(b"PRIVMSG #lobby :a" + here + b"b\r\nPRIVMSG bob :\x01ACTION c" + here +
                 b"d\x01\r\nNOTICE #lobby :e" + here + b"\r\nTOPIC #lobby :f" + here +
                 b"\r\nNICK x" + here + b"\r\nJOIN #j" + here + b"\r\nPART #lobby :g" + here +
                 b"\r\nJOIN #lobby\r\n")
    dan.send(b"QUIT :end \x1b[2J\x9b\xff \1\2\3\4\x0f\x16\r\n")
    bob.expect(r"has quit \(end")
    end(daemon, bob, cat)


@test
def random_bytes_do_no_harm(rig):
    """T6, T10, T16, T17: uniform bytes; bytes that mean something; a reset in the middle."""
    print(f"SEED={SEED}")
    dice = random.Random(SEED)
    daemon, bob, cat = start(rig, {"limits.connections_per_address": 0})
    weighty = b"\n\r\0\xff\xff\xfa\xf0\xfb\xfd\xf6\xec\x1b[/#: \x7f\x08\x15\x04\xc3\xe2\x82\xf0\x9f"
    words = [b"/join #", b"/msg bob ", b"PRIVMSG #lobby :", b"NICK ", b"USER a 0 * :", b"/nick ",
             b"CAP REQ :", b"@a=b ", b"\x01ACTION ", b"/history ", b"JOIN #a,#b,", b"\xff\xfa\x18"]
    for i in range(150):
        peer = rig.connect((HOST, LINE if i % 2 else IRC))
        peer.socket.setblocking(False)
        junk = b"".join(dice.choice(words) if dice.random() < 0.1 else bytes([
            dice.randrange(256) if dice.random() < 0.5 else dice.choice(weighty)])
            for _ in range(dice.randrange(3000)))
        peer.socket.send(junk)
        if dice.random() < 0.3:
            peer.reset()
        elif dice.random() < 0.5:
            peer.finish()
        bob.read_some(0)
        cat.read_some(0)
    end(daemon, bob, cat)


@test
def overlong_lines_are_answered_in_words_and_not_heard(rig):
    """On both front ends: at the limit, one above it, far above it; the next line counts."""
    daemon, bob, cat = start(rig, {"limits.line_bytes": 512})
    ann = rig.person("ann")
    for size in (511, 512, 513, 20_000, 300_000):
        ann.send(b"y" * size + b"\nafter %d\n" % size)
        bob.expect(rf"<ann> after {size}\r\n")
    ann.sync()
    said = [len(text) for text in re.findall(rb"<ann> (y+)\r\n", bob.seen)]
    assert said == [511, 512], said
    assert ann.seen.count(b"-- that line is longer than 512 bytes, so nobody heard it\r\n") == 3
    dan = rig.irc_person("dan")
    for size in (400, 510 - len("PRIVMSG #lobby :"), 600, 9000, 300_000):
        dan.send(b"PRIVMSG #lobby :" + b"z" * size + b"\r\nPRIVMSG #lobby :next %d\r\n" % size)
        bob.expect(rf"<dan> next {size}\r\n")
    dan.sync()
    assert len(re.findall(rb"<dan> z", bob.seen)) == 2
    assert dan.seen.count(b" 417 dan :Input line was too long\r\n") == 3, dan.seen[-2000:]
    for line in cat.seen.split(b"\r\n"):
        assert len(line) <= 510, "longer than IRC allows"
    end(daemon, bob, cat)


@test
def thousands_of_unknown_commands_are_each_answered(rig):
    daemon, bob, cat = start(rig)
    memory = daemon.memory_kb()
    ann, dan = rig.person("ann"), rig.irc_person("dan")
    for chunk in range(20):
        ann.send(b"".join(b"/nonsense%d now\n" % i for i in range(250)))
        ann.sync()
        dan.send(b"".join(b"NONSENSE%d now\r\n" % i for i in range(250)))
        dan.sync()
    assert ann.seen.count(b"there is no command /nonsense") == 5000
    assert len(re.findall(rb" 421 dan NONSENSE\d+ :Unknown command\r\n", dan.seen)) == 5000
    assert b"nonsense" not in bob.seen.lower() and daemon.memory_kb() - memory < 8192
    end(daemon, bob, cat)


@test
def bad_names_and_too_many_rooms_are_answered_in_words(rig):
    daemon, bob, cat = start(rig, {"limits.rooms_per_person": 3, "limits.rooms": 5})
    ann = rig.person("ann")
    answers = [("/nick bob", "bob is taken"), ("/nick BOB", "BOB is taken"), ("/nick", "like this"),
               ("/nick guest7", "guest's name"), ("/nick 1st", "can't be a name"),
               ("/nick " + "n" * 31, "can't be a name"), ("/nick ann", "you are ann already"),
               ("/nick zoë", "can't be a name"), ("/msg nobody hi", "nobody is called nobody"),
               ("/join #" + "r" * 60, "can't be a room"), ("/join #a,b", "can't be a room"),
               ("/leave #nowhere", "there is no room #nowhere"), ("/history x", "number"),
               ("/join #one", "joined #one"), ("/join #two", "joined #two"),
               ("/join #three", "3 rooms, which is the limit")]
    for line, answer in answers:
        ann.say(line)
        ann.expect(f"-- [^\r\n]*{re.escape(answer)}")
    bob.say("/join #four", "/join #five")
    bob.expect("joined #four")
    bob.say("/join #six", "/join #seven")
    bob.expect(r"-- (there is no room for that now|you are in 3 rooms)")
    end(daemon, bob, cat)


@test
def telnet_garbage_is_never_shown(rig):
    """T6: cut commands, endless subnegotiations, refusals of refusals; then a line."""
    daemon, bob, cat = start(rig)
    kinds = [b"\xff", b"\xff\xff\xff", b"\xff\xfb", b"\xff\xfa\x18\xff", b"\xff\xf0",
             b"\xff\xfe\x01" * 5000, b"\xff\xf1" * 10_000, b"\xff\xfa" * 9000]
    for i, junk in enumerate(kinds):
        peer = rig.connect()
        peer.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        peer.send(junk)
        peer.send(b".\xff\xf0" if b"\xfa" in junk else b"\n")
        peer.send(b"\nline %d\n" % i)
        bob.expect(rf"<guest\d+> line {i}\r\n")
    assert b"\xff" not in bob.seen
    end(daemon, bob, cat)


main()
