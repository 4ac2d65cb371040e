// SPDX-License-Identifier: Apache-2.0
// What the application layer keeps for a flow: little for all that it has looked at, more only
// while somebody looks.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <string>

#include "app/pending.h"
#include "app/registry.h"
#include "app/stream.h"
#include "flow/app_summary.h"

namespace pktana::app {

/// One direction while it is looked at.
struct Side {
  explicit Side(MemoryBudget& budget) noexcept : stream(budget), pending(budget) {}

  uint64_t offset = 0;  ///< place of the first pending byte in the stream; datagrams so far
  uint64_t skip = 0;    ///< bytes to come that nobody wants to see
  uint64_t need = 0;    ///< nothing is shown before so many are pending
  bool end_shown = false;
  Stream stream;
  Pending pending;  ///< in order, not consumed
};

/// A flow that is being looked at. What each packet reads comes first: those bytes are prefetched.
struct Conversation {
  explicit Conversation(MemoryBudget& budget) noexcept : side{Side(budget), Side(budget)} {}

  const DissectorEntry* owner = nullptr;  ///< null: nobody has claimed it yet
  void* state = nullptr;                  ///< the owner's
  uint16_t probed_packets = 0;
  uint8_t first_direction = 0;  ///< who spoke first
  uint8_t changes = 0;          ///< of the owner
  bool broken_off = false;      ///< the owner's last call: it is not called again
  std::array<Side, 2> side;
  std::bitset<Registry::kMaxDissectors> refused;  ///< dissectors that said no
  std::string note;  ///< what the flow that announced this one said of it
};

/// A flow that was looked at. All zero = not yet.
struct FlowApp {
  const char* app_proto = nullptr;
  flow::AppBasis basis = flow::AppBasis::None;
  flow::AppSummary* summary = nullptr;   ///< a reference of ours; null = nothing more is known
  Conversation* conversation = nullptr;  ///< null = no more interest
};

}  // namespace pktana::app
