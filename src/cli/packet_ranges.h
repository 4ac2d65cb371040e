// SPDX-License-Identifier: Apache-2.0
// --packet of inspect: numbers of packets in a file, from 1.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pktana::cli {

struct PacketRange {
  uint64_t first = 1;
  uint64_t last = 1;  ///< itself included
};

class PacketRanges {
 public:
  /// "3", "3-7", "5-" (to the end), "-4" (from the first), "1,3-5".
  [[nodiscard]] static base::Result<PacketRanges> parse(std::string_view text);

  /// Without any all packets are wanted.
  [[nodiscard]] bool holds(uint64_t number) const noexcept;
  /// Nothing behind it is wanted.
  [[nodiscard]] uint64_t last() const noexcept;
  [[nodiscard]] bool empty() const noexcept { return ranges_.empty(); }

 private:
  std::vector<PacketRange> ranges_;
};

}  // namespace pktana::cli
