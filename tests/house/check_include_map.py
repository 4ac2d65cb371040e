# SPDX-License-Identifier: Apache-2.0
"""Fails if a file includes a header of ours that its folder may not include (the code map of CONTRIBUTING.md).

Usage: check_include_map.py SOURCE_ROOT [BUILD_ROOT]
"""

import pathlib
import re
import sys

# folder -> folders whose headers it may include, besides its own
MAY_INCLUDE = {
    "base": [],
    "parse": ["base"],
    "inspect": ["base", "parse"],
    "ring": ["base"],
    "flow": ["base", "parse"],
    "filter": ["base", "parse", "flow"],
    "query": ["base", "filter", "flow", "ring"],
    "app": ["base", "parse", "flow", "public"],
    "sink": ["base", "flow"],
    "engine": ["base", "parse", "ring", "filter", "flow", "app", "sink", "public"],
    "api": ["base", "engine", "filter"],
    "daemon": ["base", "parse", "ring", "filter", "flow", "app", "sink", "engine", "api"],
    "top": ["base", "filter", "flow", "sink", "engine", "daemon"],
    "cli": ["base", "parse", "ring", "filter", "flow", "app", "sink", "engine", "api", "daemon", "inspect", "query", "top"],
    "public": [],
}

# These folders see flow's records and what their ICMP fields mean, not its table.
RECORDS_ONLY = {"filter", "query", "sink", "app", "top"}
RECORD_HEADERS = {
    "flow/app_summary.h",
    "flow/app_tape.h",
    "flow/encapsulation.h",
    "flow/encapsulation_table.h",
    "flow/event_pool.h",
    "flow/flow_record.h",
    "flow/icmp_pairs.h",
    "flow/protocol_name.h",
    "flow/record_handoff.h",
    "flow/scan_detector.h",
    "flow/scan_record.h",
}

# What the application layer is shown of packets, besides.
PACKET_HEADERS = {"flow/flow_packet.h", "flow/payload_hook.h", "flow/sequence.h"}

# Written into the build directory by meson; no folder's own.
GENERATED = {"config.h", "revision.h"}

INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def folder_of(header):
    top = header.split("/")[0]
    return "public" if top == "pktana" else top


def complaint(folder, header):
    """What is wrong with this include in a file of this folder, or None."""
    if header in GENERATED:
        return None
    if "/" not in header:
        return "name it from the include root: folder/header.h"
    target = folder_of(header)
    if target not in MAY_INCLUDE:
        return "not a folder of the code map"
    if target == folder:
        return None
    if target not in MAY_INCLUDE[folder]:
        allowed = ", ".join(MAY_INCLUDE[folder]) or "nothing of ours"
        return f"{folder} may include {allowed}"
    if folder == "app" and header in PACKET_HEADERS:
        return None
    if target == "flow" and folder in RECORDS_ONLY and header not in RECORD_HEADERS:
        return f"{folder} may include flow's records only"
    return None


def sources(root):
    """(path, folder) of each file that the map speaks of."""
    for path in sorted((root / "src").glob("*/**/*")):
        if path.suffix in (".h", ".cpp", ".inc"):
            yield path, path.relative_to(root / "src").parts[0]
    for path in sorted((root / "include").glob("**/*.h")):
        yield path, "public"


def main():
    root = pathlib.Path(sys.argv[1])
    faults = 0
    checked = 0
    for path, folder in sources(root):
        where = path.relative_to(root)
        if folder not in MAY_INCLUDE:
            print(f"{where}: src/{folder} is not a folder of the code map")
            faults += 1
            continue
        text = path.read_text(encoding="utf-8")
        for match in INCLUDE.finditer(text):
            checked += 1
            reason = complaint(folder, match[1])
            if reason:
                line = text.count("\n", 0, match.start(1)) + 1
                print(f'{where}:{line}: "{match[1]}": {reason}')
                faults += 1
    print(f"{checked} includes checked, {faults} faults")
    return 1 if faults else 0


sys.exit(main())
