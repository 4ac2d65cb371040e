// SPDX-License-Identifier: Apache-2.0
// Feeds a flow table as the worker does: 32 packets at a time, first key, hash and prefetch, then
// update. Packets are made from a decoded packet whose client address changes with the number of
// the flow.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "flow/flow_shard.h"
#include "support/flow_packets.h"

namespace pktana::bench {

inline constexpr size_t kGroup = 32;

/// Makes the packets of a numbered flow, hash and all.
class PacketMaker {
 public:
  PacketMaker(uint8_t ip_version, uint8_t protocol)
      : talk_(ip_version == 4 ? support::conversation(0, protocol)
                              : support::conversation6(0, protocol)),
        packet_(support::decoded(talk_, true, {.payload_len = 58, .tcp_flags = flow::kTcpAck})),
        secret_(support::test_secret()) {}
  PacketMaker(const PacketMaker&) = delete;
  PacketMaker& operator=(const PacketMaker&) = delete;

  /// From now on each packet of the flows below `flows` follows the one before in sequence.
  void keep_sequence(uint32_t flows) { next_seq_.assign(flows, 1); }

  void make(uint32_t number, int64_t ts_ns, flow::FlowPacket& out) noexcept {
    if (number < next_seq_.size()) {
      packet_.tcp_seq = next_seq_[number];
      next_seq_[number] += packet_.payload_len;
    }
    uint8_t* address = talk_.client.data() + (talk_.ip_version == 4 ? 0 : 12);
    base::store_be<uint32_t>(address, 0x0A000000U + number);
    flow::make_flow_packet(packet_, {.ts_ns = ts_ns, .wire_len = 100}, {}, secret_, out);
  }

 private:
  support::Conversation talk_;  ///< owns the addresses that packet_ points to
  parse::Packet packet_;
  base::HashSecret secret_;
  std::vector<uint32_t> next_seq_;
};

/// One packet for each number, in groups.
class Feeder {
 public:
  Feeder(flow::FlowShard& shard, PacketMaker& maker) : shard_(shard), maker_(maker) {}

  void feed(std::span<const uint32_t> numbers, int64_t ts_ns) noexcept {
    for (; numbers.size() >= kGroup; numbers = numbers.subspan(kGroup)) {
      for (size_t i = 0; i < kGroup; ++i) {
        maker_.make(numbers[i], ts_ns, group_[i]);
        shard_.prefetch_index(group_[i]);
      }
      for (flow::FlowPacket& packet : group_)
        shard_.prefetch_entry(packet);
      for (flow::FlowPacket& packet : group_)
        shard_.prefetch_beside(packet);
      for (flow::FlowPacket& packet : group_)
        shard_.update(packet);
    }
  }

  /// The same without prefetching: what it would cost one at a time.
  void feed_singly(std::span<const uint32_t> numbers, int64_t ts_ns) noexcept {
    for (const uint32_t number : numbers) {
      maker_.make(number, ts_ns, group_[0]);
      shard_.update(group_[0]);
    }
  }

 private:
  flow::FlowShard& shard_;
  PacketMaker& maker_;
  std::array<flow::FlowPacket, kGroup> group_;
};

/// Takes records and counts them: the queue and the sink are not part of these figures.
class NullHandoff : public flow::RecordHandoff {
 public:
  void hand_over(std::span<const flow::FlowRecord> records) noexcept override {
    records_ += records.size();
  }
  [[nodiscard]] uint64_t records() const { return records_; }

 private:
  uint64_t records_ = 0;
};

/// 0 to count - 1, in order.
[[nodiscard]] std::vector<uint32_t> numbers_in_order(uint32_t count);

/// `length` numbers below `limit`, at random, the same in every run.
[[nodiscard]] std::vector<uint32_t> random_numbers(uint32_t limit, size_t length);

}  // namespace pktana::bench
