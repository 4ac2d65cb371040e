#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the scdoc source of a man page out of what the program's --help says, so that no option is ever missing in it,
and out of a file of further sections written by hand.

Usage: make_man.py PKTANA COMMAND [FURTHER_SECTIONS.scd]     COMMAND "pktana" = the page of the program itself
"""

import pathlib
import re
import subprocess
import sys

OPTION = re.compile(r"^ {2,6}(-\S.*?)(?:  +(\S.*))?$")
HEADINGS = {"Examples": "EXAMPLES", "Commands": "COMMANDS", "Usage": "SYNOPSIS"}


def help_of(program, *words):
    everything = "--help-all" if words and words[0] in ("capture", "read") else "--help"
    return subprocess.run([program, *words, everything], check=True, capture_output=True, text=True).stdout


def escape(text):
    text = re.sub(r"([\\*_`~<>])", r"\\\1", text)
    return "\\" + text if re.match(r"[#|.;\[\]-]", text) else text


def commands(program):
    """{command: one line about it}, with the lines that continue it."""
    found, last = {}, None
    section = help_of(program).split("\nCommands:\n")[1].split("\n\n")[0]
    for line in section.splitlines():
        match = re.match(r"^  (\S+)  +(\S.*)$", line)
        if match:
            last = match[1]
            found[last] = match[2]
        else:
            found[last] += " " + line.strip()
    return found


def literal(lines):
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return ["```", *(line[margin:].rstrip() for line in lines), "```"]


def option_entry(names, description):
    words = []
    for word in names.split():
        name = word.rstrip(",")
        mark = "*" if name.startswith("-") else "_"
        words.append(f"{mark}{escape(name) if mark == '_' else name}{mark}" + ("," if word.endswith(",") else ""))
    return [" ".join(words), "\t" + escape(" ".join(description) or "this help"), ""]


def options_of(lines):
    """Option lines with those that continue them, as one entry each."""
    entries, names, description = [], None, []
    for line in lines:
        match = OPTION.match(line)
        if match:
            if names:
                entries += option_entry(names, description)
            names, description = match[1], [match[2]] if match[2] else []
        elif line.strip():
            description.append(line.strip())
    return entries + (option_entry(names, description) if names else [])


def blocks(text):
    """Parts of the help text between empty lines; (heading or None, lines)."""
    for block in re.split(r"\n\s*\n", text.strip("\n")):
        lines = block.splitlines()
        heading = re.match(r"^(\w+):\s*(.*)$", lines[0])
        if heading and heading[1] in HEADINGS:
            first = ["  " + heading[2]] if heading[2] else []
            yield HEADINGS[heading[1]], first + lines[1:]
        elif lines[0].startswith("Exit status:"):
            yield "EXIT STATUS", [lines[0].split(":", 1)[1].strip(), *lines[1:]]
        else:
            yield None, lines


def split_paragraph(lines):
    """The lines of a paragraph behind which "Exit status:" begins another."""
    for i, line in enumerate(lines):
        if line.startswith("Exit status:") and i > 0:
            return lines[:i], [line.split(":", 1)[1].strip(), *lines[i + 1:]]
    return lines, []


def sections_of(text):
    sections = {name: [] for name in ("SYNOPSIS", "DESCRIPTION", "COMMANDS", "OPTIONS", "EXIT STATUS", "EXAMPLES")}
    for heading, lines in blocks(text):
        if heading in ("SYNOPSIS", "EXAMPLES", "COMMANDS"):
            sections[heading] += literal(lines)
        elif heading == "EXIT STATUS":
            sections[heading] += [escape(" ".join(line.strip() for line in lines)), ""]
        elif OPTION.match(lines[0]):
            sections["OPTIONS"] += options_of(lines)
        else:
            lines, status = split_paragraph(lines)
            sections["DESCRIPTION"] += [escape(" ".join(line.strip() for line in lines)), ""]
            if status:
                sections["EXIT STATUS"] += [escape(" ".join(status)), ""]
    return sections


def page(program, command, further):
    whole = command == "pktana"
    name = "pktana" if whole else f"pktana-{command}"
    text = help_of(program) if whole else help_of(program, command)
    about = text.splitlines()[0].split(" - ", 1)[1] if whole else commands(program)[command]
    if whole:
        text = text.split("\n", 1)[1]
    lines = [f"{name}(1)", "", "# NAME", "", f"{name} - {escape(about)}", ""]
    for heading, body in sections_of(text).items():
        if body:
            lines += [f"# {heading}", "", *body, ""]
    lines += [further, ""]
    others = [f"*pktana-{other}*(1)" for other in commands(program) if other != command]
    lines += ["# SEE ALSO", "", ", ".join((["*pktana*(1)"] if not whole else []) + others + ["*pcap-filter*(7)"])]
    return "\n".join(lines) + "\n"


def main():
    further = pathlib.Path(sys.argv[3]).read_text(encoding="utf-8") if len(sys.argv) > 3 else ""
    sys.stdout.write(page(sys.argv[1], sys.argv[2], further))


if __name__ == "__main__":
    main()
