// SPDX-License-Identifier: Apache-2.0
// A dissected frame as a tree of layers and fields: what dissect() makes, and the text, JSON and
// hex dump of `pktana inspect` show. Plain data that owns its texts; offsets are into the frame.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pktana::inspect {

enum class NodeKind : uint8_t { Layer, Field };

/// What Node::number means.
enum class ValueKind : uint8_t {
  Nothing,  ///< a group of fields, or one that only has a text
  Number,
  Flag,  ///< 0 or 1
};

struct Node {
  std::string_view name;  ///< snake_case; static
  NodeKind kind = NodeKind::Field;
  ValueKind value_kind = ValueKind::Nothing;
  uint8_t depth = 0;    ///< of the layers of the frame: 0. A node's children follow it, one deeper.
  uint32_t offset = 0;  ///< first byte
  uint32_t length = 0;  ///< bytes; of a layer: its header (a quoted packet: all of it)
  uint64_t mask = 0;    ///< bits of these bytes, as one big-endian number; 0 = all of them
  uint64_t number = 0;
  std::string text;     ///< the value as people write it
  std::string meaning;  ///< what the value stands for; of a layer: the layer in one line
};

enum class Severity : uint8_t {
  Note,     ///< worth knowing: a checksum left to the network card, a cut packet
  Warning,  ///< unusual, seldom meant well: SYN and FIN, a martian address
  Error,    ///< wrong: a bad checksum, a length beyond the packet
};
[[nodiscard]] std::string_view to_string(Severity severity) noexcept;  ///< "note", "warning", ...

/// Something odd about the frame.
struct Finding {
  Severity severity = Severity::Note;
  std::string_view layer;  ///< its name in the tree; static
  std::string_view code;   ///< snake_case, for programs; static
  uint32_t offset = 0;     ///< the bytes that show it
  uint32_t length = 0;
  std::string why;  ///< one sentence
};

struct Tree {
  std::vector<Node> nodes;  ///< in the order of a walk: parents before children
  std::vector<Finding> findings;
};

}  // namespace pktana::inspect
