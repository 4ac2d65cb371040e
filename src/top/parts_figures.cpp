// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "top/figures.h"
#include "top/parts.h"

namespace pktana::top {
namespace {

constexpr unsigned kNameColumns = 10;
constexpr unsigned kValueColumns = 7;
constexpr unsigned kNoteColumns = 36;
constexpr double kFillWarning = 0.5;
constexpr double kFillBad = 0.8;

struct Line {
  const char* name;
  std::string value;
  const History& history;
  std::string note;
  Style style = Style::Plain;
};

void draw_line(Grid& grid, const Span& span, const Line& line) {
  grid.put({.row = span.row, .column = span.column + 1, .width = kNameColumns}, line.name,
           Style::Dim);
  const unsigned value = span.column + 1 + kNameColumns;
  grid.put({.row = span.row, .column = value, .width = kValueColumns}, line.value,
           line.style == Style::Plain ? Style::Strong : line.style, Align::Right);
  const unsigned spark = value + kValueColumns + 1;
  const unsigned note = span.column + span.width - kNoteColumns;
  grid.put({.row = span.row, .column = spark, .width = note - spark - 1},
           sparkline(line.history, note - spark - 1),
           line.style == Style::Plain ? Style::Accent : line.style);
  grid.put({.row = span.row, .column = note, .width = kNoteColumns}, line.note, line.style);
}

Style style_of_drops(const Counters& counters) noexcept {
  const double fill = counters.ring_fill.value_or(0);
  if (counters.drops.value_or(0) > 0 || fill >= kFillBad) return Style::Bad;
  return fill >= kFillWarning ? Style::Warning : Style::Plain;
}

std::string drops_note(const Counters& counters) {
  if (!counters.drops) return "unknown";
  const double seen = static_cast<double>(counters.packets + *counters.drops);
  std::string note = "lost " + count_text(static_cast<double>(*counters.drops));
  if (*counters.drops > 0)
    note += " (" + percent_text(static_cast<double>(*counters.drops), seen) + ")";
  if (counters.ring_fill)
    note += "  ring " + std::to_string(static_cast<int>(*counters.ring_fill * 100 + 0.5)) + "%";
  if (counters.ring_freezes > 0)
    note += " full " + count_text(static_cast<double>(counters.ring_freezes)) + "x";
  return note;
}

}  // namespace

void draw_figures(Grid& grid, const Box& box, const Model& model) {
  const Counters& counters = model.now().counters;
  const Rates& rates = model.rates();
  const auto rate = [&](const std::string& text) { return model.has_rates() ? text : "-"; };
  const auto sum = [](uint64_t value) { return count_text(static_cast<double>(value)); };
  const Line lines[] = {
      {.name = "packets/s",
       .value = rate(count_text(rates.packets)),
       .history = model.packets(),
       .note = "peak " + count_text(highest(model.packets())) + "  total " + sum(counters.packets)},
      {.name = "bit/s",
       .value = rate(bits_text(rates.bytes)),
       .history = model.bytes(),
       .note =
           "peak " + bits_text(highest(model.bytes())) + "  total " + bytes_text(counters.bytes)},
      {.name = "flows",
       .value = sum(counters.flows_live),
       .history = model.flows(),
       .note = rate(count_text(rates.new_flows)) + " new/s  total " + sum(counters.flows_created)},
      {.name = "drops/s",
       .value = counters.drops ? rate(count_text(rates.drops)) : "?",
       .history = model.drops(),
       .note = drops_note(counters),
       .style = style_of_drops(counters)}};
  unsigned row = box.row;
  for (const Line& line : lines)
    draw_line(grid, {.row = row++, .column = box.column, .width = box.columns}, line);
}

}  // namespace pktana::top
