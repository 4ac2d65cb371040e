// SPDX-License-Identifier: Apache-2.0
#include "app/dissector_calls.h"

#include "app/call_guard.h"

namespace pktana::app {
namespace {

/// Runs `call`, which captures references only, under the guard. False: broken off, or the plugin
/// is off.
template <typename Call>
bool run_guarded(const DissectorEntry& entry, Call call) noexcept {
  if (entry.plugin->off.load(std::memory_order_relaxed)) return false;
  const auto trampoline = [](void* data) { (*static_cast<Call*>(data))(); };
  return CallGuard::run(trampoline, &call, *entry.plugin) == CallEnd::Returned;
}

constexpr pktana_step kBroken{kBrokenOff, 0, 0};

}  // namespace

pktana_match guarded_probe(const DissectorEntry& entry, const pktana_probe& probe) noexcept {
  pktana_match match = PKTANA_NO;
  const bool returned = run_guarded(entry, [&] { match = entry.dissector->probe(&probe); });
  return returned ? match : PKTANA_NO;
}

bool guarded_begin(const DissectorEntry& entry, void* state, pktana_flow* flow) noexcept {
  int begun = 0;
  const bool returned = run_guarded(entry, [&] { begun = entry.dissector->on_begin(state, flow); });
  return returned && begun != 0;
}

pktana_step guarded_chunk(const DissectorEntry& entry, void* state, pktana_flow* flow,
                          const pktana_chunk& chunk) noexcept {
  pktana_step step{};
  const bool returned =
      run_guarded(entry, [&] { step = entry.dissector->on_chunk(state, flow, &chunk); });
  return returned ? step : kBroken;
}

pktana_step guarded_gap(const DissectorEntry& entry, void* state, pktana_flow* flow,
                        GapCall gap) noexcept {
  pktana_step step{};
  const bool returned = run_guarded(
      entry, [&] { step = entry.dissector->on_gap(state, flow, gap.direction, gap.missing); });
  return returned ? step : kBroken;
}

void guarded_end(const DissectorEntry& entry, void* state, pktana_flow* flow,
                 int64_t ts_ns) noexcept {
  static_cast<void>(run_guarded(entry, [&] { entry.dissector->on_end(state, flow, ts_ns); }));
}

}  // namespace pktana::app
