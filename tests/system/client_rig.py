# SPDX-License-Identifier: MIT
"""What the client's system tests need: an IRC server, a person at it, a terminal, a screen.

Waiting is always for something that happens, with a deadline; nothing here sleeps to be safe.
"""

import os
import pty
import re
import select
import shutil
import socket
import subprocess
import tempfile
import termios
import time

DEADLINE_S = 20
os.environ["XDG_CONFIG_HOME"] = "/nonexistent"  # whose tests these are is of no matter


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Ngircd:
    """Debian's ngircd: an IRC server that is not ours. It slows down whoever says much. With the
    paths of a certificate and its key it has a port with TLS as well."""

    def __init__(self, is_slow, certificate=None, key=None):
        program = shutil.which("ngircd", path=os.environ.get("PATH", "") + ":/usr/sbin")
        if program is None:
            raise SystemExit("this test needs ngircd (apt-get install ngircd)")
        self.port = free_port()
        self.tls_port = free_port() if certificate else None
        self.folder = tempfile.TemporaryDirectory()
        path = os.path.join(self.folder.name, "ngircd.conf")
        with open(path, "w") as f:
            f.write(f"[Global]\nName = irc.test\nInfo = test\nListen = 127.0.0.1\n"
                    f"Ports = {self.port}\nMotdPhrase = welcome\n"
                    f"[Limits]\nMaxConnectionsIP = 0\nMaxPenaltyTime = {-1 if is_slow else 0}\n"
                    f"[Options]\nIdent = no\nDNS = no\nPAM = no\n")
            if certificate:
                f.write(f"[SSL]\nCertFile = {certificate}\nKeyFile = {key}\n"
                        f"Ports = {self.tls_port}\n")
        self.process = subprocess.Popen([program, "-n", "-f", path], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + DEADLINE_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if time.monotonic() > end or self.process.poll() is not None:
                    raise SystemExit("ngircd does not start")
                select.select([], [], [], 0.02)

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()


class Peer:
    """A person on the server, speaking bare IRC."""

    def __init__(self, port, nick):
        self.socket = socket.create_connection(("127.0.0.1", port), DEADLINE_S)
        self.nick = nick
        self.buffer = b""
        self.send(f"NICK {nick}", f"USER {nick} 0 * :{nick}", "JOIN #lobby")
        self.expect(r" 366 ")

    def send(self, *lines):
        self.socket.sendall("".join(line + "\r\n" for line in lines).encode())

    def line(self):
        end = time.monotonic() + DEADLINE_S
        while b"\n" not in self.buffer:
            self.socket.settimeout(max(0.01, end - time.monotonic()))
            more = self.socket.recv(4096)
            if not more:
                raise AssertionError("the server has closed the connection")
            self.buffer += more
        line, self.buffer = self.buffer.split(b"\n", 1)
        text = line.rstrip(b"\r").decode()
        if text.startswith("PING"):
            self.send("PONG" + text[4:])
        return text

    def expect(self, pattern):
        while True:
            line = self.line()
            if re.search(pattern, line):
                return line

    def close(self):
        self.socket.close()


class WithServer:
    """Of a unittest.TestCase: a server for all its tests, from open_server(), and people on it."""

    @classmethod
    def setUpClass(cls):
        cls.server = cls.open_server()
        cls.address = f"127.0.0.1:{cls.server.port}"

    @classmethod
    def tearDownClass(cls):
        cls.server.close()

    def peer(self, nick="bob"):
        peer = Peer(self.server.port, nick)
        self.addCleanup(peer.close)
        return peer


class Screen:
    """As much of a terminal as the client may use: CR, LF, backspace, erase to the right, right."""

    def __init__(self):
        self.rows = [""]
        self.column = 0

    def put(self, text):
        for token in re.findall(r"\x1b\[[0-9;]*[A-Za-z]|.|\n|\r", text, re.S):
            self.token(token)

    def token(self, token):
        if token == "\r":
            self.column = 0
        elif token == "\n":
            self.rows.append("")
        elif token.startswith("\x1b["):
            self.escape(token)
        else:
            row = self.rows[-1].ljust(self.column)
            self.rows[-1] = row[:self.column] + token + row[self.column + 1:]
            self.column += 1

    def escape(self, token):
        number = token[2:-1]
        if token[-1] == "K":
            self.rows[-1] = self.rows[-1][:self.column]
        elif token[-1] == "C":
            self.column += int(number or 1)
        elif token[-1] != "m":
            raise AssertionError(f"the client used {token!r}")

    def with_cursor(self):
        """The last row, with the cursor in it: 'fo|o'."""
        row = self.rows[-1].ljust(self.column)
        return row[:self.column] + "|" + row[self.column:]


class Terminal:
    """The client in a pseudo-terminal."""

    def __init__(self, command, **environment):
        self.master, slave = pty.openpty()
        self.before = termios.tcgetattr(slave)
        self.slave = slave
        self.screen = Screen()
        self.raw = ""
        settings = {**os.environ, "TERM": "xterm", "NO_COLOR": "1", **environment}
        self.process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave,
                                        env=settings, preexec_fn=self.take_terminal)

    def take_terminal(self):
        os.setsid()
        import fcntl
        fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)

    def type(self, text):
        os.write(self.master, text.encode())

    def wait_for(self, condition, what):
        end = time.monotonic() + DEADLINE_S
        while not condition():
            ready, _, _ = select.select([self.master], [], [], max(0, end - time.monotonic()))
            if not ready:
                raise AssertionError(f"never saw {what}; the screen: {self.screen.rows}, "
                                     f"{self.screen.with_cursor()!r}")
            text = os.read(self.master, 4096).decode()
            self.raw += text
            self.screen.put(text)

    def wait_for_row(self, pattern):
        self.wait_for(lambda: any(re.search(pattern, row) for row in self.screen.rows[:-1]),
                      pattern)

    def wait_for_input_line(self, line):
        self.wait_for(lambda: self.screen.with_cursor() == line, line)

    def settings_are_restored(self):
        return termios.tcgetattr(self.slave) == self.before

    def end(self):
        """Waits for the client to end; returns its exit code."""
        code = self.process.wait(DEADLINE_S)
        return code

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)
        os.close(self.slave)


class FakeServer:
    """A listener that says what it is told to and looks at nothing."""

    def __init__(self):
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen(5)
        self.port = self.socket.getsockname()[1]

    def serve_once(self, *lines):
        self.socket.settimeout(DEADLINE_S)
        peer, _ = self.socket.accept()
        with peer:
            peer.settimeout(DEADLINE_S)
            while b"USER" not in peer.recv(4096):
                pass
            peer.sendall("".join(line + "\r\n" for line in lines).encode())
            peer.shutdown(socket.SHUT_WR)
            while peer.recv(4096):
                pass

    def close(self):
        self.socket.close()
