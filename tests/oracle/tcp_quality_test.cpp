// SPDX-License-Identifier: Apache-2.0
// What flow records say of TCP quality against tshark's tcp.analysis.*: the table of
// docs/tcp-quality.md.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "oracle/tcp_counts.h"
#include "support/catch.h"

using namespace pktana;
using oracle::Capture;
using oracle::Kind;
using oracle::TcpCounts;

namespace {

constexpr double kWantedShare = 0.95;

struct Row {
  const char* name;
  uint64_t TcpCounts::*count;
  uint64_t equal = 0;
  uint64_t marked = 0;        ///< conversations where either side counts anything
  uint64_t marked_equal = 0;  ///< of those, with the same count
  uint64_t ours = 0;
  uint64_t theirs = 0;
};

void add(Row& row, const oracle::TcpPair& pair) {
  const uint64_t ours = pair.ours.*row.count;
  const uint64_t theirs = pair.theirs.*row.count;
  row.ours += ours;
  row.theirs += theirs;
  row.equal += ours == theirs;
  row.marked += ours + theirs > 0;
  row.marked_equal += ours + theirs > 0 && ours == theirs;
}

double share(uint64_t part, uint64_t all) {
  return all == 0 ? 1.0 : static_cast<double>(part) / static_cast<double>(all);
}

void print(const Row& row, uint64_t conversations) {
  std::printf("| %-20s | %6ju | %6ju | %6.2f %% | %4ju of %4ju |\n", row.name, uintmax_t{row.ours},
              uintmax_t{row.theirs}, 100 * share(row.equal, conversations),
              uintmax_t{row.marked_equal}, uintmax_t{row.marked});
}

}  // namespace

TEST_CASE("oracle: TCP quality is counted as tshark does, the known differences apart") {
  if (oracle::captures().empty()) return;
  std::array rows{Row{"retransmits", &TcpCounts::retransmits},
                  Row{"out of order", &TcpCounts::out_of_order},
                  Row{"duplicate ACKs", &TcpCounts::duplicate_acks},
                  Row{"zero windows", &TcpCounts::zero_windows},
                  Row{"fast retransmits", &TcpCounts::fast_retransmits},
                  Row{"spurious retransmits", &TcpCounts::spurious_retransmits},
                  Row{"keep-alives", &TcpCounts::keep_alives}};
  uint64_t conversations = 0;
  for (const Capture& capture : oracle::captures()) {
    const auto pairs = oracle::tcp_pairs(capture);
    conversations += pairs.size();
    for (Row& row : rows)
      for (const oracle::TcpPair& pair : pairs)
        add(row, pair);
  }
  std::printf("TCP quality, %ju conversations: ours, tshark's, equal, equal where not 0\n",
              uintmax_t{conversations});
  for (const Row& row : rows) {
    print(row, conversations);
    CHECK(share(row.equal, conversations) >= kWantedShare);
  }
  std::fflush(stdout);
}

// Not compared: a SYN sent again, where tshark counts from the last one, and 0, which tshark takes
// for not known.
TEST_CASE("oracle: the handshake takes as long as tshark's initial RTT") {
  if (oracle::captures().empty()) return;
  uint64_t both = 0;
  for (const Capture& capture : oracle::captures()) {
    for (const oracle::HandshakePair& pair : oracle::handshake_pairs(capture)) {
      if (pair.our_us.value_or(0) == 0 || !pair.their_us) continue;
      ++both;
      INFO(capture.name << " " << pair.conversation);
      if (std::abs(*pair.our_us - *pair.their_us) > 1)  // rounded down to us
        CHECK(*pair.our_us == *pair.their_us);
    }
  }
  std::printf("TCP handshakes compared: %ju\n", uintmax_t{both});
  std::fflush(stdout);
  CHECK(both > 1000);
}

TEST_CASE("oracle: conversations whose TCP quality differs from tshark's are the known ones") {
  if (oracle::captures().empty()) return;
  std::vector<oracle::Difference> differences;
  for (const Capture& capture : oracle::captures()) {
    const oracle::Comparison comparison = oracle::compare(capture, Kind::TcpQuality);
    differences.insert(differences.end(), comparison.differences.begin(),
                       comparison.differences.end());
  }
  oracle::check_known(differences, Kind::TcpQuality);
}
