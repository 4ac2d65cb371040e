# SPDX-License-Identifier: Apache-2.0
"""The offline part: all tools on all captures, interleaved, and whether their numbers of flows agree."""

import json
import os
import tempfile

from . import peers
from .process import Failed, median

# Tools time real flows out in ways of their own: by how much their number may differ there.
MIX_TOLERANCE = 0.10


def suits(tool, capture):
    """Captures that only show the growth are not for peers; some tools are not for large ones."""
    if not capture.compared:
        return not tool.slow and tool.threads == 1
    if tool.only is not None and capture.name not in tool.only:
        return False
    return tool.most_packets is None or capture.packets <= tool.most_packets


def run_once(tool, capture, work):
    """{cpu, wall, rss, flows, directions} of one run."""
    with tempfile.TemporaryDirectory(prefix="run.", dir=work) as folder:
        usage, flows = tool.run(capture, folder)
        row = {"cpu": usage.cpu, "wall": usage.wall, "rss_mib": usage.rss_mib, "flows": flows}
        if isinstance(tool, peers.Pktana) and tool.threads == 1 and capture.compared:
            row["directions"] = tool.directions(folder)
    return row


def agrees(tool, capture, row, reference):
    """Whether the number of flows is what pktana's records say, and in words why not."""
    if row["flows"] is None or reference is None:
        return None, "keeps no count" if row["flows"] is None else ""
    wanted = reference["directions"] if tool.counts == peers.EACH else reference["flows"]
    if row["flows"] == wanted:
        return True, ""
    share = abs(row["flows"] - wanted) / wanted
    reason = f"{row['flows']} {'directions' if tool.counts == peers.EACH else 'flows'}, pktana has {wanted}"
    if capture.is_mix and share <= MIX_TOLERANCE:
        return True, f"{reason}: other timeouts, TCP reuse, protocols or layers within tunnels"
    return False, reason


def summary(tool, capture, rows, packets):
    cpu, wall, flows = median([row["cpu"] for row in rows]), median([row["wall"] for row in rows]), rows[-1]["flows"]
    return {"tool": tool.name, "threads": tool.threads, "capture": capture.name, "rounds": len(rows), "flows": flows,
            "cpu_s": cpu, "wall_s": wall, "cpu_s_per_mpkt": cpu * 1e6 / packets, "ns_per_packet": wall * 1e9 / packets,
            "rss_mib": median([row["rss_mib"] for row in rows]),
            "records_per_s": flows / wall if flows is not None else None}


def packets_in(capture, tools):
    """The mix has at least as many as were asked for: by the size of its copies."""
    if not capture.is_mix:
        return capture.packets
    reader = next(tool for tool in tools if isinstance(tool, peers.Pktana))
    with tempfile.TemporaryDirectory() as folder:
        reader.run(capture, folder)
        with open(os.path.join(folder, "eve.json"), "rb") as file:
            last = file.read().splitlines()[-1]
    return json.loads(last)["stats"]["decoder"]["pkts"]


def compare_on(capture, tools, rounds, slow_rounds, work, say):
    """The rows of one capture, one a tool."""
    packets = capture.packets = packets_in(capture, tools)
    runs = {tool: [] for tool in tools if suits(tool, capture)}
    for number in range(max(rounds, slow_rounds)):
        for tool, done in runs.items():
            if number < (slow_rounds if tool.slow else rounds):
                done.append(run_once(tool, capture, work))
    reference = next((done[-1] for tool, done in runs.items() if "directions" in done[-1]), None)
    table = []
    for tool, done in runs.items():
        good, note = agrees(tool, capture, done[-1], reference)
        row = summary(tool, capture, done, packets) | {"packets": packets, "agrees": good, "note": note}
        table.append(row)
        say(f"{capture.name}: {tool.name}: {row['cpu_s']:.2f} s CPU, {row['wall_s']:.2f} s, {row['flows']} flows {note}")
        if good is False:
            raise Failed(f"{capture.name}: {tool.name}: the numbers of flows do not agree: {note}")
    return table


def compare(captures, tools, options, work, say):
    rows = []
    for capture in captures:
        rows += compare_on(capture, tools, options.rounds, options.peer_rounds, work, say)
    return rows
