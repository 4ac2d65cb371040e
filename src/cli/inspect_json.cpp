// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/clock_text.h"
#include "cli/inspect_print.h"
#include "cli/json_text.h"
#include "inspect/names.h"

namespace pktana::cli {
namespace {

std::string member(std::string_view name, std::string_view json) {
  return ",\"" + std::string(name) + "\":" + std::string(json);
}

std::string member(std::string_view name, uint64_t number) {
  return member(name, std::to_string(number));
}

std::string value_of(const inspect::Node& node) {
  if (node.value_kind == inspect::ValueKind::Flag) return node.number != 0 ? "true" : "false";
  return std::to_string(node.number);
}

/// Everything of a node but its children.
std::string members_of(const inspect::Node& node) {
  std::string text = "\"name\":" + json_string(node.name);
  const bool layer = node.kind == inspect::NodeKind::Layer;
  if (layer) text += ",\"layer\":true";
  text += member("offset", node.offset) + member("length", node.length);
  if (node.mask != 0) text += member("mask", node.mask);
  if (node.value_kind != inspect::ValueKind::Nothing) text += member("value", value_of(node));
  if (!node.text.empty() && node.value_kind != inspect::ValueKind::Flag)
    text += member("text", json_string(node.text));
  if (!node.meaning.empty())
    text += member(layer ? "summary" : "meaning", json_string(node.meaning));
  return text;
}

/// Nodes come parents first; the arrays are opened and closed as the depth goes up and down.
std::string tree_of(const std::vector<inspect::Node>& nodes) {
  std::string text;
  unsigned open = 0;
  for (size_t i = 0; i < nodes.size(); ++i) {
    const unsigned depth = nodes[i].depth;
    if (i > 0 && depth > nodes[i - 1].depth) {
      text += ",\"fields\":[";
      ++open;
    } else if (i > 0) {
      text += '}';
      for (unsigned from = nodes[i - 1].depth; from > depth && open > 0; --from, --open)
        text += "]}";
      text += ',';
    }
    text += '{' + members_of(nodes[i]);
  }
  if (!nodes.empty()) text += '}';
  for (; open > 0; --open)
    text += "]}";
  return text;
}

std::string finding_json(const inspect::Finding& finding) {
  return "{\"severity\":" + json_string(to_string(finding.severity)) +
         member("layer", json_string(finding.layer)) + member("code", json_string(finding.code)) +
         member("offset", finding.offset) + member("length", finding.length) +
         member("why", json_string(finding.why)) + "}";
}

std::string timestamp_json(int64_t ns) {
  char room[Line::kMaxLineBytes];
  Line line(room);
  ClockText(sink::TimeZone::Utc, ClockText::Style::DateAndNanos).put(line, ns);
  std::string text(room, line.end());
  std::replace(text.begin(), text.end(), ' ', 'T');
  return json_string(text + "Z");
}

}  // namespace

std::string inspect_json(const PacketFacts& facts, const inspect::Tree& tree) {
  std::string text = "{\"packet\":" + std::to_string(facts.number);
  if (facts.has_time) text += member("timestamp", timestamp_json(facts.ts_ns));
  text += member("captured_bytes", facts.captured_len) + member("wire_bytes", facts.wire_len) +
          member("link_type", facts.link_type) +
          member("link_type_name", json_string(inspect::link_type_name(facts.link_type)));
  text += ",\"layers\":[" + tree_of(tree.nodes) + "],\"findings\":[";
  for (size_t i = 0; i < tree.findings.size(); ++i)
    text += (i > 0 ? "," : "") + finding_json(tree.findings[i]);
  return text + "]}\n";
}

}  // namespace pktana::cli
