// SPDX-License-Identifier: Apache-2.0
// Gives the packets that a worker sees to a capture file being written (-w).
#pragma once

#include "engine/packet_hold.h"
#include "engine/packet_observer.h"
#include "sink/packet_file.h"

namespace pktana::engine {

class PacketSaver final : public PacketObserver {
 public:
  /// `file` must outlive the saver.
  explicit PacketSaver(sink::PacketFile& file) noexcept : file_(file) {}

  void on_interface(uint16_t source_id, const ring::FileInterface& interface) override;
  void on_packet(const ring::PacketRef& ref, const parse::Packet& packet) override;
  void on_idle() override;

 private:
  sink::PacketFile& file_;
};

/// The same behind a PacketHold.
class FileTaker final : public PacketTaker {
 public:
  /// `file` must outlive the taker.
  explicit FileTaker(sink::PacketFile& file) noexcept : file_(file), saver_(file) {}

  void on_interface(uint16_t source_id, const ring::FileInterface& interface) override {
    saver_.on_interface(source_id, interface);
  }
  void put(const sink::SavedPacket& packet, uint32_t) noexcept override { file_.put(packet); }
  void on_idle() override { file_.on_idle(); }

 private:
  sink::PacketFile& file_;
  PacketSaver saver_;
};

/// The packet as the sink knows it. Lifetime: that of the ref's bytes.
[[nodiscard]] sink::SavedPacket to_saved(const ring::PacketRef& ref) noexcept;

}  // namespace pktana::engine
