// SPDX-License-Identifier: Apache-2.0
// The conversations that are known to differ from the oracle's, from known_differences.tsv, each
// with its reason (docs/oracle-differences.md). A test fails on a difference that is not in the
// list and on one that is no more.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "oracle/corpus.h"

namespace pktana::oracle {

struct Difference {
  std::string capture;
  std::string conversation;
  std::string
      ours;  ///< sums as to_string(Conversation) writes them, "-" = we have no such conversation
  std::string oracle;  ///< likewise

  friend auto operator<=>(const Difference&, const Difference&) = default;
};

/// How one capture's conversations compare.
struct Comparison {
  uint64_t total = 0;  ///< conversations that either side has
  uint64_t equal = 0;
  std::vector<Difference> differences;
};

enum class Kind {
  TcpUdpSctp,    ///< sums of a conversation
  Icmp,          ///< likewise
  AddressPairs,  ///< likewise, of all IP packets between two addresses
  FlowCounts,    ///< number of flows in a TCP or ICMP conversation; ours and oracle are "3 flows"
                 ///< then
  TcpQuality,    ///< what docs/tcp-quality.md counts; ours and oracle are to_string(TcpCounts)
};

/// Replays the capture.
[[nodiscard]] Comparison compare(const Capture& capture, Kind kind);

/// Fails the running test case unless `found` is the known list, restricted to `kind` of
/// conversations.
void check_known(std::span<const Difference> found, Kind kind);

}  // namespace pktana::oracle
