// SPDX-License-Identifier: Apache-2.0
// The sequence numbers of a connection as conn_state.h and tcp_tracker.h know them. Nearly always
// they equal what TcpQualityTracker knows, or each other, and a flow keeps one of them for all;
// where they differ, they take an OddBlock. So they are unpacked before a segment and packed behind
// it.
#pragma once

#include <array>
#include <cstdint>

#include "flow/flow_ref.h"

namespace pktana::flow {

/// A flow's numbers for reading.
class TcpNumbers {
 public:
  explicit TcpNumbers(const FlowView& flow) noexcept : flow_(flow) {
    for (const Direction side : {kToServer, kToClient}) {
      const TcpHalf& own = flow.tcp.side[side];
      next_[side] = is_apart(side, kNextApart) ? odd().next_seq[side] : own.next_seq;
      highest_ack_[side] =
          is_apart(side, kHighestAckApart) ? odd().highest_ack[side] : own.last_ack;
    }
  }

  /// Behind the furthest segment, unless the end is Inactive.
  [[nodiscard]] uint32_t next(Direction side) const noexcept { return next_[side]; }
  /// Highest acknowledgment sent, with kHighestAckKnown.
  [[nodiscard]] uint32_t highest_ack(Direction side) const noexcept { return highest_ack_[side]; }
  /// Behind the FIN, with kFinKnown.
  [[nodiscard]] uint32_t fin_end(Direction side) const noexcept {
    return is_apart(side, kFinApart) ? odd().fin_end[side] : next_[side];
  }
  /// The low half of the last RST's number, with kSeenRst.
  [[nodiscard]] uint16_t last_rst(Direction side) const noexcept {
    return is_apart(side, kRstApart) ? odd().last_rst[side] : static_cast<uint16_t>(next_[side]);
  }
  /// Where the content of this part begins.
  [[nodiscard]] uint32_t part_seq(Direction side) const noexcept {
    return is_apart(side, kPartApart) ? odd().part_seq[side] : behind_isn(side);
  }
  [[nodiscard]] bool has(Direction side, uint16_t flag) const noexcept {
    return (flow_.tcp.side[side].flags & flag) != 0;
  }
  [[nodiscard]] EndStates end(Direction side) const noexcept { return flow_.tcp.side[side].end; }
  [[nodiscard]] const FlowView& flow() const noexcept { return flow_; }

 protected:
  [[nodiscard]] bool is_apart(Direction side, uint8_t bit) const noexcept {
    return (flow_.tcp.side[side].apart & bit) != 0;
  }
  [[nodiscard]] uint32_t behind_isn(Direction side) const noexcept {
    return flow_.tail.isn[side] + (has(side, kIsnKnown) ? 1 : 0);
  }
  /// There is one where something lies apart.
  [[nodiscard]] const OddBlock& odd() const noexcept { return *flow_.odd(); }

  std::array<uint32_t, 2> next_;
  std::array<uint32_t, 2> highest_ack_;

 private:
  FlowView flow_;
};

/// The same for changing. What is changed is the flow's when pack() has been called.
class TcpNumbersRef : public TcpNumbers {
 public:
  explicit TcpNumbersRef(const FlowRef& flow) noexcept : TcpNumbers(flow), ref_(flow) {}

  void set_next(Direction side, uint32_t value) noexcept {
    if (value == next_[side]) return;
    if ((own(side).flags & kFinKnown) != 0 || (own(side).history_seen & kSeenRst) != 0) [[unlikely]]
      keep_ends_apart(side);
    next_[side] = value;
  }
  void set_highest_ack(Direction side, uint32_t value) noexcept {
    highest_ack_[side] = value;
    own(side).flags |= kHighestAckKnown;
  }
  void set_fin_end(Direction side, uint32_t value) noexcept {
    own(side).flags |= kFinKnown;
    if (!set_apart(side, kFinApart, value != next_[side])) return;
    ref_.odd().fin_end[side] = value;
  }
  void set_last_rst(Direction side, uint16_t value) noexcept {
    if (!set_apart(side, kRstApart, value != static_cast<uint16_t>(next_[side]))) return;
    ref_.odd().last_rst[side] = value;
  }
  void set_part_seq(Direction side, uint32_t value) noexcept {
    if (!set_apart(side, kPartApart, value != behind_isn(side))) return;
    ref_.odd().part_seq[side] = value;
  }
  /// The number of the side's SYN, or of its first segment; its part begins where it did.
  void set_isn(Direction side, uint32_t value, bool is_syn) noexcept;
  /// The side's part begins with a segment of that number, behind it if that is a SYN.
  void begin_part(Direction side, uint32_t seq, bool is_syn) noexcept {
    if (!has(side, kIsnKnown)) ref_.tail.isn[side] = seq;
    if (is_syn) own(side).flags |= kIsnKnown;
    set_part_seq(side, is_syn ? seq + 1 : seq);
  }

  [[nodiscard]] TcpHalf& own(Direction side) const noexcept { return ref_.tcp.side[side]; }
  [[nodiscard]] const FlowRef& ref() const noexcept { return ref_; }
  [[nodiscard]] HistoryCounts& counts(Direction side) const noexcept {
    return ref_.odd().counts[side];
  }
  /// With kHoleOpen, or to open one.
  [[nodiscard]] SequenceHole& hole(Direction side) const noexcept { return ref_.odd().hole[side]; }

  /// After TcpQualityTracker has had the segment, too.
  void pack() const noexcept {
    for (const Direction side : {kToServer, kToClient}) {
      TcpHalf& mine = own(side);
      if ((mine.flags & kSeqKnown) == 0) mine.next_seq = next_[side];
      if ((mine.flags & kAckKnown) == 0) mine.last_ack = highest_ack_[side];
      const uint32_t differs = (mine.next_seq ^ next_[side]) |
                               (mine.last_ack ^ highest_ack_[side]) |
                               static_cast<uint32_t>(mine.apart & (kNextApart | kHighestAckApart));
      if (differs != 0) [[unlikely]]
        pack_apart(side);
    }
  }

 private:
  /// @return `apart`.
  bool set_apart(Direction side, uint8_t bit, bool apart) const noexcept {
    uint8_t& bits = own(side).apart;
    bits = static_cast<uint8_t>(apart ? bits | bit : bits & ~bit);
    return apart;
  }
  void keep_ends_apart(Direction side) noexcept;
  void pack_apart(Direction side) const noexcept;

  FlowRef ref_;
};

}  // namespace pktana::flow
