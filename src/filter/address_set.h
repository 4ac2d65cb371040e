// SPDX-License-Identifier: Apache-2.0
// A set of addresses and prefixes, made once and then only asked: `src_ip in @blocklist.txt`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "filter/address.h"

namespace pktana::filter {

/// Sorted intervals; IPv4 apart, with an index over the first 16 bits. A million IPv4 entries take
/// 8 MB. Threads: const, shareable.
class AddressSet {
 public:
  AddressSet() = default;
  explicit AddressSet(std::vector<AddressRange> ranges);

  /// Cost: no allocation; a binary search in one /16 (IPv4) or in all of them (IPv6).
  [[nodiscard]] bool contains(Address address) const noexcept;

  /// Intervals left after joining what overlaps or touches.
  [[nodiscard]] size_t size() const noexcept { return ipv4_.size() + others_.size(); }

 private:
  struct Ipv4Range {
    uint32_t first;
    uint32_t last;
  };
  static constexpr unsigned kIndexBits = 16;

  void build_index();
  [[nodiscard]] bool contains_ipv4(uint32_t address) const noexcept;

  std::vector<Ipv4Range> ipv4_;
  std::vector<uint32_t> index_;  ///< [n]: first range that ends at n << 16 or later
  std::vector<AddressRange> others_;
};

}  // namespace pktana::filter
