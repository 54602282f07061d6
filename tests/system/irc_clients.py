#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What irssi, HexChat, Thunderbird, ii and WeeChat were recorded to send.

The letters in the docstrings: I1 JOIN before registering, I2 no CAP at all, I3 USER without a
colon, I4 to I6 capabilities, I7 to I10 what clients ask on joining, I11 PING, I12 lower case and
trailing spaces, I14 MONITOR, I15 and I16 abrupt ends, I17 PART and JOIN in one segment, I18 CTCP,
I19 tags only for those who asked.
"""

from partyline import HOST, IRC, IrcPeer, main, test


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


main()
