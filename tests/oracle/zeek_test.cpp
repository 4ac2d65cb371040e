// SPDX-License-Identifier: Apache-2.0
// Connection by connection against the conn.log that Zeek published for the same capture: who
// began, state, history, content, packets and IP bytes.
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "oracle/corpus.h"
#include "oracle/pinned_list.h"
#include "oracle/replay.h"
#include "oracle/zeek_log.h"
#include "support/catch.h"

using namespace pktana;
using oracle::PinnedDifference;
using oracle::ZeekConnection;

namespace {

constexpr double kWantedShare = 0.95;
constexpr size_t kSamePackets = 74;  ///< at least; the others lie in tunnels that one of us opens
constexpr const char* kKnown = "zeek_differences.tsv";

struct Score {
  size_t theirs = 0;           ///< connections in Zeek's logs
  size_t of_same_packets = 0;  ///< of these we have one of the same packets
  size_t equal = 0;
  std::vector<PinnedDifference> differences;
};

/// Content is left out where Zeek leaves it out or, of protocols it does not open, knows none.
ZeekConnection as_told_by(const ZeekConnection& theirs, ZeekConnection ours) {
  for (const size_t side : {0U, 1U})
    if (!theirs.side[side].bytes || theirs.protocol == oracle::kUnknownTransport)
      ours.side[side].bytes = theirs.side[side].bytes;
  return ours;
}

/// Takes the best match for `theirs` out of `ours`.
std::optional<ZeekConnection> take_match(const ZeekConnection& theirs,
                                         std::vector<ZeekConnection>& ours) {
  auto found = std::find_if(ours.begin(), ours.end(), [&](const ZeekConnection& one) {
    return as_told_by(theirs, one) == theirs;
  });
  if (found == ours.end())
    found = std::find_if(ours.begin(), ours.end(), [&](const ZeekConnection& one) {
      return oracle::same_packets(one, theirs);
    });
  if (found == ours.end()) return std::nullopt;
  ZeekConnection match = as_told_by(theirs, *found);
  ours.erase(found);
  return match;
}

void compare(const oracle::Capture& capture, Score& score) {
  const auto theirs = oracle::read_zeek_connections(capture.path.string() + ".oracle.json");
  if (theirs.empty()) return;
  std::vector<ZeekConnection> ours;
  for (const flow::FlowRecord& record : oracle::replay(capture.path).records)
    ours.push_back(oracle::to_zeek(record));
  for (const ZeekConnection& their : theirs) {
    ++score.theirs;
    const auto our = take_match(their, ours);
    if (!our) continue;
    ++score.of_same_packets;
    score.equal += *our == their;
    if (*our == their) continue;
    score.differences.push_back({capture.name, oracle::ends_of(their),
                                 oracle::ends_of(*our) + ' ' + oracle::sums_of(*our),
                                 oracle::sums_of(their)});
  }
}

}  // namespace

TEST_CASE("oracle: connections of the same packets are Zeek's conn.log, the known ones apart") {
  if (oracle::captures().empty()) return;
  Score score;
  for (const oracle::Capture& capture : oracle::captures())
    compare(capture, score);
  REQUIRE(score.of_same_packets >= kSamePackets);
  const double share =
      static_cast<double>(score.equal) / static_cast<double>(score.of_same_packets);
  std::printf("Zeek: %zu connections, %zu of the same packets, %zu of these equal, %.2f %%\n",
              score.theirs, score.of_same_packets, score.equal, 100 * share);
  std::fflush(stdout);
  CHECK(share >= kWantedShare);
  oracle::check_pinned(score.differences, kKnown);
}
