# SPDX-License-Identifier: MIT
"""Real IRC clients, each led by what it offers: a keyboard, pipes for commands, standard input.

A driver knows how its client is started and told what to do, and by which words it shows what
happened. What people do with them stands in irc_scenes.py.
"""

import os

from irc_client import Client, Logs, ProtocolClient, pipe_into
from partyline import Peer, wait_for


class Irssi(Logs, Client):
    """irssi at a terminal, typed into."""

    name, program = "irssi", "irssi"
    lost = "Connection lost to|Reconnecting to"
    words = {
        "welcome": r"-!- Welcome to ",
        "joined": r"-!- {who} \[\S+\] has joined {room}",
        "said": r"{room}: <.{who}> {text}",
        "did": r"{room}:  \* {who} {text}",
        "whispered": r"\d <{who}> {text}",
        "renamed": r"-!- ({old} is|You're) now known as {new}",
        "topic": r"-!- {who} changed the topic of {room} to: {text}",
        "topic_is": r"-!- Topic for {room}: {text}",
        "modes": r"-!- mode/{room} \[{text}",
        "mode": r"-!- mode/{room} \[{text}\] by {who}",
        "operator": r"\[Users {room}\]\n.*\[@{who} *\]",
        "banned": r"-!- \d+ - {room}: ban {text} ",
        "kicked": r"-!- {whom} was kicked from {room} by {who} \[{text}\]",
    }
    config = """
settings = {{
  "irc/core" = {{ cmd_queue_speed = "10msec"; cmds_max_at_once = "100"; }};
  "fe-text" = {{ paste_verify_line_count = "0"; }};
}};
logs = {{ "{home}/logs/all" = {{ auto_open = "yes"; level = "ALL"; }}; }};
"""

    def __init__(self, rig, address):
        home = rig.path(self.name)
        self.home(rig, config=self.config.format(home=home))
        self.logs = os.path.join(home, "logs")
        os.mkdir(self.logs)
        super().__init__(rig, address,
                         [self.program, f"--home={home}", f"--connect={address[0]}",
                          f"--port={address[1]}", f"--nick={self.name}1"], on_terminal=True)

    def command(self, line):
        self.type(line + "\r")


class Weechat(Logs, Client):
    """WeeChat without a terminal, led through its pipe."""

    name, program = "weechat", "weechat-headless"
    lost = "disconnected from server|reconnecting to server"
    words = {
        "welcome": r"--\tWelcome to ",
        "joined": r"-->\t{who} .*\(\S+\) has joined {room}",
        "said": r"\t[@+]?{who}\t{text}",
        "did": r"\t \*\t{who} {text}",
        "whispered": r"\t{who}\t{text}",
        "renamed": r"--\t({old} is|You are) now known as {new}",
        "topic": r'--\t{who} has changed topic for {room} (from ".*" )?to "{text}"',
        "topic_is": r'--\tTopic for {room} is "{text}"',
        "modes": r"--\tMode {room} \[{text}",
        "mode": r"--\tMode {room} \[{text}\] by {who}",
        "operator": r"--\tNicks {room}: \[(.* )?@{who}\b",
        "banned": r"--\t\[{room}\] (\[\d+\] )?{text} banned by",
        "kicked": r"<--\t{who} has kicked {whom} \({text}\)",
    }

    def __init__(self, rig, address):
        self.path, self.pipe = rig.path("weechat.fifo"), None
        home = self.home(rig, fifo__conf=f'[file]\nenabled = on\npath = "{self.path}"\n')
        self.logs = os.path.join(home, "logs")
        lines = ["/set logger.file.flush_delay 0",
                 "/set irc.server_default.anti_flood_prio_high 0",
                 "/set irc.server_default.anti_flood_prio_low 0",
                 f"/server add here {address[0]}/{address[1]} -nicks={self.name}1", "/connect here"]
        super().__init__(rig, address, [self.program, "--stdout", "-d", home] +
                         [word for line in lines for word in ("-r", line)])

    def wait_until_registered(self):
        """While it reads its configuration it makes the pipe twice: the first one goes nowhere."""
        super().wait_until_registered()
        self.pipe = wait_for(lambda: pipe_into(self.path), "WeeChat reads its pipe")

    def command(self, line, window=None):
        os.write(self.pipe, f"irc.{window or f'here.{self.room}'} *{line}\n".encode())

    def join(self, room):
        self.command(f"/join {room}", window="server.here")

    def close(self):
        if self.pipe is not None:
            os.close(self.pipe)
        super().close()


class Epic(Client):
    """EPIC5, of ircII's family, between pipes."""

    name, program = "epic", "epic5"
    lost = "Connection closed from"
    words = {
        "welcome": r"\*\*\* Welcome to ",
        "joined": r"\*\*\* {who} \(\S+\) has joined channel {room}",
        "said": r"<{who}(.{room})?> {text}",
        "did": r"\* {who} {text}",
        "whispered": r"\*{who}\* {text}",
        "renamed": r"\*\*\* {old} is now known as {new}",
        "topic": r"\*\*\* {who} has changed the topic on channel {room} to {text}",
        "topic_is": r"\*\*\* Topic for {room}: {text}",
        "modes": r'\*\*\* Mode for channel {room} is "{text}',
        "mode": r'\*\*\* Mode change "{text}" on channel {room} by {who}',
        "operator": r"Pub: {room}\s+(.* )?@{who}\b",
        "banned": r"\*\*\* {room} {text} +set by",
        "kicked": r"\*\*\* ({whom} has|You have) been kicked off .* {room} by {who} \({text}\)",
    }

    def __init__(self, rig, address):
        super().__init__(rig, address, [self.program, "-d", "-q", "-z", "epic",
                                        "-n", f"{self.name}1", f"{address[0]}:{address[1]}"],
                         environment={"HOME": self.home(rig)})

    def command(self, line):
        self.type(line + "\n")


class Ii(Logs, ProtocolClient):
    """ii: a folder for each room, with a pipe to write to and a file to read; the rest is raw."""

    name, program = "ii", "ii"
    lost = "remote host closed connection"
    words = {
        "welcome": r" Welcome to ",
        "joined": r"-!- {who}\(\S+\) has joined {room}",
        "said": r" <{who}> {text}",
        "did": r" <{who}> \x01ACTION {text}\x01",
        "whispered": r" <{who}> {text}",
        "renamed": r'-!- ({old} changed nick to {new}|changed nick to "{new}")',
        "topic": r'-!- {who} changed topic to "{text}"',
        "topic_is": r" {room} {text}\n",
        "modes": r" {room} {text}\w*\n",
        "mode": r"-!- {who} changed mode/{room} -> {text}",
        "operator": r" = {room} (.* )?@{who}\b",
        "banned": r" {room} {text} ",
        "kicked": r'-!- {who} kicked {whom} +\("{text}"\)',
    }

    def __init__(self, rig, address):
        self.logs, self.pipes = self.home(rig), {}
        self.folder = os.path.join(self.logs, address[0])
        super().__init__(rig, address, [self.program, "-s", address[0], "-p", str(address[1]),
                                        "-n", f"{self.name}1", "-f", "ii", "-i", self.logs])

    def write(self, room, line):
        path = os.path.join(self.folder, room, "in")
        if path not in self.pipes:
            self.pipes[path] = wait_for(lambda: pipe_into(path), f"ii reads {path}")
        os.write(self.pipes[path], line.encode() + b"\n")

    def command(self, line):
        self.write("", f"/{line}")

    def join(self, room):
        self.write("", f"/j {room}")

    def say(self, text):
        self.write(self.room, text)

    def rename(self, nick):
        self.write("", f"/n {nick}")

    def set_topic(self, text):
        self.write(self.room, f"/t {text}")

    def quit(self, why):
        self.write("", f"/q {why}")

    def close(self):
        for pipe in self.pipes.values():
            os.close(pipe)
        super().close()


class Znc(ProtocolClient):
    """ZNC, a bouncer: it keeps the connection, and somebody behind it speaks the protocol."""

    name, program = "znc", "znc"
    port = 6697
    not_root = ["unshare", "--user", "--map-user=1", "--map-group=1",  # as root, it waits 30 s
                "setpriv", "--pdeathsig", "KILL"]
    lost = "Disconnected from IRC"
    words = {
        "welcome": r" 001 \S+ :Welcome to (?!ZNC)",
        "joined": r":{who}!\S+ JOIN :?{room}\r",
        "said": r":{who}!\S+ PRIVMSG {room} :{text}\r",
        "did": r":{who}!\S+ PRIVMSG {room} :\x01ACTION {text}\x01\r",
        "whispered": r":{who}!\S+ PRIVMSG \S+ :{text}\r",
        "renamed": r":{old}!\S+ NICK :?{new}\r",
        "topic": r":{who}!\S+ TOPIC {room} :{text}\r",
        "topic_is": r" 332 \S+ {room} :{text}\r",
        "modes": r" 324 \S+ {room} :?{text}\w*\r",
        "mode": r":{who}!\S+ MODE {room} :?{text}\r",
        "operator": r" 353 \S+ . {room} :(.* )?@{who}\b",
        "banned": r" 367 \S+ {room} {text} ",
        "kicked": r":{who}!\S+ KICK {room} {whom} :{text}\r",
    }
    config = """
Version = 1.8.2
<Listener all>
    Port = {port}
    IPv4 = true
    IPv6 = false
    SSL = false
</Listener>
<User anna>
    Nick = znc1
    Ident = anna
    RealName = Anna
    <Pass password>
        Method = plain
        Hash = secret
    </Pass>
    <Network here>
        FloodBurst = 100
        FloodRate = 100
        Server = {address[0]} {address[1]}
    </Network>
</User>
"""

    def __init__(self, rig, address):
        home, self.person = self.home(rig), None
        os.mkdir(os.path.join(home, "configs"))
        with open(os.path.join(home, "configs", "znc.conf"), "w") as f:
            f.write(self.config.format(port=self.port, address=address))
        super().__init__(rig, address, self.not_root +
                         [self.program, "--foreground", "--datadir", home])

    def screens(self):
        screens = super().screens()
        if self.person:
            screens["person"] = self.person.all_so_far()
        return screens

    def wait_until_registered(self):
        self.person = wait_for(self.attach, "ZNC listens")
        self.person.say("PASS anna/here:secret", "NICK anna", "USER anna 0 * :Anna")
        super().wait_until_registered()

    def attach(self):
        try:
            return Peer(("127.0.0.1", self.port))
        except ConnectionRefusedError:
            return None

    def command(self, line):
        self.person.say(line)

    def quit(self, why):
        """QUIT would only end the person's own connection."""
        self.command(f"PRIVMSG *status :disconnect {why}")

    def must_end(self):
        """A bouncer stays."""

    def close(self):
        if self.person:
            self.person.close()
        super().close()


CLIENTS = (Irssi, Weechat, Epic, Ii, Znc)
