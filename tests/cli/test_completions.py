# SPDX-License-Identifier: Apache-2.0
"""Completion as bash, zsh and fish do it, and that it offers each option and each value that there is."""

import os
import pathlib
import pty
import re
import select
import subprocess
import time

from cli_support import PROGRAM, Case, environment, main, run

CHOICES = re.compile(r"is not one of ([^;]*?)(?:;|$)", re.MULTILINE)


def asked(*words):
    """[(word, description)] that the program offers, and whether files may stand there."""
    lines = run("complete", "--", *words).stdout.splitlines()
    return [tuple(line.split("\t", 1)) for line in lines if line != ":files"], ":files" in lines


def words_of(*words):
    return [word for word, _ in asked(*words)[0]]


def options_in_help(*command):
    names = set()
    everything = "--help-all" if command in (("capture",), ("read",)) else "--help"
    for line in re.findall(r"^ {2,6}(-\S.*?)(?:  .*)?$", run(*command, everything).stdout, re.MULTILINE):
        names |= {word.rstrip(",") for word in line.split() if word.startswith("-")}
    return names


class Engine(Case):
    def commands(self):
        return words_of("")

    def test_every_command_of_the_help_is_offered(self):
        section = run("--help").stdout.split("\nCommands:\n")[1].split("\n\n")[0]
        self.assertEqual(self.commands(), re.findall(r"^  (\S+)  ", section, re.MULTILINE))

    def test_every_option_of_every_command_is_offered_with_a_description(self):
        for command in self.commands():
            offered = asked(command, "-")[0]
            self.assertEqual({word for word, _ in offered}, options_in_help(command), command)
            self.assertEqual([word for word, text in offered if not text and word not in ("-h", "--help")], [], command)

    def test_every_choice_is_the_programs_own(self):
        for option in ("--format", "--show", "--color", "--time-zone", "--events"):
            refused = run("read", "x.pcap", option, "no-such-value").stderr
            self.assertEqual(words_of("read", option, ""), CHOICES.search(refused)[1].split(", "), option)

    def test_values_behind_an_equals_sign_and_in_lists(self):
        self.assertEqual(words_of("read", "--color=n"), ["--color=never"])
        self.assertEqual(words_of("read", "--color", "=", "n"), ["never"])
        self.assertEqual(words_of("read", "--events", "flow,st"), ["flow,stats"])

    def test_files_and_interfaces(self):
        self.assertEqual(asked("read", "-o", ""), ([], True))
        self.assertEqual(asked("read", ""), ([], True))
        self.assertIn("lo", words_of("capture", "-i", ""))
        self.assertIn("any", words_of("doctor", "-i", "a"))

    def test_a_shell_that_is_not_known_is_wrong_usage(self):
        self.assert_fails(run("completions", "tcsh"), 2, "bash|zsh|fish")


class Shells(Case):
    def setUp(self):
        super().setUp()
        (self.folder / "pktana").symlink_to(pathlib.Path(PROGRAM).resolve())
        (self.folder / "trace.pcap").write_bytes(b"")
        self.env = environment(PATH=f"{self.folder}:{os.environ['PATH']}", HOME=str(self.folder))

    def shell(self, *command):
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30, env=self.env,
                              cwd=self.folder)
        self.assertEqual(done.stderr, "")
        return done.stdout.split("\n")[:-1]

    def test_bash(self):
        def replies(*words):
            quoted = " ".join(f"'{word}'" for word in ("pktana", *words))
            return self.shell("bash", "--norc", "-c", 'eval "$(pktana completions bash)"; '
                              f"COMP_WORDS=({quoted}); COMP_CWORD={len(words)}; _pktana; "
                              'for reply in "${COMPREPLY[@]}"; do echo "$reply"; done')
        self.assertEqual(replies("rea"), ["read"])
        self.assertEqual(replies("read", "--fold"), ["--fold-scans"])
        self.assertEqual(replies("read", "--color", "a"), ["auto", "always"])
        self.assertEqual(replies("read", "--color", "=", "n"), ["never"])
        self.assertEqual(replies("capture", "-i", "l"), ["lo"])

    def test_fish(self):
        self.need("fish")

        def offered(line):
            return [reply.split("\t")[0] for reply in self.shell(
                "fish", "--no-config", "-c", f"pktana completions fish | source; complete -C '{line}'")]
        self.assertEqual(offered("pktana rea"), ["read"])
        self.assertEqual(offered("pktana read --fold"), ["--fold-scans"])
        self.assertEqual(sorted(offered("pktana read --color a")), ["always", "auto"])
        self.assertEqual(offered("pktana read tra"), ["trace.pcap"])

    def test_zsh(self):
        self.need("zsh")
        master, slave = pty.openpty()
        zsh = subprocess.Popen(["zsh", "-f", "-i"], stdin=slave, stdout=slave, stderr=slave, env=self.env,
                               cwd=self.folder, start_new_session=True)
        os.close(slave)
        self.addCleanup(os.close, master)
        self.addCleanup(zsh.wait)
        self.addCleanup(zsh.kill)

        def typed(text, until):
            os.write(master, text.encode())
            shown, end = "", time.monotonic() + 20
            while not re.search(until, shown) and time.monotonic() < end:
                if select.select([master], [], [], 0.2)[0]:
                    shown += re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", os.read(master, 65536).decode(errors="replace"))
            self.assertRegex(shown, until)

        typed("PS1='> '; unsetopt zle_bracketed_paste; autoload -U compinit; compinit -u -D; "
              "source <(pktana completions zsh); echo READ''Y\n", r"READY\r\n")
        # Ctrl-A and "echo": the shell itself says what the line has become.
        for line, becomes in (("pktana rea", "pktana read"), ("pktana read --fold", "pktana read --fold-scans"),
                              ("pktana read --color ne", "pktana read --color never"),
                              ("pktana read tra", "pktana read trace.pcap")):
            typed(line + "\t", re.escape(becomes.split()[-1]))
            typed("\x01echo \x05\n", rf"\r\n{re.escape(becomes)} *\r")


if __name__ == "__main__":
    main()
