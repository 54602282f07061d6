#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The real client against a real server (ngircd), through pipes and through a terminal.

Usage: client.py PATH-OF-PARTYLINE [unittest arguments]
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from client_rig import (  # noqa: E402
    DEADLINE_S, FakeServer, Ngircd, Terminal, WithServer, free_port)

CLIENT = None


def run(*arguments, text="", environment=None):
    settings = {**os.environ, "TERM": "xterm", **(environment or {})}
    return subprocess.run([CLIENT, *arguments], input=text.encode(), capture_output=True,
                          timeout=90, env=settings)


class WithNgircd(WithServer, unittest.TestCase):
    is_slow = False

    @classmethod
    def open_server(cls):
        return Ngircd(cls.is_slow)

    def terminal(self, *arguments, **environment):
        terminal = Terminal([CLIENT, "--line", "--nick", "ann", *arguments, self.address],
                            **environment)
        self.addCleanup(terminal.close)
        return terminal


class FromAPipe(WithNgircd):
    def test_a_piped_message_is_heard_and_the_exit_code_is_0(self):
        bob = self.peer()
        done = run("--nick", "ann", self.address, text="hi\n")
        bob.expect(r"^:ann!\S+ PRIVMSG #lobby :hi$")
        bob.expect(r"^:ann!\S+ QUIT")
        self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_texts_on_the_command_line_are_sent_and_the_input_is_left_alone(self):
        bob = self.peer()
        done = run("--nick", "ann", "--send", "one", "-s", "/two\nthree", self.address, text="no\n")
        bob.expect(r"PRIVMSG #lobby :one$")
        bob.expect(r"PRIVMSG #lobby :/two$")
        bob.expect(r"PRIVMSG #lobby :three$")
        bob.expect(r"^:ann!\S+ QUIT")
        self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_a_text_for_a_room_that_refuses_us_is_told_by_the_exit_code(self):
        bob = self.peer()
        bob.send("JOIN #closed", "MODE #closed +i")
        bob.expect(r"MODE #closed \+i")
        done = run("--nick", "ann", "--join", "#closed", "--send", "hi", self.address)
        self.assertEqual(done.returncode, 3)

    def test_events_are_json_for_programs(self):
        bob = self.peer()
        client = subprocess.Popen([CLIENT, "--nick", "ann", "--json", self.address],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        bob.expect(r"^:ann!\S+ JOIN")
        bob.send('PRIVMSG #lobby :a "quote" \x02bold\x02 \\', "PRIVMSG ann :done")
        events = []
        while not events or events[-1].get("text") != "done":
            events.append(json.loads(client.stdout.readline()))
        client.communicate(timeout=DEADLINE_S)
        said = events[-2]
        self.assertEqual((said["kind"], said["room"], said["who"], said["text"]),
                         ("message", "#lobby", "bob", 'a "quote" bold \\'))
        self.assertEqual(client.returncode, 0)

    def test_the_last_line_needs_no_newline(self):
        bob = self.peer()
        self.assertEqual(run("--nick", "ann", self.address, text="one\ntwo").returncode, 0)
        bob.expect(r"PRIVMSG #lobby :one$")
        bob.expect(r"PRIVMSG #lobby :two$")

    def test_a_long_line_arrives_whole_in_several_messages(self):
        bob = self.peer()
        sent = " ".join(["äö€"] * 300)
        self.assertEqual(run("--nick", "ann", self.address, text=sent + "\n").returncode, 0)
        heard = []
        while len(" ".join(heard)) < len(sent):
            line = bob.expect(r"PRIVMSG #lobby :")
            self.assertLessEqual(len(line.encode()), 510)
            heard.append(line.split(" :", 1)[1])
        self.assertEqual(" ".join(heard), sent)

    def test_no_escape_sequence_is_written_to_a_pipe(self):
        bob = self.peer()
        client = subprocess.Popen([CLIENT, "--nick", "ann", self.address], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, env={**os.environ, "TERM": "xterm"})
        bob.expect(r"^:ann!\S+ JOIN")
        bob.send("PRIVMSG #lobby :\x02bold\x02 \x0304,12red\x0f \x1b[2Jplain")
        bob.send("PRIVMSG ann :done")
        seen = b""
        while b"done" not in seen:
            seen += client.stdout.readline()
        rest, _ = client.communicate(timeout=DEADLINE_S)
        self.assertEqual(client.returncode, 0)
        self.assertNotIn(b"\x1b", seen + rest)
        self.assertIn(b"<bob> bold red [2Jplain\n", seen)

    def test_colour_can_be_asked_for(self):
        done = run("--nick", "ann", "--color=always", self.address, text="hi\n")
        self.assertIn(b"\x1b[", done.stdout)

    def test_a_taken_nick_gets_an_underscore_and_that_is_said(self):
        bob = self.peer()
        done = run("--nick", "bob", self.address, text="hi\n")
        bob.expect(r"^:bob_!\S+ PRIVMSG #lobby :hi$")
        self.assertIn(b"the nickname bob is taken, trying bob_", done.stdout)
        self.assertEqual(done.returncode, 0)

    def test_a_nick_too_long_for_the_server_is_cut(self):
        bob = self.peer()
        done = run("--nick", "annabellalee", self.address, text="hi\n")
        bob.expect(r"^:annabella!\S+ PRIVMSG #lobby :hi$")
        self.assertEqual(done.returncode, 0)

    def test_an_unknown_command_in_the_input_is_told_by_exit_code_4(self):
        done = run("--nick", "ann", self.address, text="/no/such/file\nhi\n")
        self.assertEqual(done.returncode, 4)
        self.assertIn(b"there is no command /no/such/file", done.stdout)

    def test_closed_standard_files_do_no_harm(self):
        bob = self.peer()
        subprocess.run(["sh", "-c", '"$0" --nick ann "$1" <&- >&- 2>&-', CLIENT, self.address],
                       timeout=90, check=False)
        bob.expect(r"^:ann!\S+ JOIN")
        bob.expect(r"^:ann!\S+ QUIT")

    def test_output_that_cannot_be_written_loses_no_message(self):
        bob = self.peer()
        with open("/dev/full", "w") as full:
            done = subprocess.run([CLIENT, "--nick", "ann", self.address], input=b"hi\n",
                                  stdout=full, stderr=subprocess.PIPE, timeout=90)
        bob.expect(r"^:ann!\S+ PRIVMSG #lobby :hi$")
        self.assertEqual(done.returncode, 74)


class FromAPipeToASlowServer(WithNgircd):
    is_slow = True

    def test_more_lines_than_a_window_arrive_in_order(self):
        bob = self.peer()
        text = "".join(f"line {i}\n" for i in range(20))
        self.assertEqual(run("--nick", "ann", self.address, text=text).returncode, 0)
        for i in range(20):
            bob.expect(rf"PRIVMSG #lobby :line {i}$")


class InATerminal(WithNgircd):
    def test_what_is_typed_half_way_stays_intact_when_a_message_arrives(self):
        bob = self.peer()
        terminal = self.terminal()
        terminal.wait_for_input_line("#lobby> |")
        terminal.type("hello wörld\x1b[D\x1b[D")
        terminal.wait_for_input_line("#lobby> hello wör|ld")
        bob.send("PRIVMSG #lobby :I interrupt")
        terminal.wait_for_row(r"^\d\d:\d\d <bob> I interrupt$")
        terminal.wait_for_input_line("#lobby> hello wör|ld")
        terminal.type("\x05!\r")
        bob.expect(r"^:ann!\S+ PRIVMSG #lobby :hello wörld!$")
        terminal.wait_for_row(r"^\d\d:\d\d <ann> hello wörld!$")
        terminal.wait_for_input_line("#lobby> |")
        terminal.type("\x04")
        self.assertEqual(terminal.end(), 0)
        self.assertTrue(terminal.settings_are_restored())
        bob.expect(r"^:ann!\S+ QUIT")

    def test_commands_work_and_mistakes_are_answered(self):
        bob = self.peer()
        terminal = self.terminal()
        terminal.wait_for_input_line("#lobby> |")
        terminal.type("/me waves\r//literal\r/msg bob psst\r/topic tea\r/bogus\r")
        bob.expect(r"PRIVMSG #lobby :\x01ACTION waves\x01$")
        bob.expect(r"PRIVMSG #lobby :/literal$")
        bob.expect(r"PRIVMSG bob :psst$")
        terminal.wait_for_row(r"\* ann waves$")
        terminal.wait_for_row(r"\[ann -> bob\] psst$")
        terminal.wait_for_row(r"! there is no command /bogus; /help lists them all$")
        terminal.type("/join other\r")
        terminal.wait_for_input_line("#other> |")
        terminal.type("/quit bye now\r")
        bob.expect(r"^:ann!\S+ QUIT .*bye now")
        self.assertEqual(terminal.end(), 0)

    def test_what_is_said_is_kept_in_files(self):
        bob = self.peer()
        with tempfile.TemporaryDirectory() as folder:
            terminal = self.terminal("--log", XDG_STATE_HOME=folder)
            terminal.wait_for_input_line("#lobby> |")
            bob.send("PRIVMSG #lobby :hi", "PRIVMSG Ann :psst")
            terminal.wait_for_row("psst")
            terminal.type("/msg bob hello\r/quit\r")
            self.assertEqual(terminal.end(), 0)
            kept = {}
            for name in ("#lobby", "bob"):
                path = os.path.join(folder, "partyline", "logs", self.address, f"{name}.log")
                with open(path) as f:
                    kept[name] = [line[20:] for line in f]
            self.assertEqual(kept, {"#lobby": ["<bob> hi\n"],
                                    "bob": ["<bob> psst\n", "<ann> hello\n"]})

    def test_a_log_that_cannot_be_written_is_told_and_ends_nothing(self):
        bob = self.peer()
        terminal = self.terminal("--log", XDG_STATE_HOME="/dev/null")
        terminal.wait_for_input_line("#lobby> |")
        bob.send("PRIVMSG #lobby :one", "PRIVMSG #lobby :two")
        terminal.wait_for_row("<bob> two")
        told = [row for row in terminal.screen.rows if "cannot write the log /dev/null/" in row]
        self.assertEqual(len(told), 1)
        terminal.type("\x04")
        self.assertEqual(terminal.end(), 0)

    def test_settings_of_line_mode_are_set_while_it_runs(self):
        bob = self.peer()
        with tempfile.TemporaryDirectory() as folder:
            terminal = self.terminal(XDG_STATE_HOME=folder)
            terminal.wait_for_input_line("#lobby> |")
            terminal.type("/set log on\r/set comings off\r/set bell off\r")
            terminal.wait_for_row("bell is for the full screen")
            carl = self.peer("carl")
            carl.send("QUIT")
            bob.expect(r"^:carl!\S+ QUIT")
            bob.send("PRIVMSG #lobby :kept")
            terminal.wait_for_row("<bob> kept")
            self.assertNotIn("carl", terminal.raw)
            terminal.type("/quit\r")
            self.assertEqual(terminal.end(), 0)
            logs = [os.path.join(at, name) for at, _, names in os.walk(folder) for name in names]
            self.assertEqual([os.path.basename(path) for path in logs], ["#lobby.log"])
            with open(logs[0]) as f:
                self.assertIn("<bob> kept", f.read())

    def test_control_c_leaves_like_control_d(self):
        terminal = self.terminal()
        terminal.wait_for_input_line("#lobby> |")
        terminal.type("half a li\x03")
        self.assertEqual(terminal.end(), 0)
        self.assertTrue(terminal.settings_are_restored())

    def test_a_signal_ends_it_with_the_terminal_restored(self):
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            terminal = self.terminal()
            terminal.wait_for_input_line("#lobby> |")
            self.assertFalse(terminal.settings_are_restored())
            terminal.process.send_signal(number)
            self.assertEqual(terminal.end(), 0)
            self.assertTrue(terminal.settings_are_restored())

    def test_control_z_gives_the_terminal_back_until_it_is_continued(self):
        terminal = self.terminal()
        terminal.wait_for_input_line("#lobby> |")
        terminal.type("half\x1a")
        _, status = os.waitpid(terminal.process.pid, os.WUNTRACED)
        self.assertTrue(os.WIFSTOPPED(status))
        self.assertTrue(terminal.settings_are_restored())
        terminal.process.send_signal(signal.SIGCONT)
        terminal.wait_for_input_line("#lobby> half|")
        terminal.type("\x15\x04")
        self.assertEqual(terminal.end(), 0)

    def test_control_c_leaves_a_dumb_terminal_too(self):
        terminal = self.terminal(TERM="dumb")
        terminal.wait_for_row(r"in #lobby: ")
        terminal.type("\x03")
        self.assertEqual(terminal.end(), 0)

    def test_a_terminal_that_goes_away_ends_it_with_a_goodbye(self):
        bob = self.peer()
        terminal = self.terminal()
        terminal.wait_for_input_line("#lobby> |")
        os.close(terminal.slave)
        os.close(terminal.master)
        bob.expect(r"^:ann!\S+ QUIT")
        self.assertEqual(terminal.end(), 74)
        terminal.master = os.open("/dev/null", os.O_RDWR)
        terminal.slave = os.open("/dev/null", os.O_RDWR)

    def test_a_dumb_terminal_gets_no_escape_sequence(self):
        for arguments, environment in (((), {"TERM": "dumb"}), (("--plain",), {})):
            terminal = self.terminal(*arguments, **environment)
            terminal.wait_for_row(r"in #lobby: ")
            self.assertTrue(terminal.settings_are_restored())
            terminal.type("hi\n\x04")
            self.assertEqual(terminal.end(), 0)
            self.assertNotIn("\x1b", terminal.raw)

    def test_nicks_have_colour_unless_NO_COLOR_is_set(self):
        terminal = self.terminal(NO_COLOR="")
        terminal.wait_for_input_line("#lobby> |")
        self.assertRegex(terminal.raw, r"\x1b\[\d\dmann\x1b\[0m has joined")
        terminal = self.terminal()
        terminal.wait_for_input_line("#lobby> |")
        self.assertNotRegex(terminal.raw, r"\x1b\[[0-9;]*m")

    def test_typing_begins_before_the_server_has_answered(self):
        bob = self.peer()
        terminal = self.terminal()
        terminal.type("early bird\r")
        bob.expect(r"^:ann!\S+ PRIVMSG #lobby :early bird$")
        terminal.type("\x04")
        self.assertEqual(terminal.end(), 0)


class AtTheFirstStart(WithNgircd):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = folder.name
        self.path = os.path.join(self.home, "partyline", "partyline.conf")

    def start(self, *arguments):
        terminal = Terminal([CLIENT, *arguments], XDG_CONFIG_HOME=self.home, USER="ann")
        self.addCleanup(terminal.close)
        return terminal

    def test_two_questions_are_asked_once(self):
        terminal = self.start("--line")
        terminal.wait_for_input_line("nickname [ann]: |")
        terminal.type("a b\r")
        terminal.wait_for_row("this cannot be a nickname")
        terminal.wait_for_input_line("nickname [ann]: |")
        terminal.type("dora\r")
        terminal.wait_for_input_line("server [localhost]: |")
        terminal.type(f"{self.address}\r")
        terminal.wait_for_input_line("#lobby> |")
        terminal.wait_for_row("dora has joined")
        self.assertFalse(os.path.exists(self.path))
        terminal.type("/quit\r")
        self.assertEqual(terminal.end(), 0)
        with open(self.path) as f:
            self.assertEqual(f.read().split("\n")[1:],
                             ['nick = "dora";', f'server = "{self.address}";', ""])
        terminal = self.start("--line")
        terminal.wait_for_input_line("#lobby> |")
        terminal.wait_for_row("dora has joined")
        self.assertNotIn("first start", terminal.raw)

    def test_answers_that_lead_nowhere_are_not_kept(self):
        terminal = self.start()
        terminal.wait_for_input_line("nickname [ann]: |")
        terminal.type("\r")
        terminal.wait_for_input_line("server [localhost]: |")
        terminal.type(f"127.0.0.1:{free_port()}\r")
        self.assertEqual(terminal.end(), 2)
        self.assertFalse(os.path.exists(self.path))

    def test_leaving_is_an_answer_too(self):
        for key, code in (("\x04", 0), ("\x03", -signal.SIGINT)):
            terminal = self.start(self.address)
            terminal.wait_for_input_line("nickname [ann]: |")
            terminal.type(key)
            self.assertEqual(terminal.end(), code)
            self.assertTrue(terminal.settings_are_restored())
            self.assertFalse(os.path.exists(self.path))

    def test_nobody_is_asked_who_reads_no_questions(self):
        for arguments in (("--plain",), ("--json",), ("--send", "hi")):
            terminal = self.start(*arguments, self.address)
            terminal.wait_for(lambda: "ann" in terminal.raw, "the chat")
            terminal.type("\x04")
            self.assertEqual(terminal.end(), 0)
            self.assertNotIn("first start", terminal.raw)
            self.assertFalse(os.path.exists(self.path))


class WithoutServer(unittest.TestCase):
    def check_failure(self, target, *words):
        done = run("--timeout", "1", target, text="hi\n")
        self.assertEqual(done.returncode, 2)
        for word in words:
            self.assertIn(word, done.stderr.decode())

    def test_a_refused_connection_is_told_with_its_address(self):
        port = free_port()
        self.check_failure(f"127.0.0.1:{port}", f"127.0.0.1:{port}: refused")

    def test_a_full_listen_queue_is_told_as_a_time_out(self):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen(0)
            port = listener.getsockname()[1]
            waiting = [socket.socket() for _ in range(4)]
            for s in waiting:
                s.setblocking(False)
                s.connect_ex(("127.0.0.1", port))
            self.check_failure(f"127.0.0.1:{port}", f"127.0.0.1:{port}: timed out after 1 s",
                               "nobody accepts", "queue is full")
            for s in waiting:
                s.close()

    def test_the_full_queue_of_a_unix_socket_is_waited_for_too(self):
        with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listener:
            path = os.path.join(folder, "socket")
            listener.bind(path)
            listener.listen(0)
            waiting = [socket.socket(socket.AF_UNIX) for _ in range(3)]
            for s in waiting:
                s.setblocking(False)
                s.connect_ex(path)
            self.check_failure(f"unix:{path}", f"unix:{path}: timed out after 1 s")
            self.check_failure(f"unix:{path}-not", "refused: there is no such socket")
            for s in waiting:
                s.close()

    def check_server(self, code, words, *lines):
        server = FakeServer()
        self.addCleanup(server.close)
        client = subprocess.Popen([CLIENT, f"127.0.0.1:{server.port}"], stdin=subprocess.PIPE,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        server.serve_once(*lines)
        _, errors = client.communicate(b"hi\n", timeout=DEADLINE_S)
        self.assertEqual(client.returncode, code)
        self.assertIn(words, errors.decode())

    def test_a_ban_is_a_refusal(self):
        self.check_server(3, "refused: go away", ":irc.test 465 ann :go away")
        self.check_server(3, "refused: Closing Link: too many", "ERROR :Closing Link: too many")

    def test_a_lost_connection_is_told_by_exit_code_1(self):
        self.check_server(1, "closed the connection", ":irc.test 001 ann :welcome",
                          ":ann!a@b JOIN #lobby")

    def test_wrong_usage_and_questions_about_it(self):
        self.assertEqual(run("--nonsense").returncode, 64)
        self.assertEqual(run("localhost:99999").returncode, 64)
        self.assertEqual(run("--version").stdout[:10], b"partyline ")
        self.assertIn(b"Exit codes:", run("--help").stdout)

    def test_every_option_can_be_completed(self):
        options = set(re.findall(r"--([a-z-]+)", run("--help").stdout.decode()))
        folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../completions")
        for name in ("partyline.bash", "_partyline", "partyline.fish"):
            with open(os.path.join(folder, name)) as f:
                text = f.read()
            for option in options:
                self.assertRegex(text, rf"(--|-l ){option}(?![a-z-])", name)

    def test_a_wrong_configuration_is_told_with_its_line(self):
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(os.path.join(folder, "partyline"))
            with open(os.path.join(folder, "partyline", "partyline.conf"), "w") as f:
                f.write('nick = "ann";\nbell = "loud";\n')
            done = run("127.0.0.1:1", environment={"XDG_CONFIG_HOME": folder})
            self.assertEqual(done.returncode, 78)
            self.assertIn(b"partyline.conf:2: bell can be ", done.stderr)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    CLIENT = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
