# SPDX-License-Identifier: Apache-2.0
"""Man pages: there is one for each command, each option of --help stands in it, and man(1) has nothing to complain of.

Usage: test_man.py PKTANA FOLDER_OF_THE_PAGES
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

SKIPPED = 77
PROGRAM, PAGES = sys.argv[1], pathlib.Path(sys.argv[2])


def output(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False,
                          env=os.environ | {"LC_ALL": "C.UTF-8", "MANWIDTH": "100", "MAN_KEEP_FORMATTING": ""})
    return done.returncode, done.stdout, done.stderr


def commands():
    section = output(PROGRAM, "--help")[1].split("\nCommands:\n")[1].split("\n\n")[0]
    return re.findall(r"^  (\S+)  ", section, re.MULTILINE)


def faults_of(name, command):
    path = PAGES / f"{name}.1"
    if not path.exists():
        return [f"{name}: no man page; add '{command}' to man_pages in docs/man/meson.build"]
    status, shown, complaints = output("man", "--warnings", "-l", str(path))
    faults = [] if (status, complaints) == (0, "") else [f"{name}: man says {status}: {complaints}"]
    faults += [f"{name}: no section {section}" for section in ("NAME", "SYNOPSIS", "SEE ALSO")
               if not re.search(rf"^{section}$", shown, re.MULTILINE)]
    everything = "--help-all" if command in ("capture", "read") else "--help"
    help_text = output(PROGRAM, *([] if command == "pktana" else [command]), everything)[1]
    for line in re.findall(r"^ {2,6}(-\S.*?)(?:  .*)?$", help_text, re.MULTILINE):
        if not re.search(rf"^ +{re.escape(line)}$", shown, re.MULTILINE):
            faults.append(f"{name}: the option '{line}' is missing")
    return faults


def main():
    if not shutil.which("man") or not any(PAGES.glob("*.1")):
        print("SKIP: no man, or no scdoc when pktana was built")
        return SKIPPED
    faults = faults_of("pktana", "pktana")
    for command in commands():
        faults += faults_of(f"pktana-{command}", command)
    print("\n".join(faults) or f"{len(commands()) + 1} man pages are whole")
    return 1 if faults else 0


sys.exit(main())
