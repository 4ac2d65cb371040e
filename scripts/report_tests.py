# SPDX-License-Identifier: Apache-2.0
"""Prints the result of each test in meson test logs, and as the last line the sum: N passed, N failed.

A test executable prints a line for each case (PASS name, FAIL name, SKIP name: reason): the cases are what counts.
A test without such lines counts as one. A test that dies counts as a failure besides its finished cases. With CI
set, a skip is a failure: there, all that the tests need must be there.
Usage: report_tests.py TESTLOG.json...
"""

import json
import os
import re
import sys

CASE = re.compile(r"^(PASS|FAIL|SKIP) (.+)$", re.MULTILINE)
MAX_OUTPUT_LINES = 80


class Report:
    """Counts, and prints as it counts."""

    def __init__(self, skip_fails):
        self.skip_fails = skip_fails
        self.counts = {"PASS": 0, "FAIL": 0, "SKIP": 0}

    def add(self, verdict, name):
        if verdict == "SKIP" and self.skip_fails:
            verdict, name = "FAIL", f"{name} (skipped: a failure in CI)"
        self.counts[verdict] += 1
        print(f"{verdict} {name}")

    def add_test(self, entry):
        name = entry["name"].split(" / ")[-1]
        stdout = entry.get("stdout") or ""
        before = self.counts["FAIL"]
        cases = CASE.findall(stdout)
        for verdict, case in cases:
            self.add(verdict, f"{name}: {case}")
        result = entry["result"]
        if result == "OK":
            if not cases:
                self.add("PASS", name)
        elif result == "SKIP":
            self.add("SKIP", name)
        elif self.counts["FAIL"] == before:
            self.add("FAIL", f"{name}: {result}, exit status {entry.get('returncode')}")
        if result not in ("OK", "SKIP"):
            show_output(name, stdout, entry.get("stderr") or "")


def show_output(name, stdout, stderr):
    """The end of what a failed test printed, without the lines that have been shown."""
    lines = CASE.sub("", stdout).splitlines() + stderr.splitlines()
    lines = [line for line in lines if line.strip()]
    if len(lines) > MAX_OUTPUT_LINES:
        print(f"--- {name}: last {MAX_OUTPUT_LINES} of {len(lines)} lines of output")
    else:
        print(f"--- {name}: output")
    for line in lines[-MAX_OUTPUT_LINES:]:
        print(f"  {line}")
    print("---")


def main():
    report = Report(skip_fails=bool(os.environ.get("CI")))
    tests = 0
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as log:
            for line in log:
                report.add_test(json.loads(line))
                tests += 1
    if tests == 0:
        report.add("FAIL", "no test ran")
    counts = report.counts
    if counts["SKIP"]:
        print(f"{counts['SKIP']} skipped")
    print(f"{counts['PASS']} passed, {counts['FAIL']} failed")
    return 1 if counts["FAIL"] else 0


sys.exit(main())
