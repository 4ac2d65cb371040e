// SPDX-License-Identifier: Apache-2.0
// A packet as a source hands it out, in the terms of those who decode it and of the flow table.
#pragma once

#include "flow/flow_packet.h"
#include "parse/packet.h"
#include "ring/packet_ref.h"

namespace pktana::engine {

[[nodiscard, gnu::always_inline]] inline parse::Frame frame_of(
    const ring::PacketRef& ref) noexcept {
  return {.captured = {ref.data, ref.captured_len},
          .wire_len = ref.wire_len,
          .link_type = ref.link_type,
          .stripped = {.tpid = ref.vlan_tpid, .tci = ref.vlan_tci}};
}

/// @param number the caller's, of the packet.
[[nodiscard, gnu::always_inline]] inline flow::PacketMeta meta_of(const ring::PacketRef& ref,
                                                                  uint64_t number) noexcept {
  return {
      .ts_ns = ref.ts_ns, .wire_len = ref.wire_len, .source_id = ref.source_id, .number = number};
}

}  // namespace pktana::engine
