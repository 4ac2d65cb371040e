// SPDX-License-Identifier: Apache-2.0
#include "filter/address_set.h"

#include <algorithm>

namespace pktana::filter {
namespace {

constexpr AddressRange kIpv4Range{Address::ipv4(0), Address::ipv4(UINT32_MAX)};

/// Sorts, and joins what overlaps or touches.
std::vector<AddressRange> normalize(std::vector<AddressRange> ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const AddressRange& a, const AddressRange& b) { return a.first < b.first; });
  size_t kept = 0;
  for (const AddressRange& range : ranges) {
    const bool joins = kept > 0 && (range.first <= ranges[kept - 1].last ||
                                    ranges[kept - 1].last.next() == range.first);
    if (joins)
      ranges[kept - 1].last = std::max(ranges[kept - 1].last, range.last);
    else
      ranges[kept++] = range;
  }
  ranges.resize(kept);
  return ranges;
}

bool ends_before(const AddressRange& range, Address address) noexcept {
  return range.last < address;
}

}  // namespace

AddressSet::AddressSet(std::vector<AddressRange> ranges) {
  for (const AddressRange& range : normalize(std::move(ranges))) {
    // An IPv6 prefix such as ::/0 reaches over the IPv4 ones: that part goes where they are looked
    // for.
    const Address first = std::max(range.first, kIpv4Range.first);
    const Address last = std::min(range.last, kIpv4Range.last);
    if (first <= last)
      ipv4_.push_back({static_cast<uint32_t>(first.low), static_cast<uint32_t>(last.low)});
    if (range.first < kIpv4Range.first || range.last > kIpv4Range.last) others_.push_back(range);
  }
  if (!ipv4_.empty()) build_index();
}

void AddressSet::build_index() {
  index_.resize((size_t{1} << kIndexBits) + 1);
  size_t range = 0;
  for (size_t block = 0; block < index_.size(); ++block) {
    const uint64_t begin = uint64_t{block} << (32 - kIndexBits);
    while (range < ipv4_.size() && ipv4_[range].last < begin)
      ++range;
    index_[block] = static_cast<uint32_t>(range);
  }
}

bool AddressSet::contains(Address address) const noexcept {
  if (address.is_ipv4()) return contains_ipv4(static_cast<uint32_t>(address.low));
  const auto found = std::lower_bound(others_.begin(), others_.end(), address, ends_before);
  return found != others_.end() && found->first <= address;
}

bool AddressSet::contains_ipv4(uint32_t address) const noexcept {
  if (ipv4_.empty()) return false;
  const uint32_t block = address >> (32 - kIndexBits);
  const auto begin = ipv4_.begin() + index_[block];
  // The range that covers the block's end may be the first of the next block.
  const auto end = ipv4_.begin() + static_cast<ptrdiff_t>(std::min<size_t>(
                                       size_t{index_[block + 1]} + 1, ipv4_.size()));
  const auto found =
      std::lower_bound(begin, end, address,
                       [](const Ipv4Range& range, uint32_t value) { return range.last < value; });
  return found != end && found->first <= address;
}

}  // namespace pktana::filter
