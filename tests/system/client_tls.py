#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The real client over TLS, with certificates good and bad, and logging in (SASL PLAIN).

Usage: client_tls.py PATH-OF-PARTYLINE [unittest arguments]
"""

import base64
import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from client_rig import DEADLINE_S, Ngircd, Peer, Terminal, free_port  # noqa: E402

CLIENT = None


def run(*arguments, text="", environment=None):
    settings = {**os.environ, "TERM": "xterm", **(environment or {})}
    return subprocess.run([CLIENT, "--nick", "ann", *arguments], input=text.encode(),
                          capture_output=True, timeout=90, env=settings)


class Certificates:
    """An authority of our own, and what it has vouched for; made anew for each run."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.authority = self.path("ca.pem")
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=test authority",
                     "-keyout", self.path("ca.key"), "-out", self.authority)
        with open(self.path("ca.cnf"), "w") as f:
            f.write(f"[ca]\ndefault_ca = d\n[d]\nnew_certs_dir = {self.folder.name}\n"
                    f"database = {self.path('index')}\nserial = {self.path('serial')}\n"
                    f"default_md = sha256\npolicy = p\nunique_subject = no\n"
                    f"copy_extensions = copy\n[p]\ncommonName = supplied\n")
        open(self.path("index"), "w").close()
        with open(self.path("serial"), "w") as f:
            f.write("01\n")

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], check=True, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def make(self, name, names, *dates):
        """Paths of a certificate for `names` ("DNS:localhost") and of its key."""
        certificate, key, request = (self.path(f"{name}.{end}") for end in ("pem", "key", "csr"))
        self.openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}",
                     "-addext", f"subjectAltName={names}", "-keyout", key, "-out", request)
        self.openssl("ca", "-batch", "-notext", "-config", self.path("ca.cnf"), "-cert",
                     self.authority, "-keyfile", self.path("ca.key"), "-in", request, "-out",
                     certificate, *(dates or ("-days", "2")))
        return certificate, key

    def close(self):
        self.folder.cleanup()


class Server:
    """Says what the test wants. With a certificate and its key, over TLS."""

    def __init__(self, pair=None):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(DEADLINE_S)
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        self.context = None
        self.peer = None
        if pair:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*pair)

    def accept(self):
        self.heard = b""
        self.peer, _ = self.listener.accept()
        self.peer.settimeout(DEADLINE_S)
        if self.context:
            self.peer = self.context.wrap_socket(self.peer, server_side=True)

    def expect(self, words):
        while words not in self.heard:
            more = self.peer.recv(4096)
            if not more:
                raise AssertionError(f"never heard {words!r}, but {self.heard!r}")
            self.heard += more

    def expect_end(self):
        while self.peer.recv(4096):
            pass

    def say(self, *lines):
        self.peer.sendall("".join(line + "\r\n" for line in lines).encode())

    def welcome(self):
        self.say(":irc 001 ann :hi")
        self.expect(b"PING :")
        ping = re.findall(rb"PING :(\S+)", self.heard)[-1].decode()
        self.say(":ann!a@h JOIN #lobby", f":irc PONG irc :{ping}")

    def log_in(self, answer="903 ann :SASL authentication successful", offer="sasl=PLAIN"):
        """Returns what the client has said of itself."""
        self.expect(b"USER ")
        self.say(f":irc CAP * LS :{offer}")
        self.expect(b"CAP REQ :sasl\r\n")
        self.say(":irc CAP * ACK :sasl")
        self.expect(b"AUTHENTICATE PLAIN\r\n")
        self.say("AUTHENTICATE +")
        self.expect(b"AUTHENTICATE PLAIN\r\nAUTHENTICATE ")
        while not self.heard.endswith(b"\r\n"):
            self.heard += self.peer.recv(4096)
        said = base64.b64decode(self.heard.split(b"\r\n")[-2].split()[1])
        self.say(":irc 900 ann ann!a@h ann :You are now logged in", f":irc {answer}")
        return said.decode()

    def let_leave(self):
        self.expect(b"PING :partyline-2")
        self.say(":irc PONG irc :partyline-2")
        self.expect(b"QUIT")
        self.say("ERROR :bye")
        self.close_peer()

    def close_peer(self):
        if self.context:
            self.peer.unwrap().close()
        else:
            self.peer.close()

    def close(self):
        if self.peer:
            self.peer.close()
        self.listener.close()


class WithCertificates(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.certificates = Certificates()
        cls.addClassCleanup(cls.certificates.close)
        cls.pair = cls.certificates.make("good", "DNS:localhost,IP:127.0.0.1")

    def server(self, pair=None):
        server = Server(pair)
        self.addCleanup(server.close)
        return server

    def start(self, *arguments, **options):
        client = subprocess.Popen([CLIENT, "--nick", "ann", *arguments], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
        self.addCleanup(client.kill)
        return client

    def assert_ends(self, client, code, *words):
        _, errors = client.communicate(timeout=DEADLINE_S)
        for word in words:
            self.assertIn(word, errors.decode())
        self.assertEqual(client.returncode, code, errors)


class AtARealServer(WithCertificates):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ngircd = Ngircd(False, *cls.pair)
        cls.addClassCleanup(cls.ngircd.close)
        cls.tls = ("--tls", "--tls-ca", cls.certificates.authority)
        cls.address = f"localhost:{cls.ngircd.tls_port}"

    def peer(self):
        peer = Peer(self.ngircd.port, "bob")
        self.addCleanup(peer.close)
        return peer

    def test_a_message_arrives_and_the_exit_code_is_0(self):
        bob = self.peer()
        done = run(*self.tls, self.address, text="hi\n")
        bob.expect(r"^:ann!\S+ PRIVMSG #lobby :hi$")
        bob.expect(r"^:ann!\S+ QUIT")
        self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_much_text_arrives_whole(self):
        bob = self.peer()
        text = "".join(f"line {i} {'x' * 300}\n" for i in range(200))
        done = run(*self.tls, self.address, text=text)
        for i in range(200):
            bob.expect(rf"PRIVMSG #lobby :line {i} x{{300}}$")
        self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_much_that_is_heard_arrives_whole(self):
        bob = self.peer()
        client = self.start(*self.tls, self.address)
        bob.expect(r"^:ann!\S+ JOIN")
        bob.send(*(f"PRIVMSG #lobby :number {i} {'x' * 300}" for i in range(300)))
        for i in range(300):
            line = client.stdout.readline()
            while b"number" not in line:
                line = client.stdout.readline()
            self.assertIn(b"<bob> number %d " % i, line)
        self.assert_ends(client, 0)

    def test_the_line_at_the_bottom_works_too(self):
        bob = self.peer()
        terminal = Terminal([CLIENT, "--line", "--nick", "ann", *self.tls, self.address])
        self.addCleanup(terminal.close)
        terminal.wait_for_input_line("#lobby> |")
        terminal.wait_for_row(r"connected to \S+ over TLS")
        terminal.type("hello\r")
        bob.expect(r"PRIVMSG #lobby :hello$")
        terminal.type("\x04")
        self.assertEqual(terminal.end(), 0)

    def test_an_unknown_authority_is_told_with_what_to_do(self):
        done = run("--tls", self.address, text="hi\n")
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"nobody whom we trust vouches", done.stderr)
        self.assertIn(b"--tls-ca FILE", done.stderr)
        fingerprint = re.search(r"--tls-fingerprint (\S+)", done.stderr.decode())[1]
        done = run("--tls", "--tls-fingerprint", fingerprint, self.address, text="hi\n")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        other = ("0" if fingerprint[0] != "0" else "1") + fingerprint[1:]
        done = run("--tls", "--tls-fingerprint", other, self.address, text="hi\n")
        self.assertEqual(done.returncode, 2)
        self.assertIn(f"but {fingerprint}".encode(), done.stderr)

    def test_the_file_says_it_for_its_server_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(os.path.join(folder, "partyline"))
            with open(os.path.join(folder, "partyline", "partyline.conf"), "w") as f:
                f.write(f'server = "{self.address}";\ntls = true;\n'
                        f'tls_ca = "{self.certificates.authority}";\n')
            home = {"XDG_CONFIG_HOME": folder}
            done = run(text="hi\n", environment=home)
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            done = run(f"localhost:{self.ngircd.port}", text="hi\n", environment=home)
            self.assertEqual((done.returncode, done.stderr), (0, b""))


class WhatIsNotTrusted(WithCertificates):
    def check(self, pair, *words):
        server = self.server(pair)
        client = self.start("--tls", "--tls-ca", self.certificates.authority, server.address)
        with self.assertRaises(OSError):
            server.accept()
        self.assert_ends(client, 2, "cannot connect to 127.0.0.1:",
                         f"  {server.address}: ", *words)

    def test_one_that_has_expired(self):
        pair = self.certificates.make("old", "IP:127.0.0.1", "-startdate", "20200101000000Z",
                                      "-enddate", "20200201000000Z")
        self.check(pair, "has expired on 2020-02-01", "clock")

    def test_one_for_another_name(self):
        pair = self.certificates.make("other", "DNS:irc.example,DNS:*.irc.example")
        self.check(pair, "is for irc.example, *.irc.example, not for 127.0.0.1")

    def test_a_server_that_never_answers_the_handshake(self):
        server = self.server()
        client = self.start("--tls", "--timeout", "1", server.address)
        server.accept()
        self.assert_ends(client, 2, "timed out after 1 s, during the handshake of TLS")

    def test_a_port_without_tls(self):
        server = self.server()
        client = self.start("--tls", server.address)
        server.accept()
        server.say(":irc NOTICE * :*** Looking up your hostname")
        self.assert_ends(client, 2, "there is no TLS at this port", "6697")

    def test_authorities_that_are_not_there(self):
        server = self.server()
        client = self.start("--tls", "--tls-ca", "/nowhere", server.address)
        self.assert_ends(client, 2, "/nowhere: No such file")


class HowItEnds(WithCertificates):
    def talk(self):
        server = self.server(self.pair)
        client = self.start("--tls", "--tls-ca", self.certificates.authority, server.address)
        server.accept()
        server.expect(b"USER ")
        server.welcome()
        return server, client

    def test_a_connection_that_is_cut_off_is_lost(self):
        server, client = self.talk()
        server.peer.shutdown(socket.SHUT_RDWR)
        self.assert_ends(client, 1, "lost the connection", "cut off")

    def test_the_end_of_a_record_is_not_forgotten(self):
        server, client = self.talk()
        said = b":bob!b@h PRIVMSG #lobby :"
        server.peer.sendall(said + 400 * b"a")  # so much of the next one does not fit
        last = said + b"the last\r\n"
        filler = said + 100 * b"b" + b"\r\n"
        record = b"\r\n" + (16384 // len(filler) - 1) * filler
        server.peer.sendall(record + (16384 - len(record) - len(last) - 2) * b"c" + b"\r\n" + last)
        timer = threading.Timer(DEADLINE_S, client.kill)
        timer.start()
        for line in client.stdout:
            if line.endswith(b"<bob> the last\n"):
                break
        else:
            self.fail("the end was never shown")
        timer.cancel()

    def test_a_server_that_says_so_has_closed_it(self):
        server, client = self.talk()
        server.peer.setblocking(False)
        with self.assertRaises(ssl.SSLWantReadError):
            server.peer.unwrap()  # the client has not said so
        self.assert_ends(client, 1, "closed the connection")

    def test_we_say_so_too(self):
        server, client = self.talk()
        client.stdin.close()
        client.stdin = None
        server.let_leave()  # whose unwrap() fails unless we have said that nothing more comes
        self.assert_ends(client, 0)


class LoggingIn(WithCertificates):
    def secret(self, text="sesame", mode=0o600):
        path = os.path.join(self.certificates.folder.name, "secret")
        with open(path, "w") as f:
            f.write(text)
        os.chmod(path, mode)
        return path

    def log_in(self, *arguments, pair=None, tls=(), **options):
        """A whole conversation; returns what was said to log in."""
        server = self.server(pair)
        client = self.start("--account", "ann", *tls, *arguments, server.address, **options)
        client.stdin.close()
        client.stdin = None
        server.accept()
        said = server.log_in()
        server.expect(b"CAP END\r\n")
        server.welcome()
        server.let_leave()
        self.assert_ends(client, 0)
        return said

    def test_with_the_password_from_a_file(self):
        path = self.secret("sesame\nnot this\n")
        self.assertEqual(self.log_in("--password-file", path), "ann\0ann\0sesame")

    def test_with_the_password_from_a_command(self):
        command = "echo open sesame; echo not this; cat"  # its input is not ours
        self.assertEqual(self.log_in("--password-command", command), "ann\0ann\0open sesame")

    def test_over_tls(self):
        tls = ("--tls", "--tls-ca", self.certificates.authority)
        self.assertEqual(self.log_in("--password-file", self.secret(), pair=self.pair, tls=tls),
                         "ann\0ann\0sesame")

    def test_with_the_password_from_a_person_who_does_not_see_it(self):
        server = self.server()
        terminal = Terminal([CLIENT, "--line", "--nick", "ann", "--account", "ann",
                             server.address])
        self.addCleanup(terminal.close)
        terminal.wait_for_input_line("password of ann at 127.0.0.1: |")
        self.assertFalse(terminal.settings_are_restored())
        terminal.type("sesame\r")
        server.accept()
        self.assertEqual(server.log_in(), "ann\0ann\0sesame")
        server.welcome()
        terminal.wait_for_row("You are now logged in")
        terminal.type("\x04")
        server.let_leave()
        self.assertEqual(terminal.end(), 0)
        self.assertNotIn("sesame", terminal.raw)
        self.assertTrue(terminal.settings_are_restored())

    def test_a_person_who_has_none_gets_the_terminal_back(self):
        for key in "\x03", "\x04", "\r", "abc\x04\x03":
            terminal = Terminal([CLIENT, "--nick", "ann", "--account", "ann",
                                 f"127.0.0.1:{free_port()}"])
            self.addCleanup(terminal.close)
            terminal.wait_for_input_line("password of ann at 127.0.0.1: |")
            terminal.type(key)
            self.assertEqual(terminal.end(), 2)
            self.assertTrue(terminal.settings_are_restored())

    def check_no_password(self, words, *arguments):
        done = run("--account", "ann", *arguments, f"127.0.0.1:{free_port()}")
        self.assertEqual(done.returncode, 2)
        self.assertIn(f"no password for ann: {words}", done.stderr.decode())

    def test_passwords_that_cannot_be_got(self):
        path = self.secret(mode=0o644)
        self.check_no_password(f"{path}: others than its owner", "--password-file", path)
        self.check_no_password("/nowhere: No such file", "--password-file", "/nowhere")
        path = self.secret("\n")
        self.check_no_password(f"{path}: the password is empty", "--password-file", path)
        self.check_no_password("the command failed with exit code 3", "--password-command",
                               "echo x; exit 3")

    def refuse(self, words, **options):
        server = self.server()
        client = self.start("--account", "ann", "--password-file", self.secret(), server.address)
        server.accept()
        server.log_in(**options)
        self.assert_ends(client, 3, words)

    def test_a_wrong_password_is_a_refusal(self):
        self.refuse("refused: not logged in as ann: SASL authentication failed",
                    answer="904 ann :SASL authentication failed")
        self.refuse("refused: not logged in as ann: You must use a nick",
                    answer="902 ann :You must use a nick assigned to you")

    def check_without_sasl(self, words, *lines):
        server = self.server()
        client = self.start("--account", "ann", "--password-file", self.secret(), server.address)
        server.accept()
        server.expect(b"USER ")
        server.say(*lines)
        self.assert_ends(client, 3, words)
        server.expect_end()
        self.assertNotIn(b"AUTHENTICATE", server.heard)
        self.assertNotIn(b"JOIN", server.heard)

    def test_nobody_gets_in_without_being_logged_in(self):
        self.check_without_sasl("the server has no accounts", ":irc 001 ann :hi")
        self.check_without_sasl("the server has no accounts", ":irc CAP * LS :server-time")
        self.check_without_sasl("takes no passwords", ":irc CAP * LS :sasl=EXTERNAL,SCRAM-SHA-256")
        self.check_without_sasl("went on without it", ":irc CAP * LS :sasl", ":irc CAP * NAK :sasl",
                                ":irc 001 ann :hi")

    def test_what_does_not_fit_together_is_told(self):
        for words, arguments in (
                ("need --tls", ("--tls-ca", "x")),
                ("exclude each other", ("--account", "a", "--password-file", "x",
                                        "--password-command", "y")),
                ("needs --account", ("--password-file", "x")),
                ("no TLS at a unix socket", ("--tls", "unix:/x"))):
            done = run(*arguments)
            self.assertEqual(done.returncode, 64)
            self.assertIn(words, done.stderr.decode())

    def test_it_comes_back_over_tls_and_logs_in_again(self):
        server = self.server(self.pair)
        terminal = Terminal([CLIENT, "--nick", "ann", "--timeout", "1", "--tls", "--tls-ca",
                             self.certificates.authority, "--account", "ann", "--password-file",
                             self.secret(), server.address])
        self.addCleanup(terminal.close)
        threading.Thread(target=self.drain, args=(terminal,), daemon=True).start()
        for _ in range(3):
            server.accept()
            self.assertEqual(server.log_in(offer="sasl"), "ann\0ann\0sesame")
            server.welcome()
            server.peer.close()
        with server.listener.accept()[0] as peer:  # which never answers the handshake
            peer.settimeout(DEADLINE_S)
            while peer.recv(4096):
                pass
        server.accept()
        self.assertEqual(server.log_in(), "ann\0ann\0sesame")
        server.welcome()
        terminal.type("\x04")
        server.expect(b"PING :partyline-5")
        server.say(":irc PONG irc :partyline-5")
        server.expect(b"QUIT")
        server.say("ERROR :bye")
        server.close_peer()
        self.assertEqual(terminal.end(), 0)

    def test_being_back_is_said_when_the_handshake_is_done(self):
        server = self.server(self.pair)
        terminal = Terminal([CLIENT, "--line", "--nick", "ann", "--timeout", "1", "--tls",
                             "--tls-ca", self.certificates.authority, server.address])
        self.addCleanup(terminal.close)
        server.accept()
        server.expect(b"USER ")
        server.welcome()
        terminal.wait_for_row("ann has joined|ann, you are|you are ann")
        server.peer.close()
        with server.listener.accept()[0]:
            terminal.wait_for_row("not yet: timed out during the handshake of TLS")
            self.assertNotIn("again", terminal.raw)
            self.assertEqual(terminal.raw.count("connection is lost"), 1)
        server.accept()
        server.expect(b"USER ")
        terminal.wait_for_row(r"connected to \S+ over TLS again")
        server.welcome()
        terminal.wait_for_row("you are ann")
        terminal.type("\x03\x03")
        self.assertEqual(terminal.end(), 1)

    @staticmethod
    def drain(terminal):
        try:
            while os.read(terminal.master, 4096):
                pass
        except OSError:
            pass  # the terminal is closed


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    CLIENT = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
