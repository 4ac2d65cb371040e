// SPDX-License-Identifier: Apache-2.0
// When our own ring dropped packets: spans of packet time, kept so that a flow's record can say
// that its gaps may be ours. Bounded: of too many spans the two oldest become one, which says too
// much rather than too little.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace pktana::flow {

class LossTimes {
 public:
  static constexpr size_t kMostSpans = 64;

  /// Packets were dropped at some time between `from_ns` and `to_ns`, both included. Spans come in
  /// order of their ends.
  void note(int64_t from_ns, int64_t to_ns) noexcept;

  /// Whether anything was dropped while a flow lived from `first_ns` to `last_ns`.
  [[nodiscard]] bool overlaps(int64_t first_ns, int64_t last_ns) const noexcept;

 private:
  struct Span {
    int64_t from_ns;
    int64_t to_ns;
  };
  std::array<Span, kMostSpans> spans_{};
  size_t count_ = 0;
};

}  // namespace pktana::flow
