// SPDX-License-Identifier: Apache-2.0
// Shorthand of the live tests: open a capture, send, collect what arrived.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ring/capture_group.h"
#include "tools/frame_sender.h"

namespace pktana::tests {

/// Small blocks, so that a test's ring is quickly made and quickly full.
[[nodiscard]] ring::GroupOptions capture_options(std::vector<std::string> interfaces,
                                                 unsigned workers = 1);

/// The sources of all workers. Fails the test case when the capture can't be opened.
[[nodiscard]] std::vector<std::unique_ptr<ring::RingSource>> open_sources(
    const ring::GroupOptions& options);

/// A packet as it was delivered, copied.
struct Delivered {
  std::vector<uint8_t> bytes;
  ring::PacketRef ref;  ///< its data is not valid
};

/// Takes packets until `enough` of them have come or `seconds` are over.
[[nodiscard]] std::vector<Delivered> receive(ring::RingSource& source, size_t enough,
                                             double seconds);

/// Packets of each worker, after drain() of all.
using ByWorker = std::vector<std::vector<Delivered>>;
[[nodiscard]] ByWorker drain_all(std::vector<std::unique_ptr<ring::RingSource>>& sources);
[[nodiscard]] size_t total(const ByWorker& packets);

/// stop_intake() and everything up to the end; checks that the end comes and that the kernel's
/// count is what was delivered and dropped.
[[nodiscard]] std::vector<Delivered> drain(ring::RingSource& source);

/// Sends the traffic on the interface; every frame was taken.
Sent send(const std::string& interface_name, const TrafficOptions& options, uint64_t rate_pps = 0);

/// The number of the flow (of tools/traffic.h, up to 65536 flows) that a frame belongs to, behind
/// at most one tag; ~0 = none.
[[nodiscard]] uint64_t flow_of(const Delivered& packet);
/// Worker of each flow. Fails the test case if packets of one flow came to two workers.
std::map<uint64_t, size_t> workers_of_flows(const ByWorker& packets);

}  // namespace pktana::tests
