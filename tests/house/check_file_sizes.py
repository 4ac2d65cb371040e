# SPDX-License-Identifier: Apache-2.0
"""Fails if a source file or the root meson.build has grown beyond the house's limits, or lacks its licence line.

Usage: check_file_sizes.py SOURCE_ROOT [BUILD_ROOT]
"""

import pathlib
import sys

MAX_SOURCE_LINES = 500
MAX_ROOT_BUILD_LINES = 149
SUFFIXES = {".h", ".cpp", ".py", ".sh", ".build"}
LICENCE = "SPDX-License-Identifier: "


def main():
    root = pathlib.Path(sys.argv[1])
    faults = []
    folders = ["src", "include", "tests", "bench", "scripts"]
    files = [f for name in folders for f in (root / name).rglob("*") if f.suffix in SUFFIXES]
    for path in sorted(files):
        where = path.relative_to(root)
        lines = path.read_text(encoding="utf-8").splitlines()
        if where.parts[0] in ("src", "include") and len(lines) > MAX_SOURCE_LINES:
            faults.append(f"{where}: {len(lines)} lines, the limit is {MAX_SOURCE_LINES}")
        if not any(LICENCE in line for line in lines[:3]):
            faults.append(f"{where}: no SPDX licence line at the top")
    root_lines = len((root / "meson.build").read_text(encoding="utf-8").splitlines())
    if root_lines > MAX_ROOT_BUILD_LINES:
        faults.append(f"meson.build: {root_lines} lines, the limit is {MAX_ROOT_BUILD_LINES}")
    for fault in faults:
        print(fault)
    print(f"{len(files)} files checked, {len(faults)} faults")
    return 1 if faults else 0


sys.exit(main())
