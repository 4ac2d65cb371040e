# SPDX-License-Identifier: Apache-2.0
"""Fails if a header of src/, include/ or tests/support does not compile alone.

Each header is parsed with the very flags of a source file beside it, as compile_commands.json has them.
Usage: check_headers_alone.py SOURCE_ROOT BUILD_ROOT
"""

import concurrent.futures
import json
import os
import pathlib
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
    todo = list(headers(root))
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
    print(f"{len(todo)} headers checked, {faults} faults")
    return 1 if faults else 0


sys.exit(main())
