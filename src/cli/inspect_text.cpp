// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/clock_text.h"
#include "cli/inspect_print.h"
#include "cli/terminal.h"
#include "inspect/names.h"

namespace pktana::cli {
namespace {

constexpr std::string_view kBold = "\033[1m";
constexpr std::string_view kDim = "\033[2m";
constexpr std::string_view kRed = "\033[1;31m";
constexpr std::string_view kYellow = "\033[33m";
constexpr std::string_view kPlain = "\033[0m";

std::string painted(std::string_view text, std::string_view color, bool on) {
  if (!on) return std::string(text);
  return std::string(color) + std::string(text) + std::string(kPlain);
}

std::string padded(std::string text, size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

/// "14-33", "23", "23.0-3" for bits (0 is the highest of the first byte).
std::string place_of(const inspect::Node& node) {
  if (node.length == 0) return "-";
  std::string text = std::to_string(node.offset);
  if (node.length > 1) text += "-" + std::to_string(node.offset + node.length - 1);
  return text;
}

std::string header_line(const PacketFacts& facts, bool color) {
  std::string text = painted("packet " + std::to_string(facts.number), kBold, color);
  if (facts.has_time) {
    char room[Line::kMaxLineBytes];
    Line line(room);
    ClockText(sink::TimeZone::Utc, ClockText::Style::DateAndNanos).put(line, facts.ts_ns);
    text += ", " + std::string(room, line.end()) + " UTC";
  }
  text += ", " + std::to_string(facts.captured_len) + " bytes";
  if (facts.captured_len != facts.wire_len)
    text += " of " + std::to_string(facts.wire_len) + " captured";
  text += ", link type " + std::string(inspect::link_type_name(facts.link_type));
  return text + (facts.link_type_guessed ? " (guessed; --link-type says it)\n" : "\n");
}

std::string value_of(const inspect::Node& node) {
  if (node.meaning.empty()) return node.text;
  if (node.text.empty()) return node.meaning;
  return node.text + " (" + node.meaning + ")";
}

void add_layer(const inspect::Node& node, bool color, std::string& text) {
  const std::string indent(size_t{2} * node.depth, ' ');
  text += indent + painted(node.name, kBold, color) + " [" + place_of(node) + "]";
  if (!node.meaning.empty()) text += "  " + node.meaning;
  text += '\n';
  if (!node.text.empty()) text += indent + "  " + printable(node.text) + '\n';
}

void add_field(const inspect::Node& node, bool color, std::string& text) {
  constexpr size_t kPlaceColumns = 9;
  constexpr size_t kNameColumns = 22;
  const std::string indent(size_t{2} * node.depth, ' ');
  std::string name = padded(std::string(node.name), kNameColumns);
  text += indent + painted(padded(place_of(node), kPlaceColumns), kDim, color) + name + " " +
          printable(value_of(node));
  text.erase(text.find_last_not_of(' ') + 1);
  text += '\n';
}

std::string finding_line(const inspect::Finding& finding, bool color) {
  const std::string_view paint =
      finding.severity == inspect::Severity::Error
          ? kRed
          : (finding.severity == inspect::Severity::Warning ? kYellow : kDim);
  std::string text = painted("! " + std::string(to_string(finding.severity)), paint, color);
  text += " " + std::string(finding.layer) + "." + std::string(finding.code) + ": " + finding.why;
  if (finding.length > 0)
    text += " [" + place_of({.offset = finding.offset, .length = finding.length}) + "]";
  return text + '\n';
}

}  // namespace

std::string inspect_text(const PacketFacts& facts, const inspect::Tree& tree,
                         const PrintStyle& style) {
  std::string text = header_line(facts, style.color);
  for (const inspect::Node& node : tree.nodes) {
    if (node.name == "checksum_status") continue;  // the checksum says it
    if (node.kind == inspect::NodeKind::Layer)
      add_layer(node, style.color, text);
    else if (node.value_kind != inspect::ValueKind::Flag || style.every_flag)
      add_field(node, style.color, text);
  }
  for (const inspect::Finding& finding : tree.findings)
    text += finding_line(finding, style.color);
  return text;
}

}  // namespace pktana::cli
