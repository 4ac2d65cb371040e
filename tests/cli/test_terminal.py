# SPDX-License-Identifier: Apache-2.0
"""What depends on where the streams lead: formats, colours, progress, closed pipes, signals."""

import os
import signal
import subprocess
import time

from cli_support import PATIENCE, PROGRAM, Case, environment, main, many_flows, pcap, read_terminal, run, run_in_terminal, udp

ESCAPE = "\x1b["


class Format(Case):
    def test_a_table_on_a_terminal(self):
        _, shown, _ = run_in_terminal("read", self.file(pcap([udp(b"x")])), terminals=("stdout",))
        self.assertNotIn("event_type", shown)
        self.assertIn("10.0.0.1", shown)

    def test_eve_where_asked_for(self):
        _, shown, _ = run_in_terminal("read", self.file(pcap([udp(b"x")])), "--json", terminals=("stdout",))
        self.assertIn('"event_type":"flow"', shown)


class Color(Case):
    def shown(self, *options, **env):
        path = self.file(pcap([udp(b"x")]))
        return run_in_terminal("read", path, *options, env=environment(**env))[1]

    def test_on_a_terminal(self):
        self.assertIn(ESCAPE, self.shown())

    def test_not_if_told_so(self):
        for env in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            self.assertNotIn(ESCAPE, self.shown(**env))
        self.assertNotIn(ESCAPE, self.shown("--color", "never"))

    def test_not_into_a_pipe_unless_told_so(self):
        path = self.file(pcap([udp(b"x")]))
        self.assertNotIn(ESCAPE, run("read", path).stderr)
        self.assertIn(ESCAPE, run("read", path, "--color", "always").stderr)
        self.assertIn(ESCAPE, run("read", path, env=environment(CLICOLOR_FORCE="1")).stderr)

    def test_eve_is_never_coloured(self):
        self.assertNotIn(ESCAPE, run("read", self.file(pcap([udp(b"x")])), "--color", "always").stdout)


class ClosedPipe(Case):
    def head(self, *args):
        """Runs `pktana ... | head -1`; status and stderr of pktana."""
        process = subprocess.Popen([PROGRAM, *map(str, args)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env=environment())
        self.assertTrue(process.stdout.readline())
        process.stdout.close()
        messages = process.stderr.read().decode()
        process.stderr.close()
        return process.wait(PATIENCE), messages

    def test_it_ends_quietly(self):
        path = self.file(many_flows(200_000))
        for show in ("flows", "packets"):
            self.assertEqual(self.head("read", path, "--show", show), (0, ""))

    def test_closed_from_the_start(self):
        path = self.file(many_flows(1000))
        reader, writer = os.pipe()
        os.close(reader)
        for words in (["read", path], ["read", path, "--show", "packets"], ["--help"], ["--version"]):
            done = subprocess.run([PROGRAM, *words], stdout=writer, stderr=subprocess.PIPE, env=environment(),
                                  check=False, timeout=PATIENCE)
            self.assertEqual((done.returncode, done.stderr), (0, b""), words)
        os.close(writer)


class Progress(Case):
    def slow(self, *options, **streams):
        """A reading of standard input that takes over a second."""
        process = subprocess.Popen([PROGRAM, "read", "-", *options], stdin=subprocess.PIPE, env=environment(),
                                   **streams)
        process.stdin.write(pcap([udp(b"x")]))
        process.stdin.flush()
        time.sleep(1.6)
        process.stdin.close()
        return process

    def shown(self, *options, stdout):
        master, slave = os.openpty()
        process = self.slow(*options, stdout=slave if stdout == "terminal" else stdout, stderr=slave)
        process.wait(PATIENCE)
        os.close(slave)
        text = read_terminal(master).decode()
        os.close(master)
        return text

    def test_a_bar_after_a_second_that_is_wiped_away(self):
        text = self.shown("--show", "summary", stdout=subprocess.DEVNULL)
        self.assertIn("read  1 packets", text)
        self.assertGreater(text.rindex("\r\x1b[K"), text.index("read  1 packets"))

    def test_none_where_records_scroll_by(self):
        self.assertNotIn("read  1 packets", self.shown(stdout="terminal"))

    def test_none_if_quiet(self):
        self.assertNotIn("packets", self.shown("-q", "-o", "/dev/null", stdout=subprocess.DEVNULL))


class Signals(Case):
    def start(self):
        process = subprocess.Popen([PROGRAM, "read", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=environment())
        process.stdin.write(pcap([udp(b"x")]))
        process.stdin.flush()
        time.sleep(0.5)
        return process

    def test_the_first_ends_in_order_and_the_rest_is_missed(self):
        process = self.start()
        process.send_signal(signal.SIGINT)
        out, messages = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 1)
        self.assertIn(b'"event_type":"flow"', out)
        self.assertIn(b"stopped by a signal", messages)

    def test_the_second_ends_at_once(self):
        process = self.start()
        for _ in range(2):
            process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
        self.assertEqual(process.wait(PATIENCE), -signal.SIGTERM)
        process.communicate()


class Terminal(Case):
    def test_standard_input_on_a_terminal_is_refused(self):
        master, slave = os.openpty()
        done = subprocess.run([PROGRAM, "read", "-"], stdin=slave, capture_output=True, env=environment(),
                              check=False, timeout=PATIENCE)
        os.close(slave)
        os.close(master)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"is a terminal", done.stderr)


class ClosedStreams(Case):
    def shell(self, redirection, path):
        return subprocess.run(["sh", "-c", f'exec "$0" read "$1" {redirection}', PROGRAM, path], capture_output=True,
                              env=environment(), check=False, timeout=PATIENCE)

    def test_a_closed_stdout_is_an_error_and_harms_no_file(self):
        content = pcap([udp(b"x")] * 100)
        path = self.file(content)
        done = self.shell(">&-", path)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"Bad file descriptor", done.stderr)
        self.assertEqual(path.read_bytes(), content)

    def test_a_closed_stdin_or_stderr_does_no_harm(self):
        path = self.file(pcap([udp(b"x")]))
        for redirection in ("<&-", "2>&-"):
            done = self.shell(redirection, path)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(b'"event_type":"flow"', done.stdout)


if __name__ == "__main__":
    main()
