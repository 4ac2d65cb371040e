// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_entry.h"

#include <cstddef>

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
  CHECK(offsetof(HotEntry, bytes) == 24);
  CHECK(offsetof(HotEntry, packets) == 40);
  CHECK(offsetof(HotEntry, last_ns) == 48);
  CHECK(offsetof(HotEntry, timeout_class) == 56);
}

TEST_CASE("flow entry: the transport entry is the line beside the hot one") {
  CHECK(sizeof(TransportEntry) == 64);
  CHECK(alignof(TransportEntry) == 64);
  CHECK(sizeof(FlowEntry) == 128);
  CHECK(alignof(FlowEntry) == 128);
  CHECK(offsetof(FlowEntry, hot) == 0);
  CHECK(offsetof(FlowEntry, transport) == 64);
}

TEST_CASE("flow entry: cold and IPv6 memory keep a flow within 288 bytes") {
  CHECK(sizeof(ColdEntry) <= 128);
  CHECK(sizeof(Ipv6Addresses) == 32);
  CHECK(sizeof(FlowEntry) + sizeof(ColdEntry) + sizeof(Ipv6Addresses) <= 288);
}

}  // namespace
}  // namespace pktana::flow
