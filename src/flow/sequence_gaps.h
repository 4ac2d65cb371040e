// SPDX-License-Identifier: Apache-2.0
// The holes in what one side of a connection has sent, as far as it was captured: opened by a
// segment beyond the expected number, filled by later ones. Bounded: of more than kMost open holes
// the oldest is given up for lost.
#pragma once

#include <array>
#include <cstdint>

namespace pktana::flow {

class SequenceGaps {
 public:
  static constexpr unsigned kMost = 4;
  /// The greatest window there is (RFC 7323 section 2.3). A jump beyond it is no loss but a segment
  /// that does not belong here.
  static constexpr uint32_t kWidest = uint32_t{1} << 30;

  /// The numbers from `from` up to `to` were skipped; `from` lies behind all earlier holes.
  void open(uint32_t from, uint32_t to) noexcept;

  /// The numbers from `from` up to `to` came after all.
  void fill(uint32_t from, uint32_t to) noexcept;

  /// Sequence numbers in holes that are open, and in those given up.
  [[nodiscard]] uint64_t lost() const noexcept;

  [[nodiscard]] bool any_open() const noexcept { return count_ > 0; }

 private:
  struct Gap {
    uint32_t from;
    uint32_t to;
  };

  void remove(unsigned index) noexcept;
  /// A hole with numbers left on both sides of what was filled.
  void split(unsigned index, uint32_t from, uint32_t to) noexcept;

  uint64_t given_up_ = 0;
  std::array<Gap, kMost> gaps_{};  ///< in order of sequence
  uint32_t count_ = 0;
};

}  // namespace pktana::flow
