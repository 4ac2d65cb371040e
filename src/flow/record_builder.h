// SPDX-License-Identifier: Apache-2.0
// From the entries of a flow to its record.
#pragma once

#include "base/keyed_hash.h"
#include "flow/flow_key.h"
#include "flow/flow_record.h"
#include "flow/flow_ref.h"

namespace pktana::flow {

/// The key that the flow was found by.
[[nodiscard]] FlowKey key_of(const FlowView& flow) noexcept;

/// What FlowRecord::flow_id will be.
[[nodiscard]] uint64_t flow_id_of(uint64_t key_hash, const FlowView& flow) noexcept;

/// @param key_hash hash_key() of the flow's key; the flow id is made of it and of the first
/// packet's time, so that it is
///                 the same for any number of threads under the same secret.
[[nodiscard]] FlowRecord build_record(const FlowView& flow, uint64_t key_hash,
                                      EndReason reason) noexcept;

}  // namespace pktana::flow
