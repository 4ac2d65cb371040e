// SPDX-License-Identifier: Apache-2.0
#include "app/prober.h"

#include <algorithm>

#include "app/dissector_calls.h"

namespace pktana::app {
namespace {

pktana_bytes view_of(std::span<const uint8_t> bytes) noexcept {
  return {.data = bytes.data(), .len = std::min<size_t>(bytes.size(), PKTANA_PROBE_BYTES)};
}

/// One round over the probes.
class Round {
 public:
  Round(const Registry& registry, Conversation& conversation, const ProbeInput& input) noexcept
      : registry_(registry),
        conversation_(conversation),
        probe_{.size = sizeof(pktana_probe),
               .protocol = input.protocol,
               .direction = input.direction,
               .hinted = 1,
               .ended = input.ended ? uint8_t{1} : uint8_t{0},
               .port = {input.port[0], input.port[1]},
               .first = {view_of(input.first[0]), view_of(input.first[1])}} {}

  [[nodiscard]] ProbeOutcome run() noexcept {
    for (const uint16_t port : probe_.port)
      if (const DissectorEntry* owner = ask(registry_.hinted(probe_.protocol, port)))
        return {.state = ProbeOutcome::State::Claimed, .owner = owner};
    probe_.hinted = 0;
    if (const DissectorEntry* owner = ask(registry_.in_order(probe_.protocol)))
      return {.state = ProbeOutcome::State::Claimed, .owner = owner};
    const bool open = maybe_ && probe_.ended == 0;
    return {.state = open ? ProbeOutcome::State::Undecided : ProbeOutcome::State::Unknown};
  }

 private:
  const DissectorEntry* ask(std::span<const DissectorIndex> candidates) noexcept {
    for (const DissectorIndex index : candidates) {
      if (conversation_.refused[index] || asked_[index]) continue;
      const DissectorEntry& entry = registry_.at(index);
      // Who asks for nothing but what others leave waits until they have decided.
      if ((entry.dissector->flags & PKTANA_FALLBACK) != 0 && maybe_ && probe_.ended == 0) break;
      asked_.set(index);
      switch (call_probe(entry, probe_)) {
        case PKTANA_YES:
          return &entry;
        case PKTANA_MAYBE:
          maybe_ = true;
          break;
        case PKTANA_NO:
        default:
          if (probe_.protocol == PKTANA_TCP) conversation_.refused.set(index);
          break;
      }
    }
    return nullptr;
  }

  const Registry& registry_;
  Conversation& conversation_;
  pktana_probe probe_;
  std::bitset<Registry::kMaxDissectors> asked_;
  bool maybe_ = false;
};

}  // namespace

ProbeOutcome ask_probes(const Registry& registry, Conversation& conversation,
                        const ProbeInput& input) noexcept {
  return Round(registry, conversation, input).run();
}

const char* guess_by_port(const Registry& registry, uint8_t protocol,
                          std::array<uint16_t, 2> port) noexcept {
  for (const uint16_t one : port) {
    const auto hinted = registry.hinted(protocol, one);
    if (!hinted.empty()) return registry.at(hinted.front()).dissector->name;
  }
  return nullptr;
}

}  // namespace pktana::app
