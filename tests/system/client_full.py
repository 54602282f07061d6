#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The client's full screen, in tmux, against our daemon and against a foreign server (ngircd).

Usage: client_full.py PATH-OF-PARTYLINE PATH-OF-PARTYLINED [unittest arguments]
"""

import contextlib
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from client_rig import DEADLINE_S, Ngircd, Terminal, WithServer, free_port  # noqa: E402

SKIPPED = 77
CLIENT = DAEMON = None


class Partylined:
    """Our daemon, on a port of its own."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.port = free_port()
        path = os.path.join(self.folder.name, "partylined.conf")
        with open(path, "w") as f:
            f.write(f'listen: {{ line = [ "127.0.0.1:{free_port()}" ]; '
                    f'irc = [ "127.0.0.1:{self.port}" ]; }};\n'
                    f'limits: {{ lines_per_second = 0; }};\n')
        self.process = subprocess.Popen([DAEMON, "--config", path], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        while b"is ready" not in self.process.stderr.readline():
            if self.process.poll() is not None:
                raise SystemExit("partylined does not start")

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()
        self.folder.cleanup()


class Tmux:
    """A shell in tmux, in which the client is started; what a person sees and types."""

    def __init__(self, command, **environment):
        self.folder = tempfile.TemporaryDirectory()
        settings = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **environment}
        settings.pop("TMUX", None)
        script = f'before=$(stty -g); {command}; echo "exit $?"; ' \
                 f'[ "$(stty -g)" = "$before" ] && echo restored; exec cat'
        self.run("-f", "/dev/null", "new-session", "-d", "-x", "120", "-y", "20", script,
                 environment=settings)

    def run(self, *arguments, environment=None):
        done = subprocess.run(["tmux", "-S", os.path.join(self.folder.name, "socket"), *arguments],
                              capture_output=True, env=environment, check=True)
        return done.stdout.decode()

    def rows(self, *options):
        return self.run("capture-pane", "-p", *options).split("\n")

    def wait_for(self, condition, what):
        end = time.monotonic() + DEADLINE_S
        while not condition(self.rows()):
            if time.monotonic() > end:
                raise AssertionError(f"never saw {what}; the screen:\n" + "\n".join(self.rows()))
            select.select([], [], [], 0.02)

    def wait_for_text(self, text):
        self.wait_for(lambda rows: any(text in row for row in rows), repr(text))

    def wait_for_input(self, line):
        self.wait_for(lambda rows: line in [row.rstrip() for row in rows], f"the line {line!r}")

    def type(self, text):
        self.run("send-keys", "-l", text)

    def key(self, *names):
        self.run("send-keys", *names)

    def paste(self, text):
        self.run("set-buffer", text)
        self.run("paste-buffer", "-p")

    def resize(self, columns, rows):
        self.run("resize-window", "-x", str(columns), "-y", str(rows))

    def pid_of_client(self):
        shell = self.run("display-message", "-p", "#{pane_pid}").strip()
        with open(f"/proc/{shell}/task/{shell}/children") as f:
            return int(f.read().split()[0])

    def close(self):
        self.run("kill-server")
        self.folder.cleanup()


class Bytes(Terminal):
    """A terminal of which only the bytes count: tmux keeps some to itself."""

    def __init__(self, command, **environment):
        super().__init__(command, **environment)
        self.screen.put = lambda text: None

    def wait_for_bytes(self, text):
        self.wait_for(lambda: text in self.raw, repr(text))

    def look_away(self):
        """And see that the client knows."""
        self.type("\x1b[Oaway")
        self.wait_for_bytes("away")


class OnTheScreen(WithServer):
    """What holds with any server."""

    def screen(self, *arguments, **environment):
        screen = Tmux(" ".join([CLIENT, "--nick", "ann", *arguments, self.address]), **environment)
        self.addCleanup(screen.close)
        screen.wait_for_input("#lobby>")
        return screen

    def leave(self, screen):
        screen.key("C-u")
        screen.type("/quit")
        screen.key("Enter")
        screen.wait_for_text("exit 0")
        screen.wait_for_text("restored")

    def test_what_is_typed_stays_while_people_talk(self):
        bob = self.peer()
        screen = self.screen()
        screen.wait_for_text("[2:#lobby]")
        screen.wait_for_text("connected")
        screen.type("half a wörd 漢")
        bob.send("PRIVMSG #lobby :I interrupt")
        screen.wait_for_text("bob  I interrupt")
        screen.wait_for_input("#lobby> half a wörd 漢")
        screen.key("Enter")
        bob.expect(r"^:ann!\S+ PRIVMSG #lobby :half a wörd 漢$")
        screen.wait_for_text("ann  half a wörd 漢")
        screen.wait_for_input("#lobby>")
        self.leave(screen)

    def test_it_fits_any_size_at_any_time(self):
        bob = self.peer()
        screen = self.screen()
        bob.send("PRIVMSG #lobby :one two three four five six seven eight nine ten eleven twelve")
        screen.wait_for_text("eleven twelve")
        screen.resize(30, 10)
        screen.wait_for_text("one two three four")
        screen.wait_for(lambda rows: not any("four five" in row for row in rows), "wrapping")
        screen.resize(100, 30)
        screen.wait_for(lambda rows: len(rows) > 29 and rows[29].startswith("#lobby>"), "30 rows")
        screen.wait_for_text("ten eleven twelve")
        screen.resize(2, 1)
        screen.resize(120, 20)
        screen.wait_for_text("[2:#lobby]")
        self.leave(screen)

    def test_the_nickname_is_taken_back_when_it_is_free(self):
        ghost = self.peer("ann")
        bob = self.peer()
        screen = self.screen()
        ghost.send("QUIT")
        bob.expect(r"^:ann_!\S+ NICK :?ann$")
        screen.wait_for_text("ann_ is now called ann")
        self.leave(screen)

    def test_the_desktop_is_told_while_the_terminal_is_not_looked_at(self):
        bob = self.peer()
        terminal = Bytes([CLIENT, "--nick", "ann", self.address], TERM="xterm-256color",
                         TERM_PROGRAM="WezTerm")
        self.addCleanup(terminal.close)
        terminal.wait_for_bytes("#lobby>")
        bob.send("PRIVMSG #lobby :ann, focused")
        terminal.wait_for_bytes("focused")
        terminal.look_away()
        bob.send("PRIVMSG #lobby :for all", "PRIVMSG #lobby :ann, \x03\x07\x02come back")
        terminal.wait_for_bytes("\x1b]777;notify;bob in #lobby;ann, come back\x1b\\")
        self.assertEqual(terminal.raw.count("\x1b]"), 1)
        terminal.type("\x1b[I\x15/quit\r")
        self.assertEqual(terminal.end(), 0)

    def inside_tmux(self, settings):
        """The client in tmux, in a terminal of which the bytes count."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = os.path.join(folder.name, "conf")
        with open(path, "w") as f:
            f.write(settings)
        tmux = ["env", "-u", "TMUX", "tmux", "-S", os.path.join(folder.name, "socket"), "-f", path]
        terminal = Bytes([*tmux, "new-session", f"{CLIENT} --nick ann {self.address}"],
                         TERM="xterm-256color", WEZTERM_PANE="0", LC_ALL="C.UTF-8")
        self.addCleanup(terminal.close)
        self.addCleanup(subprocess.run, [*tmux, "kill-server"], stderr=subprocess.DEVNULL)
        terminal.wait_for_bytes("#lobby>")
        return terminal

    def test_the_desktop_is_told_through_tmux_if_that_is_allowed(self):
        bob = self.peer()
        told = "\x1b]777;notify;bob in #lobby;ann, come back\x1b\\"
        for permission, n_told in ("on", 1), ("off", 0):
            terminal = self.inside_tmux(f"set -g focus-events on\n"
                                        f"set -g allow-passthrough {permission}\n")
            terminal.look_away()
            bob.send("PRIVMSG #lobby :ann, come back", "PRIVMSG #lobby :that is all")
            terminal.wait_for_bytes("that is all")
            terminal.type("\x15/quit\r")
            bob.expect(r"^:ann!\S+ QUIT")
            self.assertEqual(terminal.end(), 0)
            self.assertEqual(terminal.raw.count(told), n_told)
            self.assertEqual(terminal.raw.count("notify"), n_told)  # nothing of it is shown

    def test_what_is_said_is_kept_in_files_once_that_is_set(self):
        bob = self.peer()
        with tempfile.TemporaryDirectory() as folder:
            screen = self.screen(XDG_STATE_HOME=folder)
            bob.send("PRIVMSG #lobby :not kept")
            screen.wait_for_text("bob  not kept")
            screen.type("/set log on")
            screen.key("Enter")
            screen.type("I am kept")
            screen.key("Enter")
            bob.expect("I am kept")
            bob.send("PRIVMSG #lobby :kept too")
            screen.wait_for_text("bob  kept too")
            self.leave(screen)
            path = os.path.join(folder, "partyline", "logs", self.address, "#lobby.log")
            with open(path) as f:
                self.assertEqual([line[20:] for line in f], ["<ann> I am kept\n",
                                                             "<bob> kept too\n"])

    def test_the_first_start_asks_before_the_screen_is_taken(self):
        with tempfile.TemporaryDirectory() as folder:
            screen = Tmux(f"{CLIENT} {self.address}", XDG_CONFIG_HOME=folder, USER="ann")
            self.addCleanup(screen.close)
            screen.wait_for_text("nickname [ann]:")
            screen.key("Enter")
            screen.wait_for_input("#lobby>")
            self.leave(screen)
            with open(os.path.join(folder, "partyline", "partyline.conf")) as f:
                self.assertIn('nick = "ann";\n', f.read())

    def test_several_rooms_count_what_is_unread(self):
        bob = self.peer()
        screen = self.screen("--join", "'#lobby'", "--join", "'#tea'")
        screen.wait_for_text("3:#tea")
        bob.send("JOIN #tea", "PRIVMSG #tea :hello", "PRIVMSG #tea :ann, tea?",
                 "PRIVMSG ann :psst")
        screen.wait_for_text("3:#tea(2 1!) 4:bob(1 1!)")
        screen.key("M-a")
        screen.wait_for_text("unread")
        screen.wait_for_text("ann, tea?")
        screen.wait_for_text("2:#lobby [3:#tea] 4:bob(1 1!)")
        screen.key("M-4")
        screen.wait_for_input("bob>")
        screen.type("hi there")
        screen.key("Enter")
        bob.expect(r"^:ann!\S+ PRIVMSG ann|^:ann!\S+ PRIVMSG bob :hi there$")
        self.leave(screen)

    def test_several_pasted_lines_ask_first(self):
        bob = self.peer()
        screen = self.screen()
        screen.paste("one\ntwo\n")
        screen.wait_for_text("say 2 lines?")
        screen.type("n")
        screen.wait_for_input("#lobby>")
        screen.paste("three\n/four\n")
        screen.wait_for_text("say 2 lines?")
        screen.type("y")
        bob.expect(r"PRIVMSG #lobby :three$")
        bob.expect(r"PRIVMSG #lobby :/four$")
        self.leave(screen)

    def test_words_are_found_in_what_was_said(self):
        bob = self.peer()
        screen = self.screen()
        bob.send("PRIVMSG #lobby :the needle", *(f"PRIVMSG #lobby :hay {i}" for i in range(30)))
        screen.wait_for_text("hay 29")
        screen.key("C-r")
        screen.type("needle")
        screen.wait_for_text("bob  the needle")
        screen.key("Escape")
        screen.wait_for_text("hay 29")
        screen.key("PageUp")
        screen.wait_for_text("bob  the needle")
        self.leave(screen)

    def test_a_flood_leaves_the_keyboard_alive(self):
        bob = self.peer()
        screen = self.screen()
        bob.send(*(f"PRIVMSG #lobby :message {i}" for i in range(5000)))
        screen.type("still here")
        screen.wait_for_input("#lobby> still here")
        screen.wait_for_text("message 4999")
        screen.wait_for_input("#lobby> still here")
        self.leave(screen)

    def test_colours_can_be_done_without(self):
        for environment, has_colour in (({}, True), ({"NO_COLOR": "1"}, False)):
            screen = self.screen(**environment)
            screen.wait_for_text("ann")
            colours = re.findall("\x1b\\[[39][0-7]m", "\n".join(screen.rows("-e")))
            self.assertEqual(bool(colours), has_colour)
            self.leave(screen)

    def test_a_signal_gives_the_terminal_back(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            screen = self.screen()
            os.kill(screen.pid_of_client(), number)
            screen.wait_for_text("exit 0")
            screen.wait_for_text("restored")


class Scripted:
    """A server that says what the test wants, at the client's first or second connection."""

    def __init__(self, listener):
        self.socket, _ = listener.accept()
        self.socket.settimeout(DEADLINE_S)
        self.heard = b""

    def expect(self, words):
        while words not in self.heard:
            more = self.socket.recv(4096)
            if not more:
                raise AssertionError(f"never heard {words!r}, but {self.heard!r}")
            self.heard += more

    def say(self, *lines):
        self.socket.sendall("".join(line + "\r\n" for line in lines).encode())

    def welcome(self, *rooms):
        """CAP, the nick, the rooms, and the PONG for the last PING."""
        self.expect(b"USER ")
        self.say(":irc CAP * LS :echo-message")
        self.expect(b"CAP REQ :echo-message")
        self.say(":irc CAP * ACK :echo-message", ":irc 001 ann :hi")
        self.expect(b"PING :")
        self.say(*(f":ann!a@h JOIN {room}" for room in rooms))
        self.say(":irc PONG irc :" + re.findall(rb"PING :(\S+)", self.heard)[-1].decode())
        self.heard = b""


class WhenTheServerGoesAway(unittest.TestCase):
    def test_it_comes_back_to_its_rooms_and_nothing_typed_is_lost(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            screen = Tmux(f"{CLIENT} --nick ann 127.0.0.1:{listener.getsockname()[1]}")
            self.addCleanup(screen.close)
            server = Scripted(listener)
            server.welcome("#lobby", "#tea")
            screen.wait_for_input("#lobby>")
            screen.type("heard")
            screen.key("Enter")
            server.expect(b"PRIVMSG #lobby :heard\r\n")
            server.say(":ann!a@h PRIVMSG #lobby :heard")
            screen.wait_for_text("ann  heard")
            screen.type("not heard")
            screen.key("Enter")
            server.expect(b"PRIVMSG #lobby :not heard\r\n")
            server.socket.close()
            screen.wait_for_text("the connection is lost")
            screen.wait_for_text("to #lobby, not answered yet: not heard")
            screen.type("said meanwhile")
            screen.key("Enter", "M-3")
            screen.type("half a li")
            server = Scripted(listener)
            server.welcome("#lobby", "#tea")
            server.expect(b"PRIVMSG #lobby :said meanwhile\r\n")
            self.assertNotIn(b"not heard", server.heard)
            screen.wait_for_input("#tea> half a li")
            screen.wait_for_text("connected")
            screen.key("M-2")
            screen.wait_for_text("not heard (/again says it again): not heard")
            screen.key("C-u")
            server.say("ERROR :Closing link: killed")
            screen.wait_for_text("the connection is lost: Closing link: killed")
            server.socket.close()
            screen.type("/quit")
            screen.key("Enter")
            screen.wait_for_text("exit 0")
            screen.wait_for_text("restored")

    def test_what_nobody_will_hear_is_told(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            screen = Tmux(f"{CLIENT} --nick ann 127.0.0.1:{listener.getsockname()[1]}")
            self.addCleanup(screen.close)
            server = Scripted(listener)
            server.welcome("#lobby")
            screen.wait_for_input("#lobby>")
        server.socket.close()
        screen.wait_for_text("not yet: ")
        screen.type("anybody?")
        screen.key("Enter")
        screen.wait_for_text("what you type is kept, and said when the connection is back")
        screen.type("/quit")
        screen.key("Enter")
        screen.wait_for_text("what was typed without a connection was said to nobody")
        screen.wait_for_text("exit 1")

    def test_a_server_that_never_let_us_in_is_the_end(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            screen = Tmux(f"{CLIENT} --nick ann 127.0.0.1:{listener.getsockname()[1]}")
            self.addCleanup(screen.close)
            server = Scripted(listener)
            server.expect(b"USER ")
            server.say("ERROR :go away")
            screen.wait_for_text("refused: go away")
            screen.wait_for_text("exit 3")
            screen.wait_for_text("restored")
            server.socket.close()


class Path:
    """What lies between the client and a server: bytes go both ways until it breaks."""

    def __init__(self, port):
        self.server_port = port
        self.port = free_port()
        self.ends = []

    def open(self):
        """Takes one connection, in the background."""
        listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self.run, args=(listener,), daemon=True).start()

    def run(self, listener):
        with listener:
            client, _ = listener.accept()
        server = socket.create_connection(("127.0.0.1", self.server_port))
        self.ends = [client, server]
        threading.Thread(target=self.carry, args=(client, server), daemon=True).start()
        threading.Thread(target=self.carry, args=(server, client), daemon=True).start()

    @staticmethod
    def carry(a, b):
        try:
            while data := a.recv(65536):
                b.sendall(data)
        except OSError:
            pass

    def cut(self):
        for end in self.ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self.ends = []


class WithOurDaemon(OnTheScreen, unittest.TestCase):
    open_server = Partylined

    def test_what_was_missed_is_shown_when_the_connection_is_back(self):
        screen = self.lose_and_come_back("cup")
        screen.wait_for(lambda rows: [row.split("│")[0].split(None, 1)[1].strip() for row in rows
                                      if "you missed" in row or "a cup" in row] ==
                        ["bob  a cup", "--  2 messages you missed:", "bob  a cup missed",
                         "bob  a cup of tea"], "what was missed, once and in order")
        self.leave(screen)

    def test_lines_come_back_too(self):
        screen = self.lose_and_come_back("jug", "--line")
        screen.wait_for(lambda rows: [row.split(None, 1)[1].strip() for row in rows
                                      if "you missed" in row or "a jug" in row] ==
                        ["<bob> a jug", "* 2 messages you missed:", "<bob> a jug missed",
                         "<bob> a jug of tea"], "what was missed, once and in order")
        self.leave(screen)

    def lose_and_come_back(self, what, *arguments):
        path = Path(self.server.port)
        path.open()
        self.addCleanup(path.cut)
        bob = self.peer()
        screen = Tmux(" ".join([CLIENT, "--nick ann", *arguments, f"127.0.0.1:{path.port}"]))
        self.addCleanup(screen.close)
        screen.wait_for_input("#lobby>")
        bob.expect(r"^:ann!\S+ JOIN")
        bob.send(f"PRIVMSG #lobby :a {what}")
        screen.wait_for_text(f"a {what}")
        path.cut()
        screen.wait_for_text("the connection is lost")
        bob.expect(r"^:ann!\S+ QUIT")
        bob.send(f"PRIVMSG #lobby :a {what} missed", f"PRIVMSG #lobby :a {what} of tea",
                 "PING :said")
        bob.expect("PONG")
        path.open()
        screen.wait_for_text("2 messages you missed:")
        bob.send("PRIVMSG #lobby :and on")
        screen.wait_for_text("and on")
        return screen

    def test_a_script_is_not_told_what_was_said_before(self):
        bob = self.peer()
        bob.send("PRIVMSG #lobby :said before", "PING :said")
        bob.expect("PONG")
        told = {}
        for how, text in (((), "hi\n"), (("--send", "hi"), "")):
            done = subprocess.run([CLIENT, "--nick", "eve", *how, f"127.0.0.1:{self.server.port}"],
                                  input=text, capture_output=True, text=True, timeout=DEADLINE_S)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            told[how] = "said before" in done.stdout
        self.assertEqual(list(told.values()), [True, False])

    def test_what_was_said_long_ago_is_asked_for(self):
        bob = self.peer()
        bob.send(*(f"PRIVMSG #lobby :saying {i}" for i in range(150)), "PING :said")
        bob.expect("PONG")
        screen = self.screen()
        screen.wait_for_text("saying 149")
        screen.type("/history 3")
        screen.key("Enter")
        screen.wait_for_text("3 earlier messages:")
        screen.wait_for_text("bob  saying 127")
        screen.wait_for_text("bob  saying 129")
        self.leave(screen)


class WithNgircd(OnTheScreen, unittest.TestCase):
    @staticmethod
    def open_server():
        return Ngircd(is_slow=False)


def main():
    global CLIENT, DAEMON
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    CLIENT, DAEMON = (os.path.abspath(sys.argv.pop(1)) for _ in range(2))
    if shutil.which("tmux") is None:
        print("skipped: tmux is not installed")
        raise SystemExit(SKIPPED)
    if shutil.which("ngircd", path=os.environ.get("PATH", "") + ":/usr/sbin") is None:
        print("ngircd is not installed: only our own daemon is tried")
        del globals()["WithNgircd"]
    unittest.main(verbosity=2)


main()
