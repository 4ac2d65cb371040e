# SPDX-License-Identifier: Apache-2.0
"""Runs a command and says what it used: wait4(2)'s numbers are those of that one process."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

LAUNCHER = os.path.join(os.path.dirname(__file__), "launch.py")


class Failed(Exception):
    """A command that should have worked."""


@dataclass
class Usage:
    wall: float
    user: float
    system: float
    rss_mib: float
    status: int
    stdout: str = ""
    stderr: str = ""

    @property
    def cpu(self):
        return self.user + self.system


def collect(process, began, stdout, stderr):
    """Waits for `process`, whose output went to two files."""
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    texts = []
    for file in (stdout, stderr):
        file.seek(0)
        texts.append(file.read().decode(errors="replace"))
    return Usage(wall, used.ru_utime, used.ru_stime, used.ru_maxrss / 1024, process.returncode, *texts)


def start(command, stdout, stderr, folder=None, descriptors=()):
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, cwd=folder, pass_fds=descriptors)


def run(command, good=(0,), folder=None):
    """The usage of a command that must end with one of the statuses in `good`."""
    answer, told = os.pipe()
    launcher = [sys.executable, "-I", "-S", LAUNCHER, str(told)]
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr, open(answer, "rb") as figures:
        began = time.monotonic()
        process = start(launcher + list(map(str, command)), stdout, stderr, folder, (told,))
        os.close(told)
        usage = collect(process, began, stdout, stderr)
        usage.status, usage.wall, usage.user, usage.system, rss_kib = json.loads(figures.read())
        usage.rss_mib = rss_kib / 1024
    if usage.status not in good:
        raise Failed(f"{' '.join(map(str, command))} ended with {usage.status}: {usage.stderr.strip()[-400:]}")
    return usage


def median(values):
    return statistics.median(values)
