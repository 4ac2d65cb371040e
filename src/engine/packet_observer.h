// SPDX-License-Identifier: Apache-2.0
// Somebody who wants to see every packet that passed the filters: the packet printer of the command
// line, a capture file being written.
#pragma once

#include "flow/flow_packet.h"
#include "flow/flow_shard.h"
#include "parse/packet.h"
#include "ring/format_reader.h"
#include "ring/packet_ref.h"

namespace pktana::engine {

class PacketObserver {
 public:
  virtual ~PacketObserver() = default;

  /// Packets with this source_id will come from that interface: of a file's header or of a live
  /// capture. Not told of `any`.
  virtual void on_interface(uint16_t /*source_id*/, const ring::FileInterface& /*interface*/) {}

  /// Called on the worker's thread, in the order of capture. Both arguments are borrowed for the
  /// call; for one that wants_flows() the packet's bytes stay until on_group_end().
  virtual void on_packet(const ring::PacketRef& ref, const parse::Packet& packet) = 0;

  /// The worker has nothing more right now: what was held back should be shown.
  virtual void on_idle() {}

  /// Whether the calls below are made: which flow each packet counted in. Packets have numbers, in
  /// the order of on_packet(), from 1. Needs flows that are tracked.
  [[nodiscard]] virtual bool wants_flows() const noexcept { return false; }

  /// The packet `packet.number`, and the fragments joined with it, counted in this flow, just now.
  /// @param outer it is the flow of a tunnel around it, and not the last word.
  virtual void on_counted(const flow::FlowPacket& /*packet*/, bool /*outer*/,
                          flow::FlowShard& /*shard*/) {}
  /// Fragments of one datagram: what is said of the one goes for both.
  virtual void on_joined(uint64_t /*number*/, uint64_t /*with*/) {}
  /// The fragments with that number count in no flow.
  virtual void on_not_counted(uint64_t /*number*/) {}
  /// Of all packets so far, but for fragments that wait for others, the flow has been told.
  virtual void on_group_end(flow::FlowShard& /*shard*/) {}
};

}  // namespace pktana::engine
