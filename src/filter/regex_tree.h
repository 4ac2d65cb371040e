// SPDX-License-Identifier: Apache-2.0
// The syntax tree of a regular expression; between regex_parser.cpp and regex.cpp.
#pragma once

#include <bitset>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pktana::filter {

using ByteClass = std::bitset<256>;

struct RegexNode {
  enum class Kind : uint8_t { Empty, Bytes, Begin, End, Sequence, Either, Repeat };
  static constexpr uint32_t kUnbounded = UINT32_MAX;

  Kind kind = Kind::Empty;
  uint32_t left = 0;  ///< Sequence, Either, Repeat: index of a node
  uint32_t right = 0;
  uint32_t low = 0;  ///< Repeat: how often
  uint32_t high = 0;
  ByteClass bytes{};
};

struct RegexTree {
  std::vector<RegexNode> nodes;
  uint32_t root = 0;
};

[[nodiscard]] base::Result<RegexTree> parse_regex(std::string_view pattern);

}  // namespace pktana::filter
