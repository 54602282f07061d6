#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""irssi and WeeChat for real, and what HexChat, Thunderbird and ii were recorded to send.

The letters in the docstrings: I1 JOIN before registering, I2 no CAP at all, I3 USER without a
colon, I4 to I6 capabilities, I7 to I10 what clients ask on joining, I11 PING, I12 lower case and
trailing spaces, I14 MONITOR, I15 and I16 abrupt ends, I17 PART and JOIN in one segment, I18 CTCP,
I19 tags only for those who asked.
"""

import glob
import os
import re

from partyline import HOST, IRC, IrcPeer, Program, main, need, test, wait_for

PING = {"timeouts.ping": 5, "timeouts.ping_reply": 1}

IRSSI_CONFIG = """
settings = {
  "fe-common/core" = { autolog = "yes"; autolog_path = "%s/$0.log"; autolog_level = "all"; };
  "irc/core" = { cmd_queue_speed = "10msec"; };
};
"""


# ---- the real clients: a person at irssi's terminal, and WeeChat without one, led by a pipe ----

class Client(Program):
    """Its logs show what a person would see."""

    def shows(self, pattern):
        wait_for(lambda: re.search(pattern.encode(), self.logged()), f"{self.nick}: {pattern}")

    def logged(self):
        text = b""
        for name in glob.glob(os.path.join(self.logs, "*")):
            with open(name, "rb") as f:
                text += f.read()
        return text


class Irssi(Client):
    def __init__(self, rig):
        home, self.logs = rig.path("irssi"), rig.path("irssi/logs")
        self.nick = "irssi1"
        os.mkdir(home)
        with open(os.path.join(home, "config"), "w") as f:
            f.write(IRSSI_CONFIG % self.logs)
        super().__init__(["irssi", f"--home={home}", f"--connect={HOST}", f"--port={IRC}",
                          f"--nick={self.nick}"], on_terminal=True)
        self.expect("There is no message of the day")
        self.command("/join #lobby")

    def command(self, line):
        self.type(line + "\r")


class Weechat(Client):
    def __init__(self, rig):
        home, fifo = rig.path("weechat"), rig.path("weechat.fifo")
        self.logs = os.path.join(home, "logs")
        self.nick = "weechat1"
        os.mkdir(home)
        with open(os.path.join(home, "fifo.conf"), "w") as f:
            f.write(f'[file]\nenabled = on\npath = "{fifo}"\n')
        settings = ["/set logger.file.flush_delay 0",
                    "/set irc.server_default.anti_flood_prio_high 0",
                    f"/server add here {HOST}/{IRC} -nicks={self.nick}",
                    "/set irc.server.here.autojoin #lobby", "/connect here"]
        super().__init__(["weechat-headless", "--stdout", "-d", home] +
                         [word for line in settings for word in ("-r", line)])
        self.fifo = None
        wait_for(lambda: self.open_fifo(fifo), "WeeChat reads its pipe for commands")

    def open_fifo(self, path):
        try:
            self.fifo = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:  # not there, or nobody reads
            return False
        return True

    def command(self, line):
        os.write(self.fifo, f"irc.here.#lobby *{line}\n".encode())

    def close(self):
        if self.fifo is not None:
            os.close(self.fifo)
        super().close()


def talk(client, bob):
    name = client.nick
    client.command(f"hello from {name}")
    bob.expect(f"<{name}> hello from {name}\r\n")
    bob.say(f"hi {name}, schön dich zu sehen")
    client.shows(rf"bob.*\thi {name}, schön|<.bob> hi {name}, schön")
    client.command("/me waves")
    bob.expect(rf"\* {name} waves\r\n")
    bob.say("/me waves back")
    client.shows(r"\* ?\t?bob waves back")


def write_in_private(client, bob):
    name = client.nick
    client.command("/msg bob just for you")
    bob.expect(rf"\[{name} -> you\] just for you\r\n")
    bob.say(f"/msg {name} thank you, {name}")
    client.shows(rf"bob.*thank you, {name}")


def see_the_room(client, bob):
    client.shows(r"Topic.* the weather|Topic for #lobby is \"the weather\"")
    client.shows(r"#lobby: Total of|Channel #lobby: \d+ nicks")
    client.command(f"/topic set by {client.nick}")
    bob.expect(rf"-- {client.nick} set the topic of #lobby: set by {client.nick}\r\n")


def change_nick(client, bob):
    old, client.nick = client.nick, client.nick.replace("1", "2")
    client.command(f"/nick {client.nick}")
    bob.expect(rf"-- {old} is now known as {client.nick}\r\n")


@test
def irssi_and_weechat_do_all_that_people_do(rig):
    """I1, I6 to I8, I10, I15; answering pings keeps them; who does not answer is told so."""
    rig.daemon(PING)
    bob = rig.person("bob")
    bob.say("/topic the weather")
    bob.expect(r"-- you set the topic of #lobby: the weather\r\n")
    clients = [rig.keep(Weechat(rig))]
    bob.expect(r"-- weechat1 has joined #lobby\r\n")
    see_the_room(clients[0], bob)
    bob.say("/topic the weather")
    clients.append(rig.keep(Irssi(rig)))
    bob.expect(r"-- irssi1 has joined #lobby\r\n")
    see_the_room(clients[1], bob)
    for client in clients:
        talk(client, bob)
        write_in_private(client, bob)
        change_nick(client, bob)
        write_in_private(client, bob)
    mute = rig.irc_person("mute")
    mute.expect(r"^PING :partyline\r\n")
    mute.expect(r"ERROR :Closing link: no answer to a ping\r\n")
    bob.expect(r"-- mute has quit \(no answer to a ping\)\r\n")
    for client in clients:
        client.command("still here")
        bob.expect(rf"<{client.nick}> still here\r\n")
        client.command("/quit see you")
        bob.expect(rf"-- {client.nick} has quit \(see you\)\r\n")
        assert client.rest() is not None and client.exit_code() == 0
    assert bob.seen.count(b"has quit") == 3, bob.seen


# ---- recorded clients ----

def connect(rig):
    return rig.keep(IrcPeer((HOST, IRC)))


@test
def hexchat_registers_and_learns_about_the_room(rig):
    """I5, I9, I11: both requests are acknowledged before the welcome."""
    rig.daemon()
    bob = rig.person("bob")
    hexchat = connect(rig)
    hexchat.say("CAP LS 302", "NICK hex", "USER hex 0 * :realname")
    hexchat.expect(rb"CAP \S+ LS :[^\r\n]*server-time[^\r\n]*\r\n")
    hexchat.send("CAP REQ :server-time \r\nCAP REQ :userhost-in-names cap-notify \r\nCAP END\r\n")
    hexchat.expect_all(r"CAP \S+ ACK :server-time ?\r\n",
                       r"CAP \S+ ACK :userhost-in-names cap-notify ?\r\n",
                       r" 001 hex :", r" 005 hex .*NETWORK=", r" (376|422) hex ")
    hexchat.say("JOIN #lobby")
    hexchat.expect_all(r"^@time=\S+ :hex!~hex@127.0.0.1 JOIN :?#lobby\r\n",
                       r" 353 hex = #lobby :.*hex!~hex@127.0.0.1", r" 366 hex #lobby ")
    bob.expect(r"-- hex has joined #lobby\r\n")
    hexchat.say("MODE #lobby")
    hexchat.expect_all(r" 324 hex #lobby \+", r" 329 hex #lobby \d+\r\n")
    hexchat.say("WHO #lobby")
    hexchat.expect_all(r" 352 hex #lobby \S+ 127.0.0.1 partyline bob H :0 ", r" 315 hex #lobby :")
    hexchat.say("WHO #lobby %chtsunfra,152", "PING LAG1795342567")
    hexchat.expect_all(r" 315 hex #lobby :", r"PONG \S+ :LAG1795342567\r\n")
    hexchat.close()  # killed: FIN without QUIT, I16
    bob.expect(r"-- hex has quit\r\n")


@test
def thunderbird_registers(rig):
    """I3, I4, I14: one answer for each line of a burst, at once; MONITOR is nothing to end for."""
    rig.daemon()
    bird = connect(rig)
    bird.say("CAP LS 302", "NICK tb", "USER Thunderbird 0 * tbA")
    bird.expect(r"CAP \S+ LS :[^\r\n]+\r\n")
    wanted = ("cap-notify", "echo-message", "server-time", "cap-notify")
    bird.say(*(f"CAP REQ {cap}" for cap in wanted))
    for cap in wanted:
        bird.expect(rf"CAP \S+ ACK :{cap}\r\n", within=5)
    assert b" 001 " not in bird.seen, "registered before CAP END"
    bird.say("CAP END")
    bird.expect(r" 001 tb :")
    bird.say("MONITOR C", "JOIN #lobby", "PRIVMSG #lobby :hello")
    bird.expect(r"^@time=\S+ :tb!~Thunderbird@127.0.0.1 PRIVMSG #lobby :hello\r\n")


@test
def ii_needs_no_capabilities(rig):
    """I2, I19: no tag before it was asked for."""
    rig.daemon()
    bob = rig.person("bob")
    ii = connect(rig)
    ii.say("NICK ii", "USER ii localhost 127.0.0.1 :ii")
    ii.expect(r" 001 ii :")
    ii.say("JOIN #lobby", "PRIVMSG #lobby :plain")
    bob.expect(r"<ii> plain\r\n")
    bob.say("/quit bye")
    ii.expect(r"^:bob!\S+ QUIT :bye\r\n")
    assert b"@time" not in ii.seen, ii.seen


@test
def irssi_asks_before_it_is_registered(rig):
    """I1, I7, I12"""
    rig.daemon()
    irssi = connect(rig)
    irssi.say("CAP LS 302", "JOIN :")
    irssi.expect(r" (451|461) ")
    irssi.say("NICK irssi", "USER root root 127.0.0.1 :root", "CAP REQ :server-time", "CAP END")
    irssi.expect_all(r" 001 irssi :", r" (376|422) irssi ")
    irssi.say("MODE irssi +i", "JOIN #lobby", "MODE #lobby", "WHO #lobby", "MODE #lobby b")
    irssi.expect_all(r" 366 irssi #lobby", r" 324 irssi #lobby", r" 352 irssi #lobby",
                     r" 315 irssi #lobby", r" 368 irssi #lobby")
    irssi.say("lusers", "motd", "LIST ", "PING My.Little.Server")
    irssi.expect_all(r" 251 irssi ", r" (376|422) irssi ", r" 322 irssi #lobby ", r" 323 irssi ",
                     r"PONG \S+ :My.Little.Server\r\n")


@test
def what_was_sent_in_one_segment_keeps_its_order(rig):
    """I17"""
    rig.daemon()
    ann = rig.irc_person("ann")
    bob = rig.person("bob")
    ann.sync()
    ann.say("PART #lobby :cycling", "JOIN #lobby", "MODE #lobby", "WHO #lobby")
    ann.expect_all(r":ann!\S+ PART #lobby :cycling\r\n", r":ann!\S+ JOIN :?#lobby\r\n",
                   r" 353 ann ", r" 366 ann ", r" 324 ann ", r" 352 ann ", r" 315 ann ")
    bob.expect_all(r"-- ann has left #lobby \(cycling\)\r\n", r"-- ann has joined #lobby\r\n")


@test
def what_programs_say_to_each_other_passes_untouched(rig):
    """I18; people at a terminal do not see it."""
    rig.daemon()
    ann, cat, bob = rig.irc_person("ann"), rig.irc_person("cat"), rig.person("bob")
    ann.say("PRIVMSG cat :\x01VERSION\x01", "PRIVMSG ann :\x01PING 17 95\x01",
            "PRIVMSG #lobby :\x01VERSION\x01", "PRIVMSG #lobby :that was it")
    cat.expect(rb"^:ann!\S+ PRIVMSG cat :\x01VERSION\x01\r\n")
    cat.say("NOTICE ann :\x01VERSION a client\x01")
    ann.expect(rb"^:ann!\S+ PRIVMSG ann :\x01PING 17 95\x01\r\n")
    ann.expect(rb"^:cat!\S+ NOTICE ann :\x01VERSION a client\x01\r\n")
    cat.expect(rb"^:ann!\S+ PRIVMSG #lobby :\x01VERSION\x01\r\n")
    bob.expect(r"<ann> that was it\r\n")
    assert b"VERSION" not in bob.seen and b"\x01" not in bob.seen, bob.seen


@test
def a_reset_behind_quit_is_a_quit(rig):
    """I15: what was said before still counts, and nobody complains."""
    daemon = rig.daemon()
    bob = rig.person("bob")
    for i in range(10):
        ann = rig.irc_person(f"ann{i}")
        bob.say("something to leave unread")
        ann.say(f"PRIVMSG #lobby :last words {i}", "QUIT :WeeChat 3.8")
        ann.reset()
        bob.expect(rf"<ann{i}> last words {i}\r\n")
        bob.expect(rf"-- ann{i} has quit \(WeeChat 3.8\)\r\n")
    daemon.must_have_no_complaints()


@test
def everyone_in_a_crowded_room_is_told_goodbye(rig):
    """The quits of those who went before must not take the place of the others' goodbye."""
    daemon = rig.daemon({"limits.connections_per_address": 0, "limits.lines_per_second": 0})
    crowd = [rig.irc_person(f"p{i}") for i in range(300)]
    daemon.process.terminate()
    for peer in crowd:
        assert peer.rest().endswith(b"ERROR :Closing link: the server is shutting down\r\n")
        peer.close()


need("irssi", "weechat-headless")
main()
