#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Real IRC clients and people with nc in the same rooms, without systemd.

The letters in the docstring: I1 JOIN before registering, I6 to I8 and I10 what clients ask on
connecting and joining.
"""

from irc_scenes import (DAILY_LIFE, ENTERING, OPERATING, all_hear, all_say_something,
                        eve_says_goodbye, need_the_clients, open_scenes, play)
from partyline import HOST, IRC, LINE, main, test, wait_for


@test
def real_clients_do_all_that_people_do(rig):
    """I1, I6 to I8, I10; answering pings keeps them; who does not answer is told so."""
    daemon = rig.daemon()
    scenes = open_scenes(rig, (HOST, LINE), (HOST, IRC))
    play(scenes, ENTERING, DAILY_LIFE, OPERATING)
    play(scenes, [eve_says_goodbye])  # who would not answer a ping
    daemon.write_config(timeouts__ping=5, timeouts__ping_reply=1)
    daemon.reload()
    daemon.log.expect("the configuration was reloaded")
    mute = rig.irc_person("mute")
    mute.expect(r"^PING :partyline\r\n")
    mute.expect(r"ERROR :Closing link: no answer to a ping\r\n")
    scenes[0].bob.expect(r"-- mute has quit \(no answer to a ping\)\r\n")
    all_hear(scenes, all_say_something(scenes))
    daemon.stop()
    for client in [scene.client for scene in scenes]:
        wait_for(client.has_lost_its_connection, f"{client.nick} shows that the daemon is gone")


need_the_clients()
main()
