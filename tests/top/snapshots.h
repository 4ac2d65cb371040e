// SPDX-License-Identifier: Apache-2.0
// Snapshots for the tests of `pktana top`.
#pragma once

#include <string>

#include "top/model.h"

namespace pktana::top {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kBegin = 1'700'000'000 * kSecond;  ///< 2023-11-14 22:13:20 UTC

/// Flow `id` from 198.18.0.`id`, with so many bytes.
inline Flow flow(uint64_t id, uint64_t bytes) {
  return {.id = id,
          .interface = "eth0",
          .src = "198.18.0." + std::to_string(id),
          .dst = "198.18.1.1",
          .src_port = static_cast<uint16_t>(40000 + id),
          .dst_port = 443,
          .protocol = "TCP",
          .application = "tls",
          .name = "host" + std::to_string(id) + ".example",
          .state = "established",
          .start_ns = kBegin,
          .end_ns = kBegin + static_cast<int64_t>(id) * kSecond,
          .packets = {bytes / 100, 0},
          .bytes = {bytes, 0}};
}

/// As of so many seconds after the capture's begin; all flows are listed.
inline Snapshot snapshot(int64_t second, std::vector<Flow> flows) {
  Snapshot made{.taken_ns = (1000 + second) * kSecond,
                .time_ns = kBegin + second * kSecond,
                .uptime_ns = second * kSecond};
  made.counters = {.drops = 0, .ring_fill = 0.1, .flows_live = flows.size()};
  made.counters.flows_created = flows.size();
  for (const Flow& one : flows) {
    made.counters.packets += one.all_packets();
    made.counters.bytes += one.all_bytes();
  }
  made.flows_matched = flows.size();
  made.flows = std::move(flows);
  sum_up_talkers(made);
  return made;
}

}  // namespace pktana::top
