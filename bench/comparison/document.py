# SPDX-License-Identifier: Apache-2.0
"""Puts results where they are read: a folder of their own, and docs/performance.md with its plots."""

import json
import os
import re

from . import plots, tables
from .process import Failed


def write(path, content):
    with open(path, "w", encoding="utf-8") as out:
        out.write(content)


def markdown(results):
    lines = []
    for name, body in tables.sections(results).items():
        lines += [f"## {name}", "", *body, ""]
    return "\n".join(lines)


def write_folder(results, folder):
    """comparison.md, comparison.json and the plots."""
    os.makedirs(folder, exist_ok=True)
    write(os.path.join(folder, "comparison.json"), json.dumps(results, indent=1) + "\n")
    write(os.path.join(folder, "comparison.md"), markdown(results))
    for name, svg in plots.make(results).items():
        write(os.path.join(folder, name), svg)


def renew(document, name, body):
    """What stands between the marks of `name` becomes `body`."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.S)
    if not pattern.search(document):
        raise Failed(f"the document has no place for {name}: {begin} ... {end}")
    return pattern.sub(lambda _: "\n".join([begin, *body, end]), document)


def write_docs(results, docs):
    """Renews what there are results of. Verdicts and the machine go together with the part they are of."""
    path = os.path.join(docs, "performance.md")
    with open(path, encoding="utf-8") as file:
        document = file.read()
    for name, body in tables.sections(results).items():
        document = renew(document, name, body)
    write(path, document)
    folder = os.path.join(docs, "performance")
    os.makedirs(folder, exist_ok=True)
    for name, svg in plots.make(results).items():
        write(os.path.join(folder, name), svg)
