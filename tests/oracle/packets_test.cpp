// SPDX-License-Identifier: Apache-2.0
// Every packet of every capture is read: as many, and as many bytes, as tshark counts.
#include <map>

#include "oracle/corpus.h"
#include "oracle/replay.h"
#include "support/catch.h"

using namespace pktana;
using oracle::Capture;

namespace {

struct PacketSums {
  uint64_t packets = 0;
  uint64_t bytes = 0;

  friend bool operator==(const PacketSums&, const PacketSums&) = default;
};

/// Captures of which we read something else, and what; the reasons are in
/// docs/oracle-differences.md.
const std::map<std::string, PacketSums>& exceptions() {
  static const std::map<std::string, PacketSums> kAll = {
      // tshark takes another pcap variant for it and reads a second record where there is none.
      {"malformed/suricata_fuzz.pcap", {1, 188}},
      // tshark counts custom blocks as packets; capinfos doesn't, and neither do we.
      {"pcapng/ngtest_be-advanced-test102.pcapng", {5, 1480}},
      {"pcapng/ngtest_le-difficult-test202.pcapng", {8, 2304}},
  };
  return kAll;
}

}  // namespace

TEST_CASE("oracle: packets and bytes read are tshark's") {
  for (const Capture& capture : oracle::captures()) {
    const auto run = oracle::replay(capture.path);
    const PacketSums ours{run.numbers.packets.captured, run.numbers.packets.captured_bytes};
    PacketSums wanted{capture.oracle.packets, capture.oracle.bytes};
    const auto exception = exceptions().find(capture.name);
    INFO(capture.name << (run.error ? ": " + base::to_string(*run.error) : ""));
    if (exception != exceptions().end()) {
      CHECK_FALSE(wanted == exception->second);  // else it is none, and should leave the list
      wanted = exception->second;
    }
    CHECK(ours.packets == wanted.packets);
    CHECK(ours.bytes == wanted.bytes);
  }
}
