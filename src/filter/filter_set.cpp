// SPDX-License-Identifier: Apache-2.0
#include "filter/filter_set.h"

#include <algorithm>
#include <array>

namespace pktana::filter {
namespace {

constexpr uint16_t kEthernet = 1;
// Raw IP, Linux cooked (two kinds), BSD loopback; 802.11 with radiotap and bare.
constexpr std::array<uint16_t, 4> kOtherWired{101, 113, 276, 0};
constexpr std::array<uint16_t, 2> kWireless{127, 105};

}  // namespace

base::Result<FilterSet> FilterSet::create(std::string expression) {
  const auto accepts = [&](uint16_t link_type) {
    const auto filter = PacketFilter::compile(expression, link_type);
    return filter && !filter->rejects_all();
  };
  auto ethernet = PacketFilter::compile(expression, kEthernet);
  const bool possible = (ethernet && !ethernet->rejects_all()) ||
                        std::any_of(kOtherWired.begin(), kOtherWired.end(), accepts) ||
                        (!ethernet && std::any_of(kWireless.begin(), kWireless.end(), accepts));
  if (possible) return FilterSet(std::move(expression));
  if (ethernet) return base::fail_input("packet filter", "no packet can match: " + expression);
  return base::Unexpected(std::move(ethernet.error()));
}

const FilterSet::Entry& FilterSet::find(uint16_t link_type) noexcept {
  auto entry = std::find_if(entries_.begin(), entries_.end(),
                            [&](const Entry& e) { return e.link_type == link_type; });
  if (entry == entries_.end()) {
    add(link_type);
    entry = std::prev(entries_.end());
  }
  last_ = static_cast<size_t>(entry - entries_.begin());
  last_link_type_ = link_type;
  return *entry;
}

void FilterSet::add(uint16_t link_type) noexcept {
  auto filter = PacketFilter::compile(expression_, link_type);
  if (filter) {
    entries_.push_back({link_type, std::move(*filter)});
    return;
  }
  entries_.push_back({link_type, std::nullopt});
  if (!error_)
    error_ = base::input_error("packet filter", "impossible for " + describe_link_type(link_type) +
                                                    " packets: " + filter.error().detail);
}

}  // namespace pktana::filter
