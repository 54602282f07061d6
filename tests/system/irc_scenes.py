# SPDX-License-Identifier: MIT
"""What people do with real IRC clients: one table of steps, the same for each client.

In every scene one client (irc_drivers.py) has made a room of its own and meets two people with nc
there: bob, at the line, and eve, who writes IRC by hand. The scenes go on side by side; what is
waited for is always what somebody sees.
"""

import shutil
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

from irc_drivers import CLIENTS
from partyline import Program, skip

LOBBY, MALLORY = "#lobby", "mallory!*@*"


class Nc(Program):
    program = "nc.openbsd"

    def __init__(self, rig, name, address):
        super().__init__([self.program, address[0], str(address[1])])
        self.name = name
        rig.keep(self)

    def say(self, line):
        self.type(line + "\n")


class Scene:
    """Programs are started here, by the main thread: they end with the thread that started them."""

    def __init__(self, rig, client, line, irc):
        self.client = client(rig, irc)
        self.name, self.room = client.name, self.client.room
        self.bob = Nc(rig, f"bob-{self.name}", line)
        self.eve = Nc(rig, f"eve-{self.name}", irc)
        self.notes, self.topic = 0, None

    def note(self):
        """Some text that nobody has said before."""
        self.notes += 1
        return f"{self.name}, note {self.notes}"


# ---- steps: what must be true is in their names ----

def everyone_comes_in(scene):
    client, bob, eve = scene.client, scene.bob, scene.eve
    client.wait_until_registered()
    client.join(LOBBY)
    client.sees("joined", who=client.nick, room=LOBBY)
    client.join(scene.room)
    client.sees("joined", who=client.nick)
    bob.say(f"/nick {bob.name}")
    bob.expect(f"you are now known as {bob.name}\r\n")
    bob.say(f"/join {scene.room}")
    client.sees("joined", who=bob.name)
    bob.expect(f"-- you have joined {scene.room}\r\n")
    bob.expect(rf"in {scene.room}: .*{client.nick}")
    eve.say(f"NICK {eve.name}\nUSER eve 0 * :Eve")
    eve_comes_in(scene)


def eve_comes_in(scene):
    scene.eve.say(f"JOIN {scene.room}")
    scene.eve.expect(f" 366 {scene.eve.name} {scene.room} ")
    scene.client.sees("joined", who=scene.eve.name)
    scene.bob.expect(f"-- {scene.eve.name} has joined {scene.room}\r\n")


def they_talk(scene):
    client, bob, eve = scene.client, scene.bob, scene.eve
    text = scene.note()
    client.say(text)
    bob.expect(f"<{client.nick}> {text}\r\n")
    eve.expect(f":{client.nick}!\\S+ PRIVMSG {scene.room} :{text}\r\n")
    text = f"schön, {scene.note()}"
    bob.say(text)
    client.sees("said", who=bob.name, text=text)


def they_do_something(scene):
    client, bob = scene.client, scene.bob
    client.act("waves")
    bob.expect(rf"\* {client.nick} waves\r\n")
    bob.say("/me waves back")
    client.sees("did", who=bob.name, text="waves back")


def they_write_in_private(scene):
    client, bob, text = scene.client, scene.bob, scene.note()
    client.say_in(bob.name, text)
    bob.expect(rf"\[{client.nick} -> you\] {text}\r\n")
    text = scene.note()
    bob.say(f"/msg {client.nick} {text}")
    client.sees("whispered", who=bob.name, text=text)


def they_change_nicks(scene):
    client, bob = scene.client, scene.bob
    old, client.nick = client.nick, f"{client.nick}x"
    client.rename(client.nick)
    bob.expect(f"-- {old} is now known as {client.nick}\r\n")
    client.sees("renamed", old=old, new=client.nick)
    old, bob.name = bob.name, f"{bob.name}x"
    bob.say(f"/nick {bob.name}")
    client.sees("renamed", old=old, new=bob.name)


def the_client_sees_modes(scene):
    scene.client.mode()
    scene.client.sees("modes", text="+n")


# ---- steps of an operator: who made the room ----

def the_client_is_operator(scene):
    scene.client.ask_names()
    scene.client.sees("operator", who=scene.client.nick)


def they_set_the_topic(scene):
    client, bob, text = scene.client, scene.bob, scene.note()
    client.set_topic(text)
    bob.expect(f"-- {client.nick} set the topic of {scene.room}: {text}\r\n")
    client.sees("topic", who=client.nick, text=text)
    scene.topic = scene.note()
    bob.say(f"/topic {scene.topic}")
    bob.expect(f"-- only operators of {scene.room} may do that")
    client.mode("-t")
    client.sees("mode", who=client.nick, text="-t")
    bob.say(f"/topic {scene.topic}")
    client.sees("topic", who=bob.name, text=scene.topic)
    client.mode("+t")
    client.sees("mode", who=client.nick, text="+t")


def the_client_kicks_eve(scene):
    client, eve, why = scene.client, scene.eve, scene.note()
    client.kick(eve.name, why)
    eve.expect(f":{client.nick}!\\S+ KICK {scene.room} {eve.name} :{why}\r\n")
    scene.bob.expect(f"{eve.name}.*{why}")
    client.sees("kicked", who=client.nick, whom=eve.name, text=why)
    eve_comes_in(scene)


def the_client_bans_eve(scene):
    client, eve = scene.client, scene.eve
    mask = f"{eve.name}!*@*"
    client.mode("+b", mask)
    client.sees("mode", who=client.nick, text=f"+b {mask}")
    client.mode("b")
    client.sees("banned", text=mask)
    client.kick(eve.name, "banned")
    eve.expect(f" KICK {scene.room} {eve.name} :banned\r\n")
    eve.say(f"JOIN {scene.room}")
    eve.expect(f" 474 {eve.name} {scene.room} ")
    client.mode("-b", mask)
    client.sees("mode", who=client.nick, text=f"-b {mask}")
    eve_comes_in(scene)


def bob_kicks_the_client(scene):
    client, bob, why = scene.client, scene.bob, scene.note()
    client.mode("+o", bob.name)
    client.sees("mode", who=client.nick, text=f"+o {bob.name}")
    bob.say(f"/kick {client.nick} {why}")
    client.sees("kicked", who=bob.name, whom=client.nick, text=why)
    client.join(scene.room)
    client.sees("joined", who=client.nick)
    client.sees("topic_is", text=scene.topic)
    bob.say(f"/op {client.nick}")
    client.sees("mode", who=bob.name, text=f"+o {client.nick}")
    client.mode("-o", bob.name)
    client.sees("mode", who=client.nick, text=f"-o {bob.name}")


# ---- what a room remembers ----

def the_client_bans_mallory(scene):
    scene.client.mode("+b", MALLORY)
    scene.client.sees("mode", who=scene.client.nick, text=f"+b {MALLORY}")


def mallory_is_still_banned(scene):
    scene.client.mode("b")
    scene.client.sees("banned", text=MALLORY)


# ---- the end ----

def eve_says_goodbye(scene):
    scene.eve.say("QUIT :see you")
    scene.bob.expect(rf"-- {scene.eve.name} has quit \(see you\)\r\n")


def the_client_says_goodbye(scene):
    client, why = scene.client, scene.note()
    client.quit(why)
    scene.bob.expect(rf"-- {client.nick} has quit \({why}\)\r\n")
    scene.eve.expect(f":{client.nick}!\\S+ QUIT :{why}\r\n")


ENTERING = (everyone_comes_in,)
DAILY_LIFE = (they_talk, they_do_something, they_write_in_private, they_change_nicks, they_talk,
              the_client_sees_modes)
OPERATING = (the_client_is_operator, they_set_the_topic, the_client_kicks_eve, the_client_bans_eve,
             bob_kicks_the_client)
LEAVING = (the_client_says_goodbye, eve_says_goodbye)


# ---- all scenes at once ----

def need_the_clients():
    programs = [client.program for client in CLIENTS] + [Nc.program]
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        skip(f"these programs are not installed: {' '.join(missing)}")


def open_scenes(rig, line, irc):
    return [Scene(rig, client, line, irc) for client in CLIENTS]


def play_one(scene, steps):
    """What went wrong, in words."""
    for step in steps:
        try:
            step(scene)
        except Exception:
            shown = "".join(f"\n-- {name}:\n{text[-1500:].decode(errors='backslashreplace')}"
                            for name, text in scene.client.screens().items())
            return f"{scene.name}: {step.__name__}: {traceback.format_exc()}{shown}"
    return None


def play(scenes, *acts):
    """Each scene goes through the steps of these acts, whatever the others are at."""
    steps = [step for act in acts for step in act]
    start = time.monotonic()
    with ThreadPoolExecutor(len(scenes)) as pool:
        failures = list(filter(None, pool.map(lambda scene: play_one(scene, steps), scenes)))
    assert not failures, "\n".join(failures)
    print(f"    {len(scenes)} clients, {len(steps)} steps in {time.monotonic() - start:.1f} s: "
          + ", ".join(step.__name__ for step in steps), flush=True)


def all_say_something(scenes):
    """In the lobby: what each says."""
    texts = {scene: scene.note() for scene in scenes}
    for scene, text in texts.items():
        scene.client.say_in(LOBBY, text)
    return texts


def all_hear(scenes, texts):
    for hearer in scenes:
        for scene, text in texts.items():
            if scene != hearer:
                hearer.client.sees_anywhere("said", who=scene.client.nick, room=LOBBY, text=text)
