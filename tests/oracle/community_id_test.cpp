// SPDX-License-Identifier: Apache-2.0
// Our Community ID of a flow is the one that tshark calculates for the same addresses, ports and
// protocol.
#include <cstdio>

#include "oracle/conversation.h"
#include "oracle/corpus.h"
#include "oracle/replay.h"
#include "support/catch.h"

using namespace pktana;
using oracle::Capture;
using oracle::Conversations;

TEST_CASE("oracle: community ids are tshark's") {
  uint64_t compared = 0;
  for (const Capture& capture : oracle::captures()) {
    const auto run = oracle::replay(capture.path);
    const Conversations ours = oracle::conversations_of(run.records);
    for (const auto& [key, theirs] : oracle::conversations_of(capture.oracle)) {
      const auto found = ours.find(key);
      // conversations_test reports those. ICMP is found by its id: there, a wrong one is a
      // difference.
      if (found == ours.end()) continue;
      INFO(capture.name << " " << to_string(key));
      CHECK(found->second.community_id == theirs.community_id);
      ++compared;
    }
  }
  std::printf("  %ju community ids compared\n", uintmax_t{compared});
  std::fflush(stdout);
}
