// SPDX-License-Identifier: Apache-2.0
// What the flow table needs of a packet: the key with its hash, and the few fields that update an
// entry. Made once per packet by the worker, 32 at a time, so that look-ups can be prefetched.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "flow/encapsulation.h"
#include "flow/flow_entry.h"
#include "flow/flow_key.h"
#include "flow/syn_options.h"
#include "parse/packet.h"

namespace pktana::flow {

struct FlowPacket {
  FlowKey key;
  uint64_t hash = 0;
  Slot near = kNoSlot;  ///< where the flow probably is: FlowShard::prefetch_entry()'s
  uint64_t number = 0;  ///< the caller's, of the packet; of frames put together one of theirs
  int64_t ts_ns = 0;
  int64_t first_ns = 0;   ///< less than ts_ns only for a datagram that came in several frames
  uint32_t packets = 1;   ///< frames: more than one of a datagram that was put together
  uint32_t wire_len = 0;  ///< of all of them
  uint32_t payload_len = 0;
  uint32_t ip_len = 0;  ///< IP packet, header included
  uint32_t tcp_seq = 0;
  uint32_t tcp_ack = 0;
  uint16_t tcp_window = 0;
  uint16_t source_id = 0;
  uint16_t src_port = 0;
  uint16_t dst_port = 0;
  uint8_t tcp_flags = 0;
  uint8_t icmp_type = 0;
  uint8_t icmp_code = 0;
  bool from_high = false;
  bool payload_cut = false;
  bool fragment = false;  ///< payload_len is not all of the segment
  bool to_group = false;  ///< sent to a multicast or broadcast address: never an answer
  uint8_t vlan_count = 0;
  std::array<uint16_t, 3> vlan_id{};
  /// What lies around the packet; null = nothing, or it is not kept. Lifetime: until the packet is
  /// counted.
  const Encapsulation* encapsulation = nullptr;
  SynOptions syn{};  ///< of a TCP segment with SYN
  /// The captured transport payload, at most payload_len bytes. Lifetime: until the packet is
  /// counted.
  base::Bytes payload{};
};

/// What the source says of the packet beside its bytes.
struct PacketMeta {
  int64_t ts_ns = 0;
  uint32_t wire_len = 0;
  uint16_t source_id = 0;
  uint64_t number = 0;
};

/// Fills `out` from a packet with verdict Ip, hash included, but for `encapsulation`: null.
void make_flow_packet(const parse::Packet& packet, const PacketMeta& meta, KeyOptions options,
                      const base::HashSecret& secret, FlowPacket& out) noexcept;

}  // namespace pktana::flow
