// SPDX-License-Identifier: Apache-2.0
// All dissectors of a run, built in or loaded, and in which order a flow's bytes are shown to their
// probes. Filled at start, const while packets come.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/plugin_counters.h"
#include "base/result.h"
#include "pktana/plugin.h"

namespace pktana::app {

/// Index of a dissector in its registry.
using DissectorIndex = uint16_t;

struct DissectorEntry {
  const pktana_dissector* dissector;
  PluginCounters* plugin;  ///< whose calls are guarded and counted; null = built in
};

class Registry {
 public:
  static constexpr size_t kMaxDissectors = 192;

  /// The dissectors that come with pktana.
  [[nodiscard]] static Registry with_builtin();

  /// @param plugin counts for it and outlives the registry; null = built in.
  /// @return an error that says what is wrong with it: no name, a name that is taken, no calls.
  [[nodiscard]] base::Result<void> add(const pktana_dissector& dissector, PluginCounters* plugin);

  [[nodiscard]] size_t size() const noexcept { return entries_.size(); }
  [[nodiscard]] const DissectorEntry& at(DissectorIndex index) const noexcept {
    return entries_[index];
  }
  /// Null if there is none of that name.
  [[nodiscard]] const DissectorEntry* find(std::string_view name) const noexcept;
  [[nodiscard]] DissectorIndex index_of(const DissectorEntry& entry) const noexcept {
    return static_cast<DissectorIndex>(&entry - entries_.data());
  }

  /// Those that name the port as theirs.
  [[nodiscard]] std::span<const DissectorIndex> hinted(uint8_t protocol,
                                                       uint16_t port) const noexcept;
  /// All with a probe for the protocol, by priority, fallbacks last.
  [[nodiscard]] std::span<const DissectorIndex> in_order(uint8_t protocol) const noexcept {
    return order_[protocol == PKTANA_TCP ? 0 : 1];
  }

  /// Each once, sorted: what --events can name beside pktana's own.
  [[nodiscard]] std::vector<std::string_view> event_names() const;

 private:
  void add_hints(const uint16_t* ports, uint8_t protocol, DissectorIndex index);
  void insert_in_order(unsigned transport, DissectorIndex index);

  std::vector<DissectorEntry> entries_;
  std::vector<DissectorIndex> order_[2];                             ///< TCP, UDP
  std::unordered_map<uint32_t, std::vector<DissectorIndex>> hints_;  ///< by protocol << 16 | port
};

}  // namespace pktana::app
