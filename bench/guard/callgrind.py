# SPDX-License-Identifier: Apache-2.0
"""Runs a command under valgrind's callgrind, and sums up what it counted."""

import collections
import pathlib
import re
import subprocess
import tempfile

SOURCE = re.compile(r"(?:^|/)src/([a-z]+)/")
NAMESPACE = re.compile(r"\bpktana::([a-z]+)::")
ALLOCATIONS = ("malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc", "memalign")
COST = re.compile(r"^(?:\+\d+|-\d+|\*|\d+) (\d+)$")


class Counts:
    """Instructions by folder of src/ (code of other headers counts for the function it is inlined into), and calls of
    the allocator."""

    def __init__(self):
        self.instructions = collections.Counter()
        self.functions = collections.Counter()
        self.allocations = 0


def folder_of(file, function):
    found = SOURCE.search(file) or NAMESPACE.search(function)
    return found.group(1) if found else "other"


def summed(lines):
    counts = Counts()
    file = function = called = ""
    is_call = False
    for line in lines:
        key, _, value = line.partition("=")
        if key in ("fl", "fi", "fe"):
            file = value
        elif key == "fn":
            function = value
        elif key == "cfn":
            called = value
        elif key == "calls":
            is_call = True
            if called in ALLOCATIONS:
                counts.allocations += int(value.split()[0])
        elif cost := COST.match(line):
            if not is_call:  # else it is the cost of what was called
                counts.instructions[folder_of(file, function)] += int(cost.group(1))
                counts.functions[function] += int(cost.group(1))
            is_call = False
    return counts


def count(command):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "callgrind.out"
        subprocess.run(["valgrind", "--tool=callgrind", "--compress-strings=no", "--compress-pos=no", "-q",
                        f"--callgrind-out-file={out}", *command], check=True, stdout=subprocess.DEVNULL)
        with out.open() as lines:
            return summed(line.rstrip("\n") for line in lines)
