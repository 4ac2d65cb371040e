// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_ref.h"

namespace pktana::flow {

void FlowRef::restart_counters() const noexcept {
  hot.payload_bytes = {};
  hot.packets = {};
  hot.header_bytes = {};
  hot.link_bytes = {};
  hot.tcp_flags = {};
  if (LongBlock* const block = long_block_if_any(); block != nullptr) {
    block->packets_high = {};
    block->payload_high = {};
    block->header_high = {};
    block->link_high = {};
    block->truncated_packets = 0;
  }
  tail.history = 0;
  if (OddBlock* const block = odd_if_any(); block != nullptr) {
    block->history = 0;
    block->counts = {};
    block->icmp_errors = {};
  }
}

void FlowRef::release_blocks() const noexcept {
  LongBlock* const block = long_block_if_any();
  if (block == nullptr) return;
  if (block->odd != kNoBlock) pools.odd.give_back(block->odd);
  pools.longs.give_back(hot.spill);
  hot.spill = kNoBlock;
}

}  // namespace pktana::flow
