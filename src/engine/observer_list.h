// SPDX-License-Identifier: Apache-2.0
// Several observers in the place of one, asked in the order in which they were added.
#pragma once

#include <algorithm>
#include <vector>

#include "engine/packet_observer.h"

namespace pktana::engine {

class ObserverList final : public PacketObserver {
 public:
  /// Null is passed over. `observer` must outlive the list.
  void add(PacketObserver* observer) {
    if (observer != nullptr) observers_.push_back(observer);
  }

  /// What to call: null if there is nobody, the one itself if there is one.
  [[nodiscard]] PacketObserver* get() noexcept {
    if (observers_.empty()) return nullptr;
    return observers_.size() == 1 ? observers_.front() : this;
  }

  void on_interface(uint16_t source_id, const ring::FileInterface& interface) override {
    for (PacketObserver* observer : observers_)
      observer->on_interface(source_id, interface);
  }
  void on_packet(const ring::PacketRef& ref, const parse::Packet& packet) override {
    for (PacketObserver* observer : observers_)
      observer->on_packet(ref, packet);
  }
  void on_idle() override {
    for (PacketObserver* observer : observers_)
      observer->on_idle();
  }
  [[nodiscard]] bool wants_flows() const noexcept override {
    return std::any_of(observers_.begin(), observers_.end(),
                       [](const PacketObserver* one) { return one->wants_flows(); });
  }
  void on_counted(const flow::FlowPacket& packet, bool outer, flow::FlowShard& shard) override {
    for (PacketObserver* observer : observers_)
      observer->on_counted(packet, outer, shard);
  }
  void on_joined(uint64_t number, uint64_t with) override {
    for (PacketObserver* observer : observers_)
      observer->on_joined(number, with);
  }
  void on_not_counted(uint64_t number) override {
    for (PacketObserver* observer : observers_)
      observer->on_not_counted(number);
  }
  void on_group_end(flow::FlowShard& shard) override {
    for (PacketObserver* observer : observers_)
      observer->on_group_end(shard);
  }

 private:
  std::vector<PacketObserver*> observers_;
};

}  // namespace pktana::engine
