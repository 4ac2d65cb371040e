// SPDX-License-Identifier: Apache-2.0
// The letters of Zeek's conn.log `history` while a flow lives: five bits each, twelve in a word. A
// flow has one word of its own, and takes a second one when that is full. The order of events is
// all that is kept; what counts as an event is the tracker's affair.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "flow/flow_record.h"

namespace pktana::flow {

/// What a letter stands for (https://docs.zeek.org, base/protocols/conn: history). The initiator's
/// are written in upper case, the responder's in lower case. Bad checksums (c) are never there:
/// pktana verifies none.
enum class HistoryEvent : uint8_t {
  None,
  Syn,           ///< s
  SynAck,        ///< h
  Ack,           ///< a, without payload
  Data,          ///< d
  Fin,           ///< f
  Rst,           ///< r
  Gap,           ///< g
  Retransmit,    ///< t
  ZeroWindow,    ///< w
  Inconsistent,  ///< i: FIN and RST
  MultiFlag,     ///< q: SYN and FIN, SYN and RST
  Flipped,       ///< ^: the first packet was not the initiator's
};

/// Up to twelve letters; 0 = none.
class PackedHistory {
 public:
  [[nodiscard]] static constexpr bool is_full(uint64_t word) noexcept {
    return word >> kLastShift != 0;
  }

  /// `word` with one letter more. Not to be called for a full one.
  [[nodiscard]] static uint64_t with(uint64_t word, HistoryEvent event, Direction side) noexcept {
    const unsigned used = word == 0 ? 0 : (64U - static_cast<unsigned>(__builtin_clzll(word)));
    const unsigned shift = (used + kBits - 1) / kBits * kBits;
    return word | (uint64_t{static_cast<uint8_t>(event)} | uint64_t{side} << kSideBit) << shift;
  }

  [[nodiscard]] static History letters(uint64_t first, uint64_t second) noexcept {
    constexpr std::array<char, 16> kUpper{'\0', 'S', 'H', 'A', 'D', 'F', 'R', 'G',
                                          'T',  'W', 'I', 'Q', '^', '^', '^', '^'};
    History text{};
    size_t at = 0;
    for (const uint64_t packed : {first, second})
      for (uint64_t word = packed; word != 0; word >>= kBits) {
        const char upper = kUpper[word & 0xF];
        const bool lower = (word >> kSideBit & 1) != 0 && upper != '^';
        text[at++] = lower ? static_cast<char>(upper + ('a' - 'A')) : upper;
      }
    return text;
  }

 private:
  static constexpr unsigned kBits = 5;
  static constexpr unsigned kSideBit = 4;
  static constexpr unsigned kPerWord = 12;
  static constexpr unsigned kLastShift = (kPerWord - 1) * kBits;
  static_assert(2 * kPerWord == kMaxHistory);
};

}  // namespace pktana::flow
