// SPDX-License-Identifier: Apache-2.0
#include "flow/tcp_numbers.h"

namespace pktana::flow {

void TcpNumbersRef::set_isn(Direction side, uint32_t value, bool is_syn) noexcept {
  const uint32_t part = part_seq(side);
  ref_.tail.isn[side] = value;
  if (is_syn) own(side).flags |= kIsnKnown;
  set_part_seq(side, part);
}

/// The numbers of FIN and RST stay where they are when next() moves.
void TcpNumbersRef::keep_ends_apart(Direction side) noexcept {
  if (has(side, kFinKnown) && !is_apart(side, kFinApart)) {
    ref_.odd().fin_end[side] = next_[side];
    own(side).apart |= kFinApart;
  }
  if ((own(side).history_seen & kSeenRst) != 0 && !is_apart(side, kRstApart)) {
    ref_.odd().last_rst[side] = static_cast<uint16_t>(next_[side]);
    own(side).apart |= kRstApart;
  }
}

void TcpNumbersRef::pack_apart(Direction side) const noexcept {
  const TcpHalf& mine = own(side);
  if (set_apart(side, kNextApart, mine.next_seq != next_[side]))
    ref_.odd().next_seq[side] = next_[side];
  if (set_apart(side, kHighestAckApart, mine.last_ack != highest_ack_[side]))
    ref_.odd().highest_ack[side] = highest_ack_[side];
}

}  // namespace pktana::flow
