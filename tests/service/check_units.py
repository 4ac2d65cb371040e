# SPDX-License-Identifier: Apache-2.0
"""The systemd units: systemd understands every line, and rates their exposure at most 1.3.

Usage: check_units.py PKTANA UNIT...
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

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


def main():
    program, *units = sys.argv[1:]
    if shutil.which("systemd-analyze") is None:
        print("SKIP: systemd-analyze is not here (Debian: package systemd)")
        sys.exit(77)
    program = str(pathlib.Path(program).resolve())
    with tempfile.TemporaryDirectory() as work:
        complaints = [text for unit in units for text in check(unit, program, pathlib.Path(work))]
    print("\n".join(complaints))
    sys.exit(1 if complaints or len(units) != 2 else 0)


if __name__ == "__main__":
    main()
