# SPDX-License-Identifier: Apache-2.0
"""Runs a command and says what it used: wait4(2)'s numbers are those of that one process."""

import os
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass


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


def start(command, stdout, stderr, folder=None):
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, cwd=folder)


def run(command, good=(0,), folder=None):
    """The usage of a command that must end with one of the statuses in `good`."""
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        began = time.monotonic()
        usage = collect(start(command, stdout, stderr, folder), began, stdout, stderr)
    if usage.status not in good:
        raise Failed(f"{' '.join(map(str, command))} ended with {usage.status}: {usage.stderr.strip()[-400:]}")
    return usage


def median(values):
    return statistics.median(values)
