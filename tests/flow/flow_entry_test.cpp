// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_entry.h"

#include <cstddef>

#include "flow/flow_spill.h"
#include "support/catch.h"

namespace pktana::flow {
namespace {

// The cost of a packet is the cache lines it touches: what moves here moves the figures of
// bench/flow.

TEST_CASE("flow entry: the hot entry is one cache line and begins with what a look-up compares") {
  CHECK(sizeof(HotEntry) == 64);
  CHECK(alignof(HotEntry) == 64);
  CHECK(offsetof(HotEntry, address) == 0);
  CHECK(offsetof(HotEntry, ports) == 8);
  CHECK(offsetof(HotEntry, domain) == 16);
  CHECK(offsetof(HotEntry, last_ns) == 24);
  CHECK(offsetof(HotEntry, payload_bytes) == 32);
  CHECK(offsetof(HotEntry, packets) == 40);
  CHECK(offsetof(HotEntry, header_bytes) == 44);
  CHECK(offsetof(HotEntry, link_bytes) == 48);
  CHECK(offsetof(HotEntry, timeout_class) == 58);
}

TEST_CASE("flow entry: what each segment needs of TCP is the line beside the hot one") {
  CHECK(sizeof(TcpEntry) == 64);
  CHECK(alignof(TcpEntry) == 64);
  CHECK(sizeof(FlowEntry) == 128);
  CHECK(alignof(FlowEntry) == 128);
  CHECK(offsetof(FlowEntry, hot) == 0);
  CHECK(offsetof(FlowEntry, tcp) == 64);
}

TEST_CASE("flow entry: 176 bytes for an IPv4 flow, 32 more for IPv6") {
  CHECK(sizeof(FlowEntry) + sizeof(TailEntry) == 176);
  CHECK(sizeof(Ipv6Addresses) == 32);
}

TEST_CASE("flow entry: a long flow takes one line more, an odd one 104 bytes beside that") {
  CHECK(sizeof(LongBlock) == 64);
  CHECK(alignof(LongBlock) == 64);
  CHECK(sizeof(OddBlock) == 104);
}

}  // namespace
}  // namespace pktana::flow
