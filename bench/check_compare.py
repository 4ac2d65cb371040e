#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bench/compare itself: a quick run over tiny captures, and what it writes. Times are not looked at."""

import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from comparison import document, tables  # noqa: E402

SVG = "{http://www.w3.org/2000/svg}"
PLOTS = ("cpu.svg", "memory.svg", "ns-per-packet.svg", "records.svg", "threads.svg")
CAPTURES = ("small-10k", "small-100k", "small-1m", "imix", "churn")


def check_rows(results):
    """Each tool counted the flows of each capture, and they agree."""
    tools = {row["tool"] for row in results["offline"]}
    assert {"pktana", "pktana, 2 threads"} < tools, tools
    for name in CAPTURES:
        rows = [row for row in results["offline"] if row["capture"] == name]
        assert len(rows) >= len(tools) - 1, f"{name}: {len(rows)} rows for {tools}"
        for row in rows:
            assert row["agrees"] in (True, None) and row["cpu_s"] > 0 and row["rss_mib"] > 1, row
    assert results["memory"][0]["live_flows"] > 9000, results["memory"]
    assert all(one["verdict"] in ("pass", "FAIL", "not judged") for one in results["acceptance"])


def check_tables(text):
    """Each table has the columns of its head in each row."""
    blocks = [[line for line in block.splitlines() if line.startswith("|")] for block in text.split("\n\n")]
    blocks = [block for block in blocks if block]
    assert len(blocks) > len(CAPTURES), len(blocks)
    for block in blocks:
        assert len(block) > 2 and len({line.count("|") for line in block}) == 1, block[:2]


def check_plots(folder):
    for name in PLOTS:
        root = xml.parse(os.path.join(folder, name)).getroot()
        assert root.tag == SVG + "svg", name
        marks = [one for one in root.iter() if one.find(SVG + "title") is not None]
        assert len(marks) >= 4, f"{name}: {len(marks)} marks"
        for one in marks:
            places = [float(one.get(key)) for key in ("x", "y", "cx", "cy", "height") if one.get(key)]
            assert all(0 <= place <= 860 for place in places), (name, one.attrib)


def check_places(results):
    """docs/performance.md has a place for all of it."""
    with open(os.path.join(HERE, "..", "docs", "performance.md"), encoding="utf-8") as file:
        text = file.read()
    for name in {*tables.sections(results), "live", "left-out"}:
        assert "the new line" in document.renew(text, name, ["the new line"]), name


def main():
    build = sys.argv[1]
    with tempfile.TemporaryDirectory() as cache:
        subprocess.run([sys.executable, os.path.join(HERE, "compare"), "--quick", "--no-build", "--build", build, "--cache",
                        cache], check=True, stdout=subprocess.DEVNULL)
        folder = os.path.join(cache, "results")
        with open(os.path.join(folder, "comparison.json"), encoding="utf-8") as file:
            results = json.load(file)
        with open(os.path.join(folder, "comparison.md"), encoding="utf-8") as file:
            check_tables(file.read())
        check_rows(results)
        check_plots(folder)
        check_places(results)


if __name__ == "__main__":
    main()
