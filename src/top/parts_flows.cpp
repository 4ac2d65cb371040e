// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "top/figures.h"
#include "top/parts.h"

namespace pktana::top {
namespace {

constexpr unsigned kLeastEndpoint = 21;  ///< "255.255.255.255:65535"
constexpr unsigned kMostEndpoint = 47;   ///< the longest IPv6 address and a port
constexpr unsigned kMostName = 60;

struct Column {
  const char* heading;
  unsigned width;
  Align align;
  std::string (*text)(const Flow&);
};

std::string endpoint(const std::string& address, const std::optional<uint16_t>& port) {
  if (!port) return address;
  const bool ipv6 = address.find(':') != std::string::npos;
  return (ipv6 ? "[" + address + "]" : address) + ":" + std::to_string(*port);
}

// clang-format off
std::string src_text(const Flow& flow) { return endpoint(flow.src, flow.src_port); }
std::string dst_text(const Flow& flow) { return endpoint(flow.dst, flow.dst_port); }
std::string protocol_text(const Flow& flow) { return escaped(flow.protocol); }
std::string application_text(const Flow& flow) { return escaped(flow.application); }
std::string rate_text(const Flow& flow) { return flow.rate ? bits_text(*flow.rate) : "-"; }
std::string size_text(const Flow& flow) { return bytes_text(flow.all_bytes()); }
std::string packets_text(const Flow& flow) { return count_text(static_cast<double>(flow.all_packets())); }
std::string age_text(const Flow& flow) { return duration_text(flow.duration_ns()); }
std::string state_text(const Flow& flow) { return escaped(flow.state); }
std::string name_text(const Flow& flow) { return escaped(flow.name); }
std::string interface_text(const Flow& flow) { return escaped(flow.interface); }
// clang-format on

/// What every screen has room for, then what wider ones have; the rest goes to endpoints and name.
std::vector<Column> columns_for(unsigned room) {
  std::vector<Column> columns{{"SOURCE", kLeastEndpoint, Align::Ends, src_text},
                              {"DESTINATION", kLeastEndpoint, Align::Ends, dst_text},
                              {"PROTO", 5, Align::Left, protocol_text},
                              {"APP", 7, Align::Left, application_text},
                              {"BIT/S", 5, Align::Right, rate_text},
                              {"BYTES", 6, Align::Right, size_text},
                              {"PKTS", 5, Align::Right, packets_text}};
  unsigned taken = 0;
  for (const Column& column : columns)
    taken += column.width + 1;
  const auto add = [&](const Column& column) {
    if (taken + column.width + 1 > room) return;
    columns.push_back(column);
    taken += column.width + 1;
  };
  add({"DURATION", 8, Align::Right, age_text});
  add({"STATE", 11, Align::Left, state_text});
  if (room >= 150) add({"INTERFACE", 10, Align::Left, interface_text});
  if (room - std::min(room, taken) < 12) return columns;
  const unsigned rest = room - taken - 1;
  const unsigned endpoints = std::min((rest - 11) / 3, kMostEndpoint - kLeastEndpoint);
  columns[0].width += endpoints;
  columns[1].width += endpoints;
  columns.push_back({"NAME", std::min(rest - 2 * endpoints, kMostName), Align::Left, name_text});
  return columns;
}

void draw_row(Grid& grid, const Span& span, const std::vector<Column>& columns, const Flow* flow) {
  unsigned column = span.column;
  for (const Column& one : columns) {
    grid.put({.row = span.row, .column = column, .width = one.width},
             flow == nullptr ? one.heading : one.text(*flow),
             flow == nullptr ? Style::Strong : Style::Plain,
             flow == nullptr && one.align == Align::Ends ? Align::Left : one.align);
    column += one.width + 1;
  }
}

/// How much of it all the list shows.
std::string count_note(const Snapshot& now, size_t page, size_t pages) {
  std::string note = std::to_string(now.flows_matched) + " flows";
  if (now.flows.size() < now.flows_matched) note = std::to_string(now.flows.size()) + " of " + note;
  if (!now.complete) note += ", not all workers answered";
  if (pages > 1) note += "  page " + std::to_string(page) + "/" + std::to_string(pages);
  return note;
}

}  // namespace

void draw_flows(Grid& grid, const Box& box, const Model& model, const State& state) {
  const std::vector<const Flow*> flows = model.sorted_flows(state.wanted.sort, state.reverse);
  const std::vector<Column> columns = columns_for(box.columns - 1);
  draw_row(grid, {.row = box.row, .column = box.column + 1}, columns, nullptr);
  const size_t rows = box.rows - 2;  // headings, note
  const size_t cursor = flows.empty() ? 0 : std::min(state.cursor, flows.size() - 1);
  const size_t begin = page_begin(cursor, rows);
  const size_t end = std::min(begin + rows, flows.size());
  for (size_t i = begin; i < end; ++i) {
    const Span line{.row = box.row + 1 + static_cast<unsigned>(i - begin),
                    .column = box.column,
                    .width = box.columns};
    draw_row(grid, {.row = line.row, .column = line.column + 1}, columns, flows[i]);
    if (i == cursor) grid.set_style(line, Style::Selected);
  }
  grid.put({.row = box.row + box.rows - 1, .column = box.column + 1, .width = box.columns - 1},
           count_note(model.now(), begin / rows + 1, (flows.size() + rows - 1) / rows), Style::Dim);
}

}  // namespace pktana::top
