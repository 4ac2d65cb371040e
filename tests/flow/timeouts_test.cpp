// SPDX-License-Identifier: Apache-2.0
#include "flow/timeouts.h"

#include <set>

#include "flow/icmp_pairs.h"
#include "support/catch.h"

namespace pktana::flow {
namespace {

using base::kNsPerSecond;

int64_t timeout_of(const Timeouts& timeouts, uint8_t protocol, FlowState state) {
  return by_class(timeouts)[timeout_class(protocol, state)];
}

TEST_CASE("timeouts: the defaults are the ones that Suricata ships") {
  const Timeouts defaults;
  CHECK(timeout_of(defaults, kProtocolTcp, FlowState::New) == 60 * kNsPerSecond);
  CHECK(timeout_of(defaults, kProtocolTcp, FlowState::Established) == 600 * kNsPerSecond);
  CHECK(timeout_of(defaults, kProtocolTcp, FlowState::Closed) == 60 * kNsPerSecond);
  for (const uint8_t protocol :
       {kProtocolUdp, kProtocolIcmp, kProtocolIcmpv6, kProtocolSctp, uint8_t{47}}) {
    CHECK(timeout_of(defaults, protocol, FlowState::New) == 30 * kNsPerSecond);
    CHECK(timeout_of(defaults, protocol, FlowState::Established) == 300 * kNsPerSecond);
  }
}

TEST_CASE("timeouts: each protocol has its own, both ICMPs share one, the rest is other") {
  Timeouts timeouts;
  timeouts.udp.new_ns = 1;
  timeouts.icmp.new_ns = 2;
  timeouts.other.new_ns = 3;
  CHECK(timeout_of(timeouts, kProtocolUdp, FlowState::New) == 1);
  CHECK(timeout_of(timeouts, kProtocolIcmp, FlowState::New) == 2);
  CHECK(timeout_of(timeouts, kProtocolIcmpv6, FlowState::New) == 2);
  CHECK(timeout_of(timeouts, kProtocolSctp, FlowState::New) == 3);
  CHECK(timeout_of(timeouts, 0, FlowState::New) == 3);
  CHECK(timeout_of(timeouts, 255, FlowState::New) == 3);
}

TEST_CASE("timeouts: a class leads back to its state and no two pairs share one") {
  std::set<TimeoutClass> classes;
  for (const uint8_t protocol : {kProtocolTcp, kProtocolUdp, kProtocolIcmp, kProtocolSctp}) {
    for (const FlowState state : {FlowState::New, FlowState::Established, FlowState::Closed}) {
      const TimeoutClass made = timeout_class(protocol, state);
      CHECK(state_of(made) == state);
      CHECK(made < kTimeoutClassCount);
      classes.insert(made);
    }
  }
  CHECK(classes.size() == kTimeoutClassCount);
}

TEST_CASE("timeouts: a uniform one holds for open flows of any protocol, closed ones keep theirs") {
  const Timeouts timeouts = Timeouts::uniform(5);
  for (const uint8_t protocol : {kProtocolTcp, kProtocolUdp, kProtocolIcmp, kProtocolSctp}) {
    CHECK(timeout_of(timeouts, protocol, FlowState::New) == 5);
    CHECK(timeout_of(timeouts, protocol, FlowState::Established) == 5);
  }
  CHECK(timeout_of(timeouts, kProtocolTcp, FlowState::Closed) == 60 * kNsPerSecond);
}

}  // namespace
}  // namespace pktana::flow
