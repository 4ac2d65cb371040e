// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "top/figures.h"
#include "top/parts.h"

namespace pktana::top {
namespace {

constexpr unsigned kNumberColumns = 6;
constexpr unsigned kMostName = 45;
constexpr unsigned kLeastName = 15;

/// Numbers of a talker, the most telling first: a narrow list has only some.
struct Number {
  const char* heading;
  std::string (*text)(const Talker&);
};

constexpr Number kNumbers[] = {
    {"BIT/S", [](const Talker& one) { return bits_text(one.rate); }},
    {"BYTES", [](const Talker& one) { return bytes_text(one.bytes); }},
    {"FLOWS", [](const Talker& one) { return count_text(static_cast<double>(one.flows)); }},
    {"PKTS", [](const Talker& one) { return count_text(static_cast<double>(one.packets)); }}};

struct Layout {
  unsigned name = 0;
  unsigned numbers = 0;
  unsigned bar = 0;  ///< 0 = no room
};

Layout layout_for(unsigned room) noexcept {
  Layout layout;
  while (layout.numbers < std::size(kNumbers) &&
         kLeastName + (layout.numbers + 1) * (kNumberColumns + 1) <= room)
    ++layout.numbers;
  const unsigned rest = room - layout.numbers * (kNumberColumns + 1);
  layout.name = std::min(rest, kMostName);
  if (rest > layout.name + 2) layout.bar = rest - layout.name - 2;
  if (layout.bar == 0 && rest > 32) {
    layout.name = 20;
    layout.bar = rest - layout.name - 2;
  }
  return layout;
}

}  // namespace

void draw_talkers(Grid& grid, const Box& box, const TalkerList& list) {
  const unsigned left = box.column + 1;
  const Layout layout = layout_for(box.columns - 1);
  const auto put_row = [&](unsigned row, const std::string& name, const Talker* one) {
    const Style style = one == nullptr ? Style::Strong : Style::Plain;
    grid.put({.row = row, .column = left, .width = layout.name}, name, style, Align::Ends);
    for (unsigned i = 0; i < layout.numbers; ++i)
      grid.put({.row = row,
                .column = left + layout.name + 1 + i * (kNumberColumns + 1),
                .width = kNumberColumns},
               one == nullptr ? kNumbers[i].heading : kNumbers[i].text(*one), style, Align::Right);
  };
  put_row(box.row, list.heading, nullptr);
  const size_t rows = box.rows - 1;
  const std::vector<Talker>& talkers = list.talkers;
  const size_t cursor =
      list.cursor && !talkers.empty() ? std::min(*list.cursor, talkers.size() - 1) : 0;
  const size_t begin = page_begin(cursor, rows);
  for (size_t i = begin; i < std::min(begin + rows, talkers.size()); ++i) {
    const Talker& one = talkers[i];
    const unsigned row = box.row + 1 + static_cast<unsigned>(i - begin);
    put_row(row, one.name.empty() ? "(none)" : escaped(one.name), &one);
    const unsigned behind = left + layout.name + 2 + layout.numbers * (kNumberColumns + 1);
    grid.put(
        {.row = row, .column = behind, .width = layout.bar},
        bar(static_cast<double>(one.bytes), static_cast<double>(talkers.front().bytes), layout.bar),
        Style::Accent);
    if (list.cursor && i == cursor)
      grid.set_style({.row = row, .column = box.column, .width = box.columns}, Style::Selected);
  }
}

}  // namespace pktana::top
