// SPDX-License-Identifier: Apache-2.0
// Somebody who wants to see every packet that passed the filters: the packet printer of the command
// line, a capture file being written.
#pragma once

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
  /// call.
  virtual void on_packet(const ring::PacketRef& ref, const parse::Packet& packet) = 0;

  /// The worker has nothing more right now: what was held back should be shown.
  virtual void on_idle() {}
};

}  // namespace pktana::engine
