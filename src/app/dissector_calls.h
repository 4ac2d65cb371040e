// SPDX-License-Identifier: Apache-2.0
// Calls into a dissector: straight into a built-in one, under guard into a plugin's.
#pragma once

#include "app/registry.h"
#include "pktana/plugin.h"

namespace pktana::app {

/// A step whose verdict no dissector can give: the call was broken off, and the dissector must not
/// be called for this flow again.
inline constexpr uint32_t kBrokenOff = 0xFF;

[[nodiscard]] pktana_match guarded_probe(const DissectorEntry& entry,
                                         const pktana_probe& probe) noexcept;
[[nodiscard]] bool guarded_begin(const DissectorEntry& entry, void* state,
                                 pktana_flow* flow) noexcept;
[[nodiscard]] pktana_step guarded_chunk(const DissectorEntry& entry, void* state, pktana_flow* flow,
                                        const pktana_chunk& chunk) noexcept;
struct GapCall {
  uint8_t direction;
  uint64_t missing;
};
[[nodiscard]] pktana_step guarded_gap(const DissectorEntry& entry, void* state, pktana_flow* flow,
                                      GapCall gap) noexcept;
void guarded_end(const DissectorEntry& entry, void* state, pktana_flow* flow,
                 int64_t ts_ns) noexcept;

/// NO of a plugin that was broken off or switched off.
[[nodiscard]] inline pktana_match call_probe(const DissectorEntry& entry,
                                             const pktana_probe& probe) noexcept {
  if (entry.plugin == nullptr) [[likely]]
    return entry.dissector->probe(&probe);
  return guarded_probe(entry, probe);
}

/// @param state the dissector's, of this flow, as in all that follow.
[[nodiscard]] inline bool call_begin(const DissectorEntry& entry, void* state,
                                     pktana_flow* flow) noexcept {
  if (entry.dissector->on_begin == nullptr) return true;
  if (entry.plugin == nullptr) [[likely]]
    return entry.dissector->on_begin(state, flow) != 0;
  return guarded_begin(entry, state, flow);
}

[[nodiscard]] inline pktana_step call_chunk(const DissectorEntry& entry, void* state,
                                            pktana_flow* flow, const pktana_chunk& chunk) noexcept {
  if (entry.plugin == nullptr) [[likely]]
    return entry.dissector->on_chunk(state, flow, &chunk);
  return guarded_chunk(entry, state, flow, chunk);
}

[[nodiscard]] inline pktana_step call_gap(const DissectorEntry& entry, void* state,
                                          pktana_flow* flow, GapCall gap) noexcept {
  if (entry.dissector->on_gap == nullptr) return {PKTANA_DONE, 0, 0};
  if (entry.plugin == nullptr) [[likely]]
    return entry.dissector->on_gap(state, flow, gap.direction, gap.missing);
  return guarded_gap(entry, state, flow, gap);
}

inline void call_end(const DissectorEntry& entry, void* state, pktana_flow* flow,
                     int64_t ts_ns) noexcept {
  if (entry.dissector->on_end == nullptr) return;
  if (entry.plugin == nullptr) [[likely]]
    entry.dissector->on_end(state, flow, ts_ns);
  else
    guarded_end(entry, state, flow, ts_ns);
}

}  // namespace pktana::app
