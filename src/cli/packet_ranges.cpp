// SPDX-License-Identifier: Apache-2.0
#include "cli/packet_ranges.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <string>

namespace pktana::cli {
namespace {

constexpr uint64_t kNoEnd = std::numeric_limits<uint64_t>::max();

std::optional<uint64_t> parse_number(std::string_view text, uint64_t if_empty) {
  if (text.empty()) return if_empty;
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value == 0) return std::nullopt;
  return value;
}

std::optional<PacketRange> parse_range(std::string_view text) {
  if (text.empty() || text == "-") return std::nullopt;
  const size_t dash = text.find('-');
  const auto first = parse_number(text.substr(0, dash), 1);
  if (!first) return std::nullopt;
  if (dash == std::string_view::npos) return PacketRange{*first, *first};
  const auto last = parse_number(text.substr(dash + 1), kNoEnd);
  if (!last || *last < *first) return std::nullopt;
  return PacketRange{*first, *last};
}

}  // namespace

base::Result<PacketRanges> PacketRanges::parse(std::string_view text) {
  PacketRanges ranges;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    const auto range = parse_range(text.substr(begin, end - begin));
    if (!range)
      return base::fail_input(
          "", "'" + std::string(text) + "' is no list of packet numbers, as in 3 or 3-7 or 1,5-");
    ranges.ranges_.push_back(*range);
    begin = end + 1;
  }
  return ranges;
}

bool PacketRanges::holds(uint64_t number) const noexcept {
  return ranges_.empty() ||
         std::any_of(ranges_.begin(), ranges_.end(), [number](const PacketRange& range) {
           return number >= range.first && number <= range.last;
         });
}

uint64_t PacketRanges::last() const noexcept {
  uint64_t last = ranges_.empty() ? kNoEnd : 0;
  for (const PacketRange& range : ranges_)
    last = std::max(last, range.last);
  return last;
}

}  // namespace pktana::cli
