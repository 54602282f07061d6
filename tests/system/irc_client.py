# SPDX-License-Identifier: MIT
"""A real IRC client: what a person does with it and sees. The programs stand in irc_drivers.py."""

import glob
import os
import re

from partyline import Program, wait_for


class Client(Program):
    """Waiting looks at what a person would see: a terminal, a window's log."""

    name = "?"     # its nick and its room are named for it
    program = "?"
    words = {}     # how it shows what happened: patterns
    lost = "?"     # how it shows that its connection was lost

    def __init__(self, rig, address, command, **how):
        self.nick, self.room = f"{self.name}1", f"#{self.name}"
        self.seen_to = {}
        super().__init__(command, **how)
        rig.keep(self)

    @classmethod
    def home(cls, rig, **files):
        """A folder of its own; the files' names are written with '__' for the dot."""
        home = rig.path(cls.name)
        os.mkdir(home)
        for name, text in files.items():
            with open(os.path.join(home, name.replace("__", ".")), "w") as f:
                f.write(text)
        return home

    # ---- what it shows ----

    def screens(self):
        """By name. What it writes to its terminal is read in any case, or it would stop."""
        return {"terminal": self.all_so_far()}

    def pattern(self, event, words):
        words = {name: re.escape(word) for name, word in {"room": self.room, **words}.items()}
        return self.words[event].format(**words)

    def look(self, pattern):
        """What has been seen once does not count again, nor what stands before it."""
        for name, text in self.screens().items():
            found = re.compile(pattern.encode()).search(text, self.seen_to.get(name, 0))
            if found:
                self.seen_to[name] = found.end()
                return True
        return False

    def sees(self, event, **words):
        pattern = self.pattern(event, words)
        wait_for(lambda: self.look(pattern), f"{self.nick} sees {event}: {pattern}")

    def sees_anywhere(self, event, **words):
        """For what has no order."""
        pattern = self.pattern(event, words)
        wait_for(lambda: self.has_shown(pattern), f"{self.nick} sees {event}: {pattern}")

    def has_shown(self, pattern):
        return any(re.search(pattern.encode(), text) for text in self.screens().values())

    def has_lost_its_connection(self):
        return self.has_shown(self.lost)

    # ---- what a person does with it ----

    def command(self, line):
        """In the window of its room, if it has windows."""
        raise NotImplementedError

    def wait_until_registered(self):
        self.sees("welcome")

    def join(self, room):
        self.command(f"/join {room}")

    def say(self, text):
        self.command(text)

    def say_in(self, room, text):
        self.command(f"/msg {room} {text}")

    def act(self, text):
        self.command(f"/me {text}")

    def rename(self, nick):
        self.command(f"/nick {nick}")

    def set_topic(self, text):
        self.command(f"/topic {text}")

    def mode(self, *words):
        self.command(" ".join(("/mode", self.room) + words))

    def ask_names(self):
        self.command(f"/names {self.room}")

    def kick(self, nick, why):
        self.command(f"/kick {self.room} {nick} {why}")

    def quit(self, why):
        self.command(f"/quit {why}")

    def must_end(self):
        """After its quit; it may have more to write before."""
        wait_for(lambda: self.screens() and not self.is_running(), f"{self.name} ends")
        assert self.exit_code() == 0, f"{self.name} ends with {self.exit_code()}"


class ProtocolClient(Client):
    """Led by lines of the protocol."""

    def join(self, room):
        self.command(f"JOIN {room}")

    def say(self, text):
        self.say_in(self.room, text)

    def say_in(self, room, text):
        self.command(f"PRIVMSG {room} :{text}")

    def act(self, text):
        self.say(f"\x01ACTION {text}\x01")

    def rename(self, nick):
        self.command(f"NICK {nick}")

    def set_topic(self, text):
        self.command(f"TOPIC {self.room} :{text}")

    def mode(self, *words):
        self.command(" ".join(("MODE", self.room) + words))

    def ask_names(self):
        self.command(f"NAMES {self.room}")

    def kick(self, nick, why):
        self.command(f"KICK {self.room} {nick} :{why}")


class Logs:
    """Of a client's windows, in the folder `logs`; they are easier to read than a terminal."""

    def screens(self):
        screens = super().screens()
        for name in glob.glob(os.path.join(self.logs, "**"), recursive=True):
            if os.path.isfile(name):
                with open(name, "rb") as f:
                    screens[name] = f.read()
        return screens


def pipe_into(path):
    """None: it is not there, or nobody reads."""
    try:
        return os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        return None
