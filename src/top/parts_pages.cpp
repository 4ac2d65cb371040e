// SPDX-License-Identifier: Apache-2.0
// The pages that are no lists of flows or talkers.
#include <algorithm>
#include <string>

#include "top/figures.h"
#include "top/parts.h"

namespace pktana::top {
namespace {

/// Parts of the ledger that say where packets and records are, not that they are lost.
bool is_loss(const std::string& part) noexcept {
  return part == "ring_drops" || part.starts_with("dropped") || part.starts_with("lost");
}

/// Writes a line after another, as many as there is room for.
class Lines {
 public:
  Lines(Grid& grid, const Box& box) : grid_(grid), box_(box) {}

  void add(const std::string& text, Style style = Style::Plain, unsigned indent = 1) {
    if (row_ >= box_.rows) return;
    grid_.put({.row = box_.row + row_++,
               .column = box_.column + indent,
               .width = box_.columns - indent - 1},
              text, style);
  }

 private:
  Grid& grid_;
  const Box box_;
  unsigned row_ = 0;
};

void add_interfaces(Lines& lines, const Snapshot& now) {
  for (const Interface& one : now.interfaces) {
    std::string text = escaped(one.name) + (one.up ? "" : " (down)") + ": " +
                       std::to_string(one.packets) + " packets, " + std::to_string(one.drops) +
                       " dropped";
    if (one.drops > 0)
      text += " (" +
              percent_text(static_cast<double>(one.drops), static_cast<double>(one.packets)) + ")";
    lines.add(text, one.drops > 0 || !one.attached ? Style::Bad : Style::Plain, 3);
  }
}

void add_identity(Lines& lines, const Identity& identity) {
  const std::string total = identity.total ? std::to_string(*identity.total) : "unknown";
  lines.add(identity.name + ": " + identity.total_name + " " + total +
                (identity.balanced ? "" : "  DOES NOT BALANCE"),
            identity.balanced ? Style::Plain : Style::Bad, 3);
  std::string parts;
  bool lost = false;
  for (const auto& [name, count] : identity.parts) {
    parts += (parts.empty() ? "= " : " + ") + name + " " + std::to_string(count);
    lost = lost || (count > 0 && is_loss(name));
  }
  lines.add(parts, lost ? Style::Bad : Style::Dim, 5);
}

using FlowField = FlowFields::value_type;

/// Counters of what did not happen come last.
std::vector<const FlowField*> telling_first(const FlowFields& fields) {
  std::vector<const FlowField*> ordered;
  for (const FlowField& field : fields)
    ordered.push_back(&field);
  std::stable_partition(ordered.begin(), ordered.end(), [](const FlowField* field) {
    return field->second != "0" && field->second != "0s" && field->second != "false";
  });
  return ordered;
}

constexpr const char* kHelp[] = {
    " 1 2 3 4 5, Tab    flows, talkers, protocols, applications, losses",
    " Up Down j k       choose a row;  PgUp PgDn Home End: by pages",
    " Enter             flow: all that is known of it;  other rows: their flows",
    " Esc               back; then: choose no flow, no filter",
    " /                 filter: a flow expression, as in  dest_port == 443 and bytes > 1MB",
    "                   Ctrl-U empties it; 'pktana fields' lists the fields",
    " s  S              sort by the next, the last key: rate, bytes, packets, duration,",
    "                   start, last",
    " r                 the least first",
    " Space p           pause: the screen stands still, the capture goes on",
    " ? h               this help",
    " q Ctrl-C          quit",
    "",
    " BIT/S is between two looks; of talkers, of those flows that are listed. BYTES,",
    " PKTS and FLOWS of talkers are those of live flows. Red: something was lost.",
};

}  // namespace

bool has_losses(const Snapshot& snapshot) noexcept {
  const Counters& counters = snapshot.counters;
  return counters.drops.value_or(0) > 0 || counters.records_lost > 0 ||
         !snapshot.troubles.empty() ||
         std::any_of(snapshot.ledger.begin(), snapshot.ledger.end(),
                     [](const Identity& identity) { return !identity.balanced; });
}

void draw_losses(Grid& grid, const Box& box, const Model& model) {
  const Snapshot& now = model.now();
  Lines lines(grid, box);
  lines.add("INTERFACES", Style::Strong);
  add_interfaces(lines, now);
  if (!now.troubles.empty()) lines.add("TROUBLES", Style::Strong);
  for (const std::string& trouble : now.troubles)
    lines.add(escaped(trouble), Style::Bad, 3);
  lines.add("LEDGER", Style::Strong);
  for (const Identity& identity : now.ledger)
    add_identity(lines, identity);
  if (now.counters.undecodable > 0)
    lines.add("undecodable packets: " + std::to_string(now.counters.undecodable), Style::Warning,
              3);
}

void draw_details(Grid& grid, const Box& box, const State& state) {
  Lines lines(grid, box);
  lines.add("FLOW " + std::to_string(*state.detailed) + (state.has_ended ? "  (has ended)" : ""),
            Style::Strong);
  if (!state.fields) {
    lines.add(state.has_ended ? "it has ended" : "asking ...");
    return;
  }
  constexpr unsigned kNames = 25;
  const std::vector<const FlowField*> fields = telling_first(*state.fields);
  const unsigned rows = box.rows - 1;
  const unsigned columns = box.columns >= 120 ? 2 : 1;
  const unsigned width = box.columns / columns;
  const size_t room = size_t{rows} * columns;
  const size_t begin = fields.size() > room ? std::min(state.first_field, fields.size() - room) : 0;
  for (size_t i = begin; i < std::min(begin + room, fields.size()); ++i) {
    const auto place = static_cast<unsigned>(i - begin);
    const unsigned row = box.row + 1 + place % rows;
    const unsigned column = box.column + place / rows * width;
    grid.put({.row = row, .column = column + 1, .width = kNames}, escaped(fields[i]->first),
             Style::Dim, Align::Ends);
    grid.put({.row = row, .column = column + kNames + 2, .width = width - kNames - 3},
             escaped(fields[i]->second));
  }
}

void draw_help(Grid& grid, const Box& box) {
  Lines lines(grid, box);
  for (const char* line : kHelp)
    lines.add(line, Style::Plain, 0);
}

}  // namespace pktana::top
