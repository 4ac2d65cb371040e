// SPDX-License-Identifier: Apache-2.0
// A conversation begins and ends when tshark says, to the nanosecond: the time stamps of every file
// format are read right.
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>

#include "oracle/conversation.h"
#include "oracle/corpus.h"
#include "oracle/replay.h"
#include "support/catch.h"

using namespace pktana;
using oracle::Capture;
using oracle::Conversation;

namespace {

/// The oracle's durations have nine significant digits.
constexpr double kRounding = 1e-8;
constexpr int64_t kMinRoundingNs = 1000;

int64_t rounding_ns(const Conversation& theirs) {
  const auto duration = static_cast<double>(theirs.end_ns - theirs.start_ns);
  return kMinRoundingNs + static_cast<int64_t>(duration * kRounding);
}

/// Captures of which "first" and "last" mean something else to tshark.
const std::set<std::string>& not_compared() {
  static const std::set<std::string> kAll = {
      // Packets out of order: tshark begins with the first in the file, its duration with the
      // oldest.
      "flows/ipv6-ext/zeek_ipv6-http-atomic-frag.pcap",
      // Time goes back by 19 hours in the middle: our flows end there and the next ones are older.
      "tunnels/ipsec/ndpi_ipsec_isakmp_esp.pcap",
      // Simple packet blocks, which have no time: we give them that of the packet before.
      "pcapng/ngtest_be-advanced-test102.pcapng",
      "pcapng/ngtest_le-difficult-test202.pcapng",
  };
  return kAll;
}

/// Counted alike on both sides, and by time.
bool is_comparable(const Conversation& ours, const Conversation& theirs) {
  return ours.sent == theirs.sent && theirs.is_timed;
}

}  // namespace

TEST_CASE("oracle: conversations begin and end at tshark's times") {
  uint64_t compared = 0;
  for (const Capture& capture : oracle::captures()) {
    if (not_compared().contains(capture.name)) continue;
    const auto run = oracle::replay(capture.path);
    const auto ours = oracle::conversations_of(run.records);
    for (const auto& [key, theirs] : oracle::conversations_of(capture.oracle)) {
      const auto found = ours.find(key);
      if (found == ours.end() || !is_comparable(found->second, theirs)) continue;
      INFO(capture.name << " " << to_string(key));
      CHECK(found->second.start_ns == theirs.start_ns);
      CHECK(std::abs(found->second.end_ns - theirs.end_ns) <= rounding_ns(theirs));
      ++compared;
    }
  }
  std::printf("  %ju begins and ends compared\n", uintmax_t{compared});
  std::fflush(stdout);
}
