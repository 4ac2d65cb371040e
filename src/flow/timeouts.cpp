// SPDX-License-Identifier: Apache-2.0
#include "flow/timeouts.h"

#include "flow/icmp_pairs.h"

namespace pktana::flow {
namespace {

enum ProtocolClass : uint8_t { kTcp, kUdp, kIcmp, kOther };

ProtocolClass protocol_class(uint8_t protocol) noexcept {
  switch (protocol) {
    case kProtocolTcp:
      return kTcp;
    case kProtocolUdp:
      return kUdp;
    case kProtocolIcmp:
    case kProtocolIcmpv6:
      return kIcmp;
    default:
      return kOther;
  }
}

}  // namespace

Timeouts Timeouts::uniform(int64_t idle_ns) noexcept {
  Timeouts timeouts;
  for (StateTimeouts* one : {&timeouts.tcp, &timeouts.udp, &timeouts.icmp, &timeouts.other}) {
    one->new_ns = idle_ns;
    one->established_ns = idle_ns;
  }
  return timeouts;
}

TimeoutClass timeout_class(uint8_t protocol, FlowState state) noexcept {
  return static_cast<TimeoutClass>(protocol_class(protocol) * 3 + static_cast<uint8_t>(state));
}

std::array<int64_t, kTimeoutClassCount> by_class(const Timeouts& timeouts) noexcept {
  std::array<int64_t, kTimeoutClassCount> table{};
  const std::array all{timeouts.tcp, timeouts.udp, timeouts.icmp, timeouts.other};
  for (unsigned i = 0; i < all.size(); ++i) {
    table[i * 3] = all[i].new_ns;
    table[i * 3 + 1] = all[i].established_ns;
    table[i * 3 + 2] = all[i].closed_ns;
  }
  return table;
}

}  // namespace pktana::flow
