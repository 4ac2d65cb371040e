// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_record.h"

#include <set>
#include <string>

#include "support/catch.h"

namespace pktana::flow {
namespace {

/// The names of the enumerators 0 to count - 1: none may be missing or double.
template <typename Enum>
std::set<std::string> names_of(unsigned count) {
  std::set<std::string> names;
  for (unsigned i = 0; i < count; ++i)
    names.emplace(to_string(static_cast<Enum>(i)));
  CHECK(names.size() == count);
  CHECK(names.count("unknown") == 0);
  return names;
}

TEST_CASE("flow record: every end reason has its own name") {
  CHECK(names_of<EndReason>(kEndReasonCount) == std::set<std::string>{"idle", "closed", "reset",
                                                                      "active", "evicted",
                                                                      "shutdown", "tuple_reuse"});
}

TEST_CASE("flow record: every state has its own name") {
  CHECK(names_of<FlowState>(3) == std::set<std::string>{"new", "established", "closed"});
  CHECK(names_of<TcpState>(11) == std::set<std::string>{"none", "syn_sent", "syn_recv",
                                                        "established", "fin_wait1", "fin_wait2",
                                                        "time_wait", "last_ack", "close_wait",
                                                        "closing", "closed"});
}

TEST_CASE("flow record: every basis of the initiator has its own name") {
  CHECK(names_of<InitiatorBasis>(5) ==
        std::set<std::string>{"syn", "synack", "icmp_request", "port", "first_packet"});
}

TEST_CASE("flow record: a value that is none of the enumerators is unknown, not garbage") {
  CHECK(to_string(static_cast<EndReason>(200)) == "unknown");
  CHECK(to_string(static_cast<FlowState>(200)) == "unknown");
  CHECK(to_string(static_cast<TcpState>(200)) == "unknown");
  CHECK(to_string(static_cast<InitiatorBasis>(200)) == "unknown");
}

}  // namespace
}  // namespace pktana::flow
