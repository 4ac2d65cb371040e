# SPDX-License-Identifier: Apache-2.0
"""The results as Markdown."""


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]


def number(value, form):
    return "-" if value is None else format(value, form)


def machine_lines(machine):
    return table(("machine", ""), machine.items())


def acceptance_lines(lines):
    return table(("wanted", "", "measured", "verdict"),
                 [(one["what"], one["wanted"], one["got"], f"**{one['verdict']}**") for one in lines])


def offline_lines(captures, rows):
    """One table a capture, and below it why numbers of flows differ."""
    lines = []
    for name, title in captures.items():
        mine = [row for row in rows if row["capture"] == name]
        if not mine:
            continue
        lines += ["", f"**{title}** (`{name}`): {mine[0]['packets']} packets", ""]
        lines += table(("tool", "CPU s", "wall s", "CPU s / M packets", "ns / packet", "peak RSS MiB", "flows", "records / s",
                        "runs"),
                       [(row["tool"], f"{row['cpu_s']:.2f}", f"{row['wall_s']:.2f}", f"{row['cpu_s_per_mpkt']:.3f}",
                         f"{row['ns_per_packet']:.0f}", f"{row['rss_mib']:.0f}", number(row["flows"], "d"),
                         number(row["records_per_s"], ".0f"), row["rounds"]) for row in mine])
        notes = [f"- {row['tool']}: {row['note']}" for row in mine if row["note"]]
        lines += ["", *notes] if notes else []
    return lines


def memory_lines(rows):
    return table(("live TCP flows", "peak RSS MiB", "without flows MiB", "bytes a flow"),
                 [(row["live_flows"], f"{row['peak_mib']:.0f}", f"{row['empty_mib']:.0f}", f"{row['bytes_per_flow']:.0f}")
                  for row in rows if row])


def live_lines(figures):
    return table(("tool", "no-drop rate, packets / s", "CPU s / M packets at half rate", "of it under load, ns / packet",
                  "emptying, CPU ns / packet",
                  "emptying, ns / packet on the clock", "packets in the ring", "lost at half rate", "peak RSS MiB"),
                 [(name, f"{one['no_drop_pps']:.0f}", f"{one['cpu_s_per_mpkt']:.3f}", f"{one['load_ns']:.0f}",
                   f"{one['drain_cpu_ns']:.1f}",
                   f"{one['drain_wall_ns']:.1f}", one["drained"], one["lost_at_half_rate"], f"{one['rss_mib']:.0f}")
                  for name, one in figures.items()])


def sections(results):
    """{name: lines} of what there are results of; the names are those of the places in docs/performance.md."""
    made = {"machine": machine_lines(results["machine"])}
    if results.get("acceptance"):
        made["acceptance"] = acceptance_lines(results["acceptance"])
    if results.get("offline"):
        made["offline"] = offline_lines(results["captures"], results["offline"])
    if any(results.get("memory", [])):
        made["memory"] = memory_lines(results["memory"])
    if results.get("live"):
        made["live"] = live_lines(results["live"])
    if results.get("offline"):
        made["left-out"] = [f"- {one}" for one in results["left_out"] or ["Nothing else in this run."]]
    return made
