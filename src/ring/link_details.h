// SPDX-License-Identifier: Apache-2.0
// What ethtool(8) knows of an interface: offloads, speed, driver, queues, ring sizes. Asked by
// ethtool's netlink, on older kernels by its ioctls. For `pktana interfaces` and `pktana doctor`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"

namespace pktana::ring {

/// Absent = the driver or the kernel does not say.
struct Offloads {
  std::optional<bool> gro;
  std::optional<bool> gro_hardware;
  std::optional<bool> lro;
  std::optional<bool> tso;
  std::optional<bool> gso;
  std::optional<bool> rx_vlan;
};

struct RxRing {
  uint32_t packets = 0;
  uint32_t max_packets = 0;
};

struct RxQueues {
  uint32_t count = 0;
  uint32_t max_count = 0;
};

struct LinkDetails {
  Offloads offloads;
  std::optional<RxRing> rx_ring;
  std::optional<RxQueues> rx_queues;
  std::optional<uint32_t> speed_mbps;
  std::string driver;  ///< empty = not known
};

/// Needs no right. What can't be told is absent; an Error only when the kernel can't be asked.
[[nodiscard]] base::Result<LinkDetails> ask_link_details(const std::string& interface_name);

/// The same by the ioctls alone, as on kernels without ethtool's netlink (before 5.6).
[[nodiscard]] base::Result<LinkDetails> ask_link_details_by_ioctl(
    const std::string& interface_name);

}  // namespace pktana::ring
