# SPDX-License-Identifier: Apache-2.0
"""docs/tutorial.md, command by command: each prints what the tutorial shows. And every flow expression that any document
or the help shows is one.

Usage: test_tutorial.py PKTANA [--update]     --update writes what the commands print into the tutorial
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

SKIPPED = 77
PROGRAM = pathlib.Path(sys.argv[1]).resolve()
ROOT = pathlib.Path(__file__).resolve().parents[2]
TUTORIAL = ROOT / "docs" / "tutorial.md"
INSIDE = "PKTANA_TUTORIAL_NETNS"
ENTER = "mkdir -p /run/netns && mount -t tmpfs none /run/netns && ip link set lo up && exec \"$@\""
DONE = "__done__"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# What differs from run to run, of what is printed and of what is shown.
VARYING = [(r"\b\d{12,16}\b", "ID"), (r"\btook \S+", "took T"), (r"\b\d\d:\d\d:\d\d\.\d{6}\b(?=.*pk0)", "TIME"),
           (r"whole: \d+ records? in (.*), \S+", r"whole: N records in \1"), (r"(?m)[ \t]+$", "")]
WRONG = ("byte > 1KB",)  # the tutorial shows what comes of it
WHERE = re.compile(r"""--where (?:'([^']+)'|"((?:[^"\\]|\\.)+)")""")


def enter_namespace():
    if INSIDE in os.environ:
        return
    namespace = ["unshare", "--net", "--mount"]
    if os.geteuid() != 0 or subprocess.run([*namespace, "true"], capture_output=True, check=False).returncode:
        print("SKIP: no right to make a network namespace")
        sys.exit(1 if os.environ.get("CI") else SKIPPED)
    command = [*namespace, "sh", "-c", ENTER, "sh", sys.executable, __file__, *sys.argv[1:]]
    sys.exit(subprocess.run(command, env=os.environ | {INSIDE: "1"}, check=False).returncode)


class Shell:
    """One bash for the whole tutorial, as a reader has one terminal."""

    def __init__(self, folder):
        env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "CLICOLOR_FORCE", "CI")}
        env |= {"PATH": f"{folder}/bin:{env['PATH']}", "TREE": str(ROOT), "LC_ALL": "C.UTF-8"}
        (folder / "bin").mkdir()
        (folder / "bin" / "pktana").symlink_to(PROGRAM)
        (folder / "work").mkdir()
        self.bash = subprocess.Popen(["bash", "--norc"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                     stderr=subprocess.STDOUT, cwd=folder / "work", env=env, text=True)

    def run(self, command):
        self.bash.stdin.write(f"{command}\necho {DONE}\n")
        self.bash.stdin.flush()
        lines = []
        while True:
            line = self.bash.stdout.readline()
            if not line or line == DONE + "\n":
                return "".join(lines)
            lines.append(line)


def steps_of(block):
    """[(command, what is shown)]; a line that begins with "> " goes on with the command."""
    steps = []
    for line in block.splitlines(keepends=True):
        if line.startswith("$ "):
            steps.append([line[2:], ""])
        elif line.startswith("> ") and not steps[-1][1]:
            steps[-1][0] += line[2:]
        else:
            steps[-1][1] += line
    return steps


def normal(text):
    for pattern, stand_in in VARYING:
        text = re.sub(pattern, stand_in, text)
    return text


def agrees(shown, printed):
    """A line of three dots stands for any lines."""
    pattern = re.escape(normal(shown)).replace(re.escape("...\n"), r"(?:.*\n)*")
    return re.fullmatch(pattern, normal(printed)) is not None


def as_typed(command, printed):
    return "$ " + command.rstrip("\n").replace("\n", "\n> ") + "\n" + printed


def follow_tutorial(update):
    text = TUTORIAL.read_text(encoding="utf-8")
    faults, count = [], 0
    with tempfile.TemporaryDirectory(prefix="pktana_tutorial_") as folder:
        shell = Shell(pathlib.Path(folder))
        for block in BLOCK.findall(text):
            now = ""
            for command, shown in steps_of(block):
                printed = shell.run(command)
                count += 1
                keeps = agrees(shown, printed)
                now += as_typed(command, shown if keeps else printed)
                if not keeps:
                    faults.append(f"$ {command}shown:\n{shown}printed:\n{printed}")
            text = text.replace(block, now)
        shell.bash.stdin.close()
        shell.bash.wait(30)
    if update:
        TUTORIAL.write_text(text, encoding="utf-8")
    print(f"{count} commands of the tutorial were run")
    return faults if count else ["no command found"]


def check_expressions():
    """Those of documents and help texts: each compiles, for records or at least for logs."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]}
    for command in ("read", "query", "capture", "ctl", "pktana"):
        words = [] if command == "pktana" else [command]
        texts[f"{command} --help"] = subprocess.run([PROGRAM, *words, "--help"], capture_output=True, text=True,
                                                    check=True).stdout
    faults, seen = [], set()
    for name, text in texts.items():
        for one, other in WHERE.findall(text):
            expression = one or other.replace("\\", "")
            if expression in seen or "@" in expression or expression in ("EXPR", *WRONG):
                continue
            seen.add(expression)
            done = subprocess.run([PROGRAM, "query", "-", "--where", expression], input="", capture_output=True, text=True,
                                  check=False)
            if done.returncode:
                faults.append(f"{name}: {expression}: {done.stderr}")
    print(f"{len(seen)} expressions of the documents compile")
    return faults if len(seen) > 10 else [*faults, "hardly any expression found"]


def main():
    enter_namespace()
    faults = follow_tutorial("--update" in sys.argv) + check_expressions()
    print("\n".join(faults))
    return 1 if faults else 0


sys.exit(main())
