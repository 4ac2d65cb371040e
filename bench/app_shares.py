# SPDX-License-Identifier: Apache-2.0
"""What part of a run's CPU time each dissector has, from perf's samples with their call stacks."""

import collections
import re
import subprocess

HERTZ = 2000
STACK_BYTES = 16384
# Of the outermost frames that tell; a stack is counted where the first of these is found in it.
DISSECTOR = re.compile(r"DissectorCalls<(?:[^<>]*::)?(\w+?)(?:Flow)?>::")
PLACES = (
    (re.compile(r"ask_probes"), "probes"),
    (re.compile(r"app::AppLayer"), "streams and bookkeeping"),
    (re.compile(r"put_eve_event"), "(sink) events to text"),
    (re.compile(r"NameStage"), "(sink) names by DNS answers"),
)
OTHER = "everything else"


def place_of(frames):
    """`frames`: the innermost first."""
    for frame in reversed(frames):
        if found := DISSECTOR.search(frame):
            return found.group(1).lower()
    for pattern, name in PLACES:
        if any(pattern.search(frame) for frame in frames):
            return name
    return OTHER


def stacks(lines):
    """Of `perf script -F ip,sym`: a frame a line, samples parted by empty lines."""
    frames = []
    for line in lines:
        if line.strip():
            frames.append(line.strip().partition(" ")[2])
        elif frames:
            yield frames
            frames = []
    if frames:
        yield frames


def record(command, folder):
    """Samples by place."""
    data = folder / "perf.data"
    subprocess.run(["perf", "record", "-q", "-F", str(HERTZ), "--call-graph", f"dwarf,{STACK_BYTES}", "-o", str(data),
                    *command, "-o", str(folder / "events.json")], check=True, stderr=subprocess.DEVNULL)
    text = subprocess.run(["perf", "script", "-i", str(data), "-F", "ip,sym"], check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout.decode(errors="replace")
    return collections.Counter(place_of(frames) for frames in stacks(text.splitlines()))


def show(samples):
    total = samples.total()
    print(f"\n| part of the CPU time, {total} samples | % |\n|---|---|")
    rest = samples.pop(OTHER, 0)
    small = 0
    for name, count in samples.most_common():
        if count / total >= 0.001:
            print(f"| {name} | {100 * count / total:.1f} |")
        else:
            small += count
    print(f"| dissectors below 0.1 % each | {100 * small / total:.1f} |")
    print(f"| {OTHER}: reading, flows, records | {100 * rest / total:.1f} |")
