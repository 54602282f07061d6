#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Real IRC clients, and `kill -9` under the real systemd: run by real_clients_survive.sh, inside.

They do all that people do; the daemon is killed while they are connected; they go on as if nothing
had happened, on the same connections, and none of them shows anything. In the end they say goodbye.
"""

import os
import signal
import subprocess
import sys

from irc_scenes import (DAILY_LIFE, ENTERING, LEAVING, OPERATING, all_hear, all_say_something,
                        mallory_is_still_banned, need_the_clients, open_scenes, play,
                        the_client_bans_mallory)
from partyline import Rig, wait_for

LINE, IRC = ("127.0.0.1", 7777), ("127.0.0.1", 6667)
ESTABLISHED = "01"


def show(name):
    return subprocess.run(["systemctl", "show", "-P", name, sys.argv[1]],
                          capture_output=True, text=True, check=True).stdout.strip()


def connections():
    """Each by both its ports, so that a new one would be seen: two clients may have the same port,
    as long as they use it towards different ones of ours."""
    found = set()
    with open("/proc/net/tcp", encoding="ascii") as file:
        for line in list(file)[1:]:
            _, here, there, state = line.split()[:4]
            ports = int(here.split(":")[1], 16), int(there.split(":")[1], 16)
            if state == ESTABLISHED and ports[1] in (LINE[1], IRC[1]):
                found.add(ports)
    return found


def another_serves(pid):
    return show("MainPID") not in ("0", str(pid))


def must_have_noticed_nothing(scenes, before):
    assert connections() == before, f"the connections {before} became {connections()}"
    for client in [scene.client for scene in scenes]:
        assert client.is_running(), f"{client.name} has ended"
        assert not client.has_lost_its_connection(), f"{client.name} tells of a lost connection"


def live_through_a_kill(scenes):
    before, pid = connections(), int(show("MainPID"))
    assert len(before) == 3 * len(scenes), before
    os.kill(pid, signal.SIGKILL)
    texts = all_say_something(scenes)  # there may be nobody who serves
    wait_for(lambda: another_serves(pid), "another process serves")
    must_have_noticed_nothing(scenes, before)
    all_hear(scenes, texts)
    play(scenes, [mallory_is_still_banned], DAILY_LIFE, OPERATING)
    must_have_noticed_nothing(scenes, before)
    wait_for(lambda: f"{len(before)} connections were kept" in show("StatusText"),
             "the status tells that they were kept")


def live(rig):
    scenes = open_scenes(rig, LINE, IRC)
    play(scenes, ENTERING, DAILY_LIFE, OPERATING, [the_client_bans_mallory])
    live_through_a_kill(scenes)
    play(scenes, LEAVING)
    for client in [scene.client for scene in scenes]:
        client.must_end()


def main():
    need_the_clients()
    rig = Rig(None)
    try:
        live(rig)
    finally:
        rig.end(failed=True)


main()
