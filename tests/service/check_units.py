# SPDX-License-Identifier: Apache-2.0
"""The systemd units: systemd understands every line, rates their exposure at most 1.3, and leaves the daemon all system
calls that its own filter leaves it.

Usage: check_units.py PKTANA SYSTEM_CALLS_CPP UNIT...
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

LEFT_TO_DROP_INS = {"sched_setaffinity"}  # for capture.pin
MOST_EXPOSURE = 1.3


def analyze(*words):
    done = subprocess.run(["systemd-analyze", "--no-pager", *words], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def check(unit, program, work):
    """Complaints about the unit, which names a program that is not installed: ours stands in for it."""
    text = pathlib.Path(unit).read_text()
    if "@common@" in text or "@bindir@" in text:
        return [f"{unit}: a placeholder is left"]
    name = pathlib.Path(unit).name.replace("@.", "@eth0.")
    copy = work / name
    copy.write_text(re.sub(r"(?<==)/\S*/pktana(?= )", program, text))
    complaints = [line for line in analyze("verify", "--man=no", str(copy)).splitlines() if name in line]
    verdict = analyze("security", "--offline=true", str(copy))
    score = re.search(r"Overall exposure level for \S+: ([0-9.]+)", verdict)
    if score is None:
        return [*complaints, f"{unit}: no exposure level: {verdict[-300:]}"]
    print(f"{name}: exposure {score[1]}")
    if float(score[1]) > MOST_EXPOSURE:
        complaints.append(f"{unit}: exposure {score[1]}, at most {MOST_EXPOSURE}")
    return complaints


def call_sets():
    """systemd's names for sets of system calls, each with its members."""
    sets, name = {}, None
    for line in analyze("syscall-filter").splitlines():
        if line.startswith("@"):
            name = line.strip()
            sets[name] = []
        elif name and line.startswith("    ") and not line.strip().startswith("#"):
            sets[name].append(line.strip())
    return sets


def allowed_calls(unit, sets):
    def members(name):
        return set().union(*map(members, sets[name])) if name.startswith("@") else {name}

    allowed = set()
    for value in re.findall(r"^SystemCallFilter=(.*)$", pathlib.Path(unit).read_text(), re.MULTILINE):
        named = set().union(*map(members, value.lstrip("~").split()))
        allowed = allowed - named if value.startswith("~") else allowed | named
    return allowed


def missing_calls(unit, source):
    """System calls that the daemon's own filter allows and the unit's doesn't, but for those left to drop-ins."""
    wanted = set(re.findall(r"SCMP_SYS\((\w+)\)", pathlib.Path(source).read_text()))
    missing = sorted(wanted - allowed_calls(unit, call_sets()) - LEFT_TO_DROP_INS)
    print(f"{pathlib.Path(unit).name}: {len(wanted)} system calls of the daemon, {len(missing)} of them filtered out")
    return [f"{unit}: SystemCallFilter takes {name}" for name in missing] + ([] if len(wanted) > 50 else ["no calls found"])


def main():
    program, calls, *units = sys.argv[1:]
    if shutil.which("systemd-analyze") is None:
        print("SKIP: systemd-analyze is not here (Debian: package systemd)")
        sys.exit(77)
    program = str(pathlib.Path(program).resolve())
    with tempfile.TemporaryDirectory() as work:
        complaints = [text for unit in units for text in [*check(unit, program, pathlib.Path(work)), *missing_calls(unit, calls)]]
    print("\n".join(complaints))
    sys.exit(1 if complaints or len(units) != 2 else 0)


if __name__ == "__main__":
    main()
