// SPDX-License-Identifier: Apache-2.0
// The segments of each TCP conversation that are retransmitted, out of order and so on, by our
// records and by tshark's tcp.analysis.*.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oracle/corpus.h"
#include "oracle/known_differences.h"

namespace pktana::oracle {

/// Begins Difference::conversation of Kind::TcpQuality.
inline constexpr std::string_view kQualityOf = "quality of ";

/// Both directions together, as the oracle has them.
struct TcpCounts {
  uint64_t retransmits = 0;
  uint64_t out_of_order = 0;
  uint64_t duplicate_acks = 0;
  uint64_t zero_windows = 0;
  uint64_t fast_retransmits = 0;
  uint64_t spurious_retransmits = 0;
  uint64_t keep_alives = 0;

  TcpCounts& operator+=(const TcpCounts& more) noexcept;
  friend bool operator==(const TcpCounts&, const TcpCounts&) = default;
  /// Nothing to be counted.
  [[nodiscard]] bool clean() const noexcept { return *this == TcpCounts{}; }
};

/// "3/0/1/0/0/0/2" in the order of the fields.
[[nodiscard]] std::string to_string(const TcpCounts& counts);

/// The handshake of a conversation's only flow.
struct HandshakePair {
  std::string conversation;
  std::optional<int64_t> our_us;  ///< none where the SYN was sent twice
  std::optional<int64_t> their_us;
};

/// Replays the capture as tshark tells flows apart.
[[nodiscard]] std::vector<HandshakePair> handshake_pairs(const Capture& capture);

/// One conversation that both sides have.
struct TcpPair {
  std::string conversation;
  TcpCounts ours;
  TcpCounts theirs;
};

/// Replays the capture as tshark tells flows apart.
[[nodiscard]] std::vector<TcpPair> tcp_pairs(const Capture& capture);

/// All seven counts of a conversation against tshark's.
[[nodiscard]] Comparison compare_tcp_counts(const Capture& capture);

}  // namespace pktana::oracle
