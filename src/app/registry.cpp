// SPDX-License-Identifier: Apache-2.0
#include "app/registry.h"

#include <algorithm>
#include <cassert>
#include <tuple>

#include "app/builtin.h"

namespace pktana::app {
namespace {

uint32_t hint_key(uint8_t protocol, uint16_t port) noexcept {
  return uint32_t{protocol} << 16 | port;
}

base::Result<void> check(const pktana_dissector& dissector) {
  const std::string what = "dissector";
  if (dissector.size < sizeof(pktana_dissector))
    return base::fail_input(what, "its size is smaller than this pktana's pktana_dissector");
  if (dissector.name == nullptr || *dissector.name == '\0')
    return base::fail_input(what, "it has no name");
  const std::string name = dissector.name;
  if (dissector.state_bytes > 65536)
    return base::fail_input(what, name + ": more than 64 KiB of state for each flow");
  if (dissector.probe != nullptr && (dissector.protocols & (PKTANA_ON_TCP | PKTANA_ON_UDP)) == 0)
    return base::fail_input(what, name + ": its protocols name neither TCP nor UDP");
  return {};
}

}  // namespace

Registry Registry::with_builtin() {
  Registry registry;
  for (const DissectorList list :
       {secure_dissectors(), internet_dissectors(), enterprise_dissectors()}) {
    for (const pktana_dissector* dissector : list) {
      [[maybe_unused]] const auto added = registry.add(*dissector, nullptr);
      assert(added);
    }
  }
  return registry;
}

base::Result<void> Registry::add(const pktana_dissector& dissector, PluginCounters* plugin) {
  if (auto fine = check(dissector); !fine) return fine;
  if (entries_.size() == kMaxDissectors)
    return base::fail_input("dissector", std::string(dissector.name) + ": there are too many");
  if (find(dissector.name) != nullptr)
    return base::fail_input("dissector", std::string(dissector.name) + ": the name is taken");
  const auto index = static_cast<DissectorIndex>(entries_.size());
  entries_.push_back({.dissector = &dissector, .plugin = plugin});
  if (dissector.probe == nullptr) return {};
  if ((dissector.protocols & PKTANA_ON_TCP) != 0) {
    insert_in_order(0, index);
    add_hints(dissector.tcp_ports, PKTANA_TCP, index);
  }
  if ((dissector.protocols & PKTANA_ON_UDP) != 0) {
    insert_in_order(1, index);
    add_hints(dissector.udp_ports, PKTANA_UDP, index);
  }
  return {};
}

void Registry::add_hints(const uint16_t* ports, uint8_t protocol, DissectorIndex index) {
  for (; ports != nullptr && *ports != 0; ++ports)
    hints_[hint_key(protocol, *ports)].push_back(index);
}

void Registry::insert_in_order(unsigned transport, DissectorIndex index) {
  const auto rank = [this](DissectorIndex i) {
    const pktana_dissector& one = *entries_[i].dissector;
    return std::tuple((one.flags & PKTANA_FALLBACK) != 0, one.priority, i);
  };
  auto& order = order_[transport];
  order.insert(
      std::upper_bound(order.begin(), order.end(), index,
                       [&](DissectorIndex a, DissectorIndex b) { return rank(a) < rank(b); }),
      index);
}

const DissectorEntry* Registry::find(std::string_view name) const noexcept {
  for (const DissectorEntry& entry : entries_)
    if (entry.dissector->name == name) return &entry;
  return nullptr;
}

std::span<const DissectorIndex> Registry::hinted(uint8_t protocol, uint16_t port) const noexcept {
  const auto found = hints_.find(hint_key(protocol, port));
  if (found == hints_.end()) return {};
  return found->second;
}

std::vector<std::string_view> Registry::event_names() const {
  std::vector<std::string_view> names;
  for (const DissectorEntry& entry : entries_)
    for (const char* const* name = entry.dissector->events; name != nullptr && *name != nullptr;
         ++name)
      names.emplace_back(*name);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace pktana::app
