// SPDX-License-Identifier: Apache-2.0
// Conversation by conversation: packets, bytes and payload bytes of each direction against
// tshark's.
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "oracle/corpus.h"
#include "oracle/known_differences.h"
#include "support/catch.h"

using namespace pktana;
using oracle::Capture;
using oracle::Kind;

namespace {

constexpr double kWantedShare = 0.97;
constexpr const char* kNotCompared =
    "malformed";  ///< what broken packets mean is each tool's own choice

struct Score {
  uint64_t equal = 0;
  uint64_t total = 0;

  [[nodiscard]] double share() const {
    return total == 0 ? 1.0 : static_cast<double>(equal) / static_cast<double>(total);
  }
  Score& operator+=(const oracle::Comparison& more) {
    equal += more.equal;
    total += more.total;
    return *this;
  }
};

struct Scores {
  std::map<std::string, Score> by_folder;
  Score compared;  ///< the folders of is_compared()
  Score all;
  std::vector<oracle::Difference> differences;
};

Scores score_all(Kind kind) {
  Scores scores;
  for (const Capture& capture : oracle::captures()) {
    if (oracle::lies_in(capture, kNotCompared)) continue;
    oracle::Comparison comparison = oracle::compare(capture, kind);
    scores.by_folder[capture.folder] += comparison;
    scores.all += comparison;
    if (oracle::is_compared(capture)) scores.compared += comparison;
    scores.differences.insert(scores.differences.end(), comparison.differences.begin(),
                              comparison.differences.end());
  }
  return scores;
}

void print(const std::string& what, const Score& score) {
  if (score.total == 0) return;
  std::printf("  %-24s %5ju of %5ju equal, %6.2f %%\n", what.c_str(), uintmax_t{score.equal},
              uintmax_t{score.total}, 100 * score.share());
}

void print(const char* what, const Scores& scores) {
  std::printf("%s:\n", what);
  for (const auto& [folder, score] : scores.by_folder)
    print(folder, score);
  print("flows vlan qinq linktypes", scores.compared);
  print("all but malformed", scores.all);
  std::fflush(stdout);
}

}  // namespace

TEST_CASE("oracle: TCP, UDP and SCTP conversations have tshark's sums, the known ones apart") {
  if (oracle::captures().empty()) return;
  const Scores scores = score_all(Kind::TcpUdpSctp);
  print("TCP, UDP and SCTP conversations", scores);
  CHECK(scores.compared.share() >= kWantedShare);
  oracle::check_known(scores.differences, Kind::TcpUdpSctp);
}

TEST_CASE("oracle: ICMP conversations have tshark's sums, the known ones apart") {
  if (oracle::captures().empty()) return;
  const Scores scores = score_all(Kind::Icmp);
  print("ICMP and ICMPv6 conversations", scores);
  oracle::check_known(scores.differences, Kind::Icmp);
}

TEST_CASE("oracle: all IP packets between two addresses have tshark's sums, the known ones apart") {
  if (oracle::captures().empty()) return;
  const Scores scores = score_all(Kind::AddressPairs);
  print("address pairs, all IP protocols", scores);
  CHECK(scores.compared.share() >= kWantedShare);
  oracle::check_known(scores.differences, Kind::AddressPairs);
}

TEST_CASE(
    "oracle: TCP and ICMP conversations have as many flows as tshark's, the known ones apart") {
  if (oracle::captures().empty()) return;
  const Scores scores = score_all(Kind::FlowCounts);
  print("TCP and ICMP conversations by number of flows", scores);
  oracle::check_known(scores.differences, Kind::FlowCounts);
}
