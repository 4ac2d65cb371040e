# SPDX-License-Identifier: Apache-2.0
"""Fails if a header of src/, include/ or tests/support does not compile alone.

A header whose .cpp includes it before anything else is compiled alone by the build. Each of the others is parsed
here with the very flags of a source file beside it, as compile_commands.json has them. For g++, whose build
precompiles nothing: elsewhere a .cpp proves nothing.
Usage: check_headers_alone.py SOURCE_ROOT BUILD_ROOT
"""

import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

TAKES_VALUE = {"-o", "-MF", "-MQ", "-MT"}
DROPPED = {"-c", "-MD", "-MMD", "-g"}


def parse_flags(command):
    """The compiler and its flags, without input, output, dependency files and code generation."""
    words = iter(shlex.split(command))
    flags = []
    for word in words:
        if word in TAKES_VALUE:
            next(words)
        elif word in DROPPED or word.startswith("-O") or word.endswith(".cpp"):
            continue
        else:
            flags.append(word)
    return flags


def flags_by_folder(root, build):
    entries = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    folders = {}
    for entry in entries:
        path = pathlib.Path(os.path.normpath(build / entry["file"]))
        if path.suffix == ".cpp" and path.is_relative_to(root):
            folders.setdefault(path.parent.relative_to(root), parse_flags(entry["command"]))
    return folders


def headers(root):
    for folder in ("src", "include", "tests/support"):
        yield from sorted((root / folder).rglob("*.h"))


def nearest(folder, folders):
    """Flags of the folder itself, of the nearest one above it, else of any."""
    for candidate in [folder, *folder.parents]:
        if candidate in folders:
            return folders[candidate]
    return next(iter(folders.values()))


def proved_by_source(header, root):
    """Whether the .cpp of the same name includes it first, so that the build has compiled it alone."""
    source = header.with_suffix(".cpp")
    if not source.is_file():
        return False
    first = re.search(r'^#include +["<]([^">]+)[">]', source.read_text(encoding="utf-8"), re.MULTILINE)
    return first is not None and str(header.relative_to(root)).endswith("/" + first[1])


def check(header, flags, build):
    # From standard input, so that `#pragma once` in a main file is no warning.
    command = [*flags, "-fdiagnostics-color=never", "-fsyntax-only", "-x", "c++", "-"]
    text = f'#include "{header}"\n'
    done = subprocess.run(command, cwd=build, input=text, text=True, capture_output=True, check=False)
    return done.returncode, done.stderr


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    build = pathlib.Path(sys.argv[2]).resolve()
    folders = flags_by_folder(root, build)
    faults = 0
    every = list(headers(root))
    todo = [header for header in every if not proved_by_source(header, root)]
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        # The headers of tests/support serve several folders: they may use what any of these sees.
        everywhere = ["-I", str(root / "src"), "-I", str(build / "src")]
        runs = {
            h: pool.submit(check, h, nearest(h.parent.relative_to(root), folders) + everywhere, build) for h in todo
        }
        for header, run in runs.items():
            status, errors = run.result()
            if status != 0:
                print(f"{header.relative_to(root)} does not compile alone:\n{errors}")
                faults += 1
    print(f"{len(every)} headers, {len(todo)} of them parsed here, {faults} faults")
    return 1 if faults else 0


sys.exit(main())
