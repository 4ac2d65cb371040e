// SPDX-License-Identifier: Apache-2.0
// A dissected packet as text: the tree for people, one JSON object for programs, the hex dump with
// the field below each byte. docs/inspect.md describes all three.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "inspect/tree.h"

namespace pktana::cli {

/// What is known of the packet beside its bytes.
struct PacketFacts {
  uint64_t number = 0;  ///< in its file, from 1
  bool has_time = false;
  int64_t ts_ns = 0;
  uint32_t captured_len = 0;
  uint32_t wire_len = 0;
  uint16_t link_type = 1;
  bool link_type_guessed = false;
};

struct PrintStyle {
  bool color = false;
  bool every_flag = false;  ///< -v: flags one by one, too
};

[[nodiscard]] std::string inspect_text(const PacketFacts& facts, const inspect::Tree& tree,
                                       const PrintStyle& style);

/// One line. Members: number, timestamp, captured_bytes, wire_bytes, link_type, link_type_name,
/// layers, findings.
[[nodiscard]] std::string inspect_json(const PacketFacts& facts, const inspect::Tree& tree);

[[nodiscard]] std::string inspect_hex_dump(base::Bytes frame, const inspect::Tree& tree,
                                           bool color);

}  // namespace pktana::cli
