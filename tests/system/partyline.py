# SPDX-License-Identifier: MIT
"""What the daemon's system tests need: a network of their own, the daemon, peers, real programs.

A script's tests are functions under @test; each gets a Rig, which starts things and ends them all.
Waiting is always for something that happens, with a deadline; nothing sleeps to be safe. After each
test the daemon must stop with exit code 0, and its log must be free of what sanitizers write.

Usage of a script: SCRIPT PATH-OF-PARTYLINED [WORDS OF TEST NAMES]. Exit code 77: cannot run here.
"""

import ctypes
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import time
import traceback

HOST = "127.0.0.1"
LINE = 7001
IRC = 6001
DEADLINE_S = float(os.environ.get("DEADLINE_S", 15))  # a slow machine may be given more
SKIPPED = 77
TESTS = []
LIBC = ctypes.CDLL(None, use_errno=True)


def test(function):
    """The function's name is a sentence that could be false; its docstring names the facts."""
    TESTS.append(function)
    return function


def skip(why):
    print(f"SKIPPED: {why}")
    sys.exit(SKIPPED)


def need(*programs):
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        raise SystemExit(f"these programs are needed, and not installed: {' '.join(missing)}")


# ---- a network of our own: all ports are free, and /proc/net shows nobody else's ----

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1


def map_root(uid, gid):
    for name, text in (("setgroups", "deny"), ("uid_map", f"0 {uid} 1"), ("gid_map", f"0 {gid} 1")):
        with open(f"/proc/self/{name}", "w") as f:
            f.write(text)


def enter_network():
    uid, gid = os.getuid(), os.getgid()
    if LIBC.unshare(CLONE_NEWNET) != 0:
        if LIBC.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
            skip("a network namespace needs root, or user namespaces for everyone")
        map_root(uid, gid)
    with socket.socket() as s:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(s, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(s, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


def die_with_parent():
    LIBC.prctl(1, signal.SIGKILL)


# ---- waiting ----

def wait_for(condition, what, within=DEADLINE_S):
    """For what has no descriptor to wait on: /proc, a file."""
    end = time.monotonic() + within
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"it never came to pass: {what}")
        select.select([], [], [], 0.01)


def as_bytes(text):
    return text if isinstance(text, bytes) else text.encode()


class Stream:
    """Bytes from somewhere: all of them in `seen`, those before `at` matched already."""

    def __init__(self, name):
        self.name = name
        self.seen = b""
        self.at = 0
        self.ended = False

    def read_some(self, left_s):
        """False: nothing came in time."""
        ready, _, _ = select.select([self], [], [], max(0, left_s))
        if not ready:
            return False
        try:
            more = self.read_bytes()
        except OSError:  # a reset; a terminal without a program
            more = b""
        self.seen += more
        self.ended = not more
        return True

    def all_so_far(self):
        while not self.ended and self.read_some(0):
            pass
        return self.seen

    def match(self, pattern):
        found = re.compile(as_bytes(pattern), re.MULTILINE).search(self.seen, self.at)
        if found:
            self.at = found.end()
        return found

    def expect(self, pattern, within=DEADLINE_S):
        end = time.monotonic() + within
        while not (found := self.match(pattern)):
            if self.ended or not self.read_some(end - time.monotonic()):
                how = "ended" if self.ended else "waits"
                raise AssertionError(f"{self.name} {how} without {pattern!r}; "
                                     f"it saw {self.seen[self.at:][-1500:]!r}")
        return found

    def expect_all(self, *patterns):
        for pattern in patterns:
            self.expect(pattern)

    def rest(self, within=DEADLINE_S):
        """Everything up to the end, which must come."""
        start = self.at
        end = time.monotonic() + within
        while not self.ended:
            if not self.read_some(end - time.monotonic()):
                raise AssertionError(f"{self.name} does not end; it saw {self.seen[start:]!r}")
        self.at = len(self.seen)
        return self.seen[start:]


# ---- peers ----

class Peer(Stream):
    """A bare connection."""

    def __init__(self, address, name="peer"):
        super().__init__(name)
        family = socket.AF_UNIX if isinstance(address, str) else \
            socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.settimeout(DEADLINE_S)
        self.socket.connect(address)

    def fileno(self):
        return self.socket.fileno()

    def read_bytes(self):
        return self.socket.recv(65536)

    def send(self, text):
        self.socket.sendall(as_bytes(text))

    def say(self, *lines):
        self.send(b"".join(as_bytes(line) + b"\r\n" for line in lines))

    def finish(self):
        self.socket.shutdown(socket.SHUT_WR)

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def sync(self):
        """All that this person sent was dealt with, and all that was due to it has come."""
        self.say("/help sync-mark")
        self.expect(rb"//TEXT +say /TEXT itself\r\n")

    def close(self):
        self.socket.close()


class IrcPeer(Peer):
    def sync(self):
        self.say("PING sync-mark")
        self.expect(rb" PONG \S+ :sync-mark\r\n")


# ---- programs ----

class Program(Stream):
    """A real program: on a terminal, or between pipes (its standard error goes with the output)."""

    def __init__(self, command, on_terminal=False, environment=None):
        super().__init__(" ".join(command))
        self.on_terminal = on_terminal
        variables = {**os.environ, "TERM": "xterm", "LC_ALL": "C.UTF-8", **(environment or {})}
        if on_terminal:
            self.output, child = pty.openpty()
            self.input = self.output
            self.first_settings = self.settings()
            fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
            self.process = subprocess.Popen(command, stdin=child, stdout=child, stderr=child,
                                            env=variables, start_new_session=True,
                                            preexec_fn=lambda: self.take_terminal(child))
            os.close(child)
        else:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, env=variables,
                                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                            preexec_fn=die_with_parent)
            self.output = self.process.stdout.fileno()
            self.input = self.process.stdin.fileno()

    @staticmethod
    def take_terminal(child):
        die_with_parent()
        fcntl.ioctl(child, termios.TIOCSCTTY, 0)

    def fileno(self):
        return self.output

    def read_bytes(self):
        return os.read(self.output, 65536)

    def type(self, text):
        os.write(self.input, as_bytes(text))

    def settings(self):
        return termios.tcgetattr(self.output)

    def finish(self):
        """The end of piped input."""
        self.process.stdin.close()

    def exit_code(self, within=DEADLINE_S):
        return self.process.wait(within)

    def is_running(self):
        return self.process.poll() is None

    def close_terminal(self):
        os.close(self.output)
        self.on_terminal = False

    def close(self):
        if self.is_running():
            self.process.kill()
            self.process.wait()
        if self.on_terminal:
            self.close_terminal()
        elif self.process.stdin:
            if not self.process.stdin.closed:
                self.process.stdin.close()
            self.process.stdout.close()


# ---- the daemon ----

def config_value(value):
    if isinstance(value, list):
        return "[ " + ", ".join(config_value(item) for item in value) + " ]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def config_text(settings):
    groups = {}
    for key, value in settings.items():
        group, name = key.split(".")
        groups.setdefault(group, []).append(f"    {name} = {config_value(value)};\n")
    return "".join(f"{group}: {{\n{''.join(lines)}}};\n" for group, lines in groups.items())


class Log(Stream):
    """The daemon's standard error, which is a file."""

    def __init__(self, path):
        super().__init__("the log")
        self.file = open(path, "rb")

    def read_some(self, left_s):
        end = time.monotonic() + left_s
        while not (more := self.file.read()):
            if time.monotonic() > end:
                return False
            select.select([], [], [], 0.01)
        self.seen += more
        return True

    def text(self):
        self.seen += self.file.read()
        return self.seen.decode(errors="backslashreplace")


class Daemon:
    settings = {"listen.line": [f"{HOST}:{LINE}"], "listen.irc": [f"{HOST}:{IRC}"],
                "timeouts.stop": 2, "timeouts.linger": 10}
    environment = {"ASAN_OPTIONS": "detect_leaks=1:quarantine_size_mb=8",
                   "UBSAN_OPTIONS": "print_stacktrace=1"}

    def __init__(self, program, folder, settings):
        self.program = program
        self.config = os.path.join(folder, "partylined.conf")
        self.settings = {**Daemon.settings, **settings}
        self.write_config()
        path = tempfile.mkstemp(prefix="log", dir=folder)[1]
        with open(path, "wb") as error:
            self.process = subprocess.Popen([program, "--config", self.config], stderr=error,
                                            env={**os.environ, **Daemon.environment},
                                            stdin=subprocess.DEVNULL, preexec_fn=die_with_parent)
        self.pid = self.process.pid
        self.log = Log(path)
        try:
            self.log.expect("notice: partylined .* is ready\n")
        except AssertionError:
            self.kill()
            raise

    def write_config(self, **changes):
        """The new settings count after reload(); dots in names are written as '__'."""
        for name, value in changes.items():
            self.settings[name.replace("__", ".")] = value
        with open(self.config, "w") as f:
            f.write(config_text(self.settings))

    def signal(self, number):
        os.kill(self.pid, number)

    def pause(self):
        self.signal(signal.SIGSTOP)
        wait_for(lambda: self.status("State").startswith("T"), "the daemon is stopped")

    def go_on(self):
        self.signal(signal.SIGCONT)

    def reload(self):
        self.signal(signal.SIGHUP)

    def status(self, name):
        with open(f"/proc/{self.pid}/status") as f:
            return next(line.split(":", 1)[1].strip() for line in f if line.startswith(name + ":"))

    def memory_kb(self):
        return int(self.status("VmRSS").split()[0])

    def cpu_s(self):
        with open(f"/proc/{self.pid}/stat") as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def must_be_at_rest(self):
        """Not synchronisation: half a second is what is measured."""
        before = self.cpu_s()
        select.select([], [], [], 0.5)
        used = self.cpu_s() - before
        assert used < 0.1, f"with nothing to do, it worked for {used:.2f} of 0.5 s"

    def must_have_no_complaints(self):
        bad = [line for line in self.log.text().splitlines() if re.match("(warning|error):", line)]
        assert not bad, f"the log complains: {bad[:5]}"

    def stop(self):
        if self.process.poll() is None:
            self.go_on()
            self.process.terminate()
        code = self.process.wait(DEADLINE_S)
        text = self.log.text()
        assert code == 0, f"the daemon's exit code is {code}; its log ends: {text[-3000:]}"
        assert not re.search("Sanitizer|runtime error:|Assertion", text), text[-5000:]

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


# ---- the rig ----

class Rig:
    def __init__(self, program):
        self.program = program
        self.folder = tempfile.TemporaryDirectory()
        self.things = []
        self.running = None

    def daemon(self, settings=None):
        """Another one takes the place of the first, which has ended."""
        if self.running:
            self.running.stop()
            self.running.log.file.close()
            self.running = None
        self.running = Daemon(self.program, self.folder.name, settings or {})
        return self.running

    def keep(self, thing):
        self.things.append(thing)
        return thing

    def connect(self, address=(HOST, LINE), name="peer"):
        return self.keep(Peer(address, name))

    def person(self, name, address=(HOST, LINE)):
        """Somebody in the lobby, by the line."""
        peer = self.connect(address, name)
        peer.expect(r"-- (nobody else is in|in) #lobby")
        peer.say(f"/nick {name}")
        peer.expect(f"-- you are now known as {name}\r\n")
        return peer

    def irc_person(self, name, address=(HOST, IRC)):
        peer = self.keep(IrcPeer(address, name))
        peer.say(f"NICK {name}", f"USER {name} 0 * :{name}", "JOIN #lobby")
        peer.expect(rb" 366 \S+ #lobby ")
        return peer

    def pipe(self, command, text=None, environment=None):
        """With text: that is all it gets."""
        program = self.keep(Program(command, environment=environment))
        if text is not None:
            program.type(text)
            program.finish()
        return program

    def terminal(self, command, environment=None):
        return self.keep(Program(command, on_terminal=True, environment=environment))

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def end(self, failed):
        for thing in reversed(self.things):
            thing.close()
        if self.running:
            try:
                if not failed:
                    self.running.stop()
            finally:
                self.running.kill()
                self.running.log.file.close()
        self.folder.cleanup()


def run_one(function, program):
    rig = Rig(program)
    failed = True
    start = time.monotonic()
    try:
        function(rig)
        failed = False
    except (Exception, SystemExit):
        traceback.print_exc()
        if rig.running:
            print("the daemon's log ends:", rig.running.log.text()[-3000:], sep="\n")
    try:
        rig.end(failed)
    except Exception:
        traceback.print_exc()
        failed = True
    took = time.monotonic() - start
    print(f"{'FAILED' if failed else 'ok'}  {function.__name__} ({took:.1f} s)", flush=True)
    return failed


def main():
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    sys.stderr = sys.stdout
    program, words = os.path.abspath(sys.argv[1]), sys.argv[2:]
    chosen = [t for t in TESTS if not words or any(word in t.__name__ for word in words)]
    enter_network()
    failed = [t.__name__ for t in chosen if run_one(t, program)]
    print(f"{len(chosen) - len(failed)} of {len(chosen)} passed")
    sys.exit(1 if failed or not chosen else 0)
