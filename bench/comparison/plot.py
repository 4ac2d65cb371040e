# SPDX-License-Identifier: Apache-2.0
"""Plots as SVG that needs nothing: a bar for each tool in groups, or lines over a logarithmic x axis; y is logarithmic."""

import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 860, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 190, 40, 60
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f", "#000000")


def text(x, y, words, anchor="middle", size=12, extra=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" {extra}>{escape(words)}</text>'


def short(value):
    """1500 as 1.5k."""
    for limit, letter in ((1e6, "M"), (1e3, "k")):
        if value >= limit:
            return f"{value / limit:g}{letter}"
    return f"{value:g}"


class Chart:
    """One plot: a logarithmic y axis over all values, a legend by series."""

    def __init__(self, title, unit, values, names):
        low, high = min(values), max(values)
        self.low, self.high = math.floor(math.log10(low)), max(math.floor(math.log10(low)) + 1, math.ceil(math.log10(high)))
        self.colours = {name: COLOURS[i % len(COLOURS)] for i, name in enumerate(names)}
        self.parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
                      f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">',
                      f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>', text(WIDTH / 2, 22, title, size=15)]
        self.axis(unit)
        for i, (name, colour) in enumerate(self.colours.items()):
            y = TOP + 14 + 20 * i
            self.parts.append(f'<rect x="{WIDTH - RIGHT + 14}" y="{y - 10}" width="12" height="12" fill="{colour}"/>')
            self.parts.append(text(WIDTH - RIGHT + 32, y, name, "start"))

    def y(self, value):
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    def axis(self, unit):
        for power in range(self.low, self.high + 1):
            y = self.y(10.0**power)
            self.parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ccc"/>')
            self.parts.append(text(LEFT - 6, y + 4, short(10.0**power), "end"))
        middle = (TOP + HEIGHT - BOTTOM) / 2
        self.parts.append(text(16, middle, unit, extra=f'transform="rotate(-90 16 {middle:.1f})"'))

    def label_x(self, x, words):
        self.parts.append(text(x, HEIGHT - BOTTOM + 20, words))

    def bar(self, x, width, value, name):
        y = self.y(value)
        height = HEIGHT - BOTTOM - y
        self.parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
                          f'fill="{self.colours[name]}"><title>{escape(name)}: {value:.4g}</title></rect>')

    def line(self, points, name):
        path = " ".join(f"{x:.1f},{self.y(value):.1f}" for x, value in points)
        self.parts.append(f'<polyline points="{path}" fill="none" stroke="{self.colours[name]}" stroke-width="2"/>')
        for x, value in points:
            self.parts.append(f'<circle cx="{x:.1f}" cy="{self.y(value):.1f}" r="3.5" fill="{self.colours[name]}">'
                              f"<title>{escape(name)}: {value:.4g}</title></circle>")

    def done(self):
        return "\n".join([*self.parts, "</svg>", ""])


def bars(title, unit, groups):
    """`groups`: {name of a group: {name of a series: value}}. None: nothing to show."""
    groups = {group: {name: value for name, value in series.items() if value} for group, series in groups.items()}
    names = list(dict.fromkeys(name for series in groups.values() for name in series))
    if not names:
        return None
    chart = Chart(title, unit, [value for series in groups.values() for value in series.values()], names)
    wide = (WIDTH - LEFT - RIGHT) / len(groups)
    for i, (group, series) in enumerate(groups.items()):
        chart.label_x(LEFT + (i + 0.5) * wide, group)
        width = 0.86 * wide / len(names)
        for j, name in enumerate(names):
            if name in series:
                chart.bar(LEFT + i * wide + 0.07 * wide + j * width, width * 0.92, series[name], name)
    return chart.done()


def lines(title, unit, label, series):
    """`series`: {name: [(x, value)]}; x is logarithmic, too. None: nothing to show."""
    series = {name: sorted(points) for name, points in series.items() if points}
    xs = sorted({x for points in series.values() for x, _ in points})
    if len(xs) < 2:
        return None
    chart = Chart(title, unit, [value for points in series.values() for _, value in points], list(series))
    low, high = math.log10(xs[0]), math.log10(xs[-1])

    def place(x):
        return LEFT + 20 + (math.log10(x) - low) / (high - low) * (WIDTH - LEFT - RIGHT - 40)

    for x in xs:
        chart.label_x(place(x), short(x))
    chart.parts.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 16, label))
    for name, points in series.items():
        chart.line([(place(x), value) for x, value in points], name)
    return chart.done()
