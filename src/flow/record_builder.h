// SPDX-License-Identifier: Apache-2.0
// From the entries of a flow to its record.
#pragma once

#include "base/keyed_hash.h"
#include "flow/flow_entry.h"
#include "flow/flow_key.h"
#include "flow/flow_record.h"

namespace pktana::flow {

/// The entries of one flow, borrowed from the store.
struct FlowView {
  const FlowEntry& entry;
  const ColdEntry& cold;
  const Ipv6Addresses& ipv6;
};

/// The key that the flow was found by.
[[nodiscard]] FlowKey key_of(const FlowView& flow) noexcept;

/// What FlowRecord::flow_id will be.
[[nodiscard]] uint64_t flow_id_of(uint64_t key_hash, const ColdEntry& cold) noexcept;

/// @param key_hash hash_key() of the flow's key; the flow id is made of it and of the first
/// packet's time, so that it is
///                 the same for any number of threads under the same secret.
[[nodiscard]] FlowRecord build_record(const FlowView& flow, uint64_t key_hash,
                                      EndReason reason) noexcept;

}  // namespace pktana::flow
