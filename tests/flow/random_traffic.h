// SPDX-License-Identifier: Apache-2.0
// Random packets of a few conversations for property tests: every protocol, all TCP flags, gaps
// from microseconds to minutes, slight reordering. The same seed gives the same packets.
#pragma once

#include <random>
#include <vector>

#include "support/flow_packets.h"

namespace pktana::flow {

struct TrafficOptions {
  uint32_t conversations = 200;
  int64_t steps_back = 0;  ///< of 10,000 packets so many are the first after an hour's step back
  int64_t max_jitter_ns =
      50 * base::kNsPerMs;  ///< how much earlier than now a packet may claim to be
};

class RandomTraffic {
 public:
  RandomTraffic(uint64_t seed, TrafficOptions options) : random_(seed), options_(options) {}

  FlowPacket next() {
    now_ns_ += gap();
    if (below(10'000) < options_.steps_back) now_ns_ -= 3600 * base::kNsPerSecond;
    support::Conversation talk = pick();
    const support::Sent sent{.ts_ns = now_ns_ - below(options_.max_jitter_ns + 1),
                             .wire_len = 60 + static_cast<uint32_t>(below(1455)),
                             .payload_len = static_cast<uint32_t>(below(1400)),
                             .tcp_flags = flags(),
                             .seq = static_cast<uint32_t>(below(4)) * 1000,
                             .ack = static_cast<uint32_t>(below(4)) * 1000,
                             .payload_cut = below(20) == 0};
    return support::flow_packet(talk, below(5) < 3, sent);
  }

  std::vector<FlowPacket> take(size_t count) {
    std::vector<FlowPacket> packets;
    packets.reserve(count);
    for (size_t i = 0; i < count; ++i)
      packets.push_back(next());
    return packets;
  }

 private:
  int64_t below(int64_t limit) {
    return static_cast<int64_t>(random_() % static_cast<uint64_t>(limit));
  }

  int64_t gap() {
    const int64_t dice = below(1000);
    if (dice < 900) return below(base::kNsPerMs);
    if (dice < 990) return below(base::kNsPerSecond);
    return below(100 * base::kNsPerSecond);
  }

  support::Conversation pick() {
    const auto number = static_cast<uint32_t>(below(options_.conversations));
    switch (number % 7) {
      case 0:
        return support::conversation(number, kProtocolUdp);
      case 1:
        return support::conversation(number, kProtocolIcmp);
      case 2:
        return support::conversation6(number, kProtocolIcmpv6);
      case 3:
        return support::conversation6(number);
      case 4:
        return support::conversation(number, 47);
      default:
        return support::conversation(number);
    }
  }

  uint8_t flags() {
    static constexpr std::array<uint8_t, 10> kFlags{0x02, 0x02, 0x12, 0x10, 0x10,
                                                    0x18, 0x18, 0x11, 0x11, 0x04};
    return kFlags[static_cast<size_t>(below(kFlags.size()))];
  }

  std::mt19937_64 random_;
  TrafficOptions options_;
  int64_t now_ns_ = support::kStart;
};

}  // namespace pktana::flow
