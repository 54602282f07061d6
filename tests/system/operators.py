#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Operators of the server, by passwords that real programs have hashed; REHASH, which the daemon
carries out as it does SIGHUP."""

import re

from partyline import main, test

# Of "secret": `openssl passwd -6 -salt abcdefgh secret`, and yescrypt as mkpasswd makes it.
SHA512 = ("$6$abcdefgh$ltjgWl6579NluT/Vi1nwEvcil.G5Nbc4NiXZaNGStk8PSwGfQv72N2CKPPrVACtLtip/cZ/1GM/O"
          "6IND4WQhG.")
YESCRYPT = "$y$j9T$abcdefgh$IUWJt2doU4Kf6E/JP1UkAT3S5O3Q7SSA8SJirXIlEu9"
ACCOUNTS = [f"six *@127.0.0.1 {SHA512}", f"yes guest@127.0.0.1 {YESCRYPT} staff.example.org"]


@test
def passwords_that_other_programs_hashed_are_known(rig):
    """And no password, right or wrong, stands in the log."""
    daemon = rig.daemon({"operators.accounts": ACCOUNTS})
    ann, bob = rig.irc_person("ann"), rig.person("bob")
    ann.say("OPER six nosecret")
    ann.expect(r" 464 ann :Password incorrect\r\n")
    ann.say("OPER six secret")
    ann.expect(r" 381 ann :You are now an IRC operator\r\n")
    bob.say("/oper yes secret")
    bob.expect(r"-- others see you at staff\.example\.org")
    daemon.log.expect(r"notice: ann \(~ann@127\.0\.0\.1\) gave a wrong password [^\n]* six\n")
    daemon.log.expect(r"notice: ann [^\n]* is operator of the server now, by the account six\n")
    daemon.log.expect(r"notice: bob \(guest@127\.0\.0\.1\) is operator of the server now")
    bob.say("/kill ann for the test")
    assert b"ERROR :Closing link: Killed (bob (for the test))\r\n" in ann.rest()
    daemon.log.expect(r"notice: bob [^\n]* ends the connection of ann\n")
    assert "secret" not in daemon.log.text()


@test
def rehash_reads_the_configuration_again_and_says_how_that_went(rig):
    daemon = rig.daemon({"operators.accounts": ACCOUNTS})
    ann = rig.irc_person("ann")
    motd = rig.path("motd")
    with open(motd, "w") as f:
        f.write("Tea is at four.\n")
    ann.say("MOTD", "REHASH", "OPER six secret")
    ann.expect_all(r" 422 ann ", r" 481 ann ", r" 381 ann ")
    daemon.write_config(server__motd_file=motd, server__admin=["ask ann"],
                        operators__accounts=ACCOUNTS[1:])
    ann.say("REHASH")
    ann.expect(r" 382 ann partylined\.conf :Rehashing\r\n")
    ann.expect(r" NOTICE ann :the configuration was read again\r\n")
    daemon.log.expect(r"notice: ann [^\n]* asks for the configuration to be read again\n")
    daemon.log.expect("notice: the configuration was reloaded\n")
    ann.say("MOTD", "ADMIN", "OPER six secret")
    ann.expect_all(r" 372 ann :- Tea is at four\.\r\n", r" 257 ann :ask ann\r\n", r" 464 ann ")
    daemon.write_config(operators__accounts=["six *@* secret"])
    ann.say("REHASH")
    ann.expect(r" NOTICE ann :the configuration stays as it was; the log says why\r\n")
    daemon.log.expect(rf"error: {re.escape(daemon.config)}:\d+: operators\.accounts: text 1 of the "
                      r"list: HASH is no hash")
    assert "*@* secret" not in daemon.log.text()
    ann.sync()


main()
