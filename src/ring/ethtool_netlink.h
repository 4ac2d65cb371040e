// SPDX-License-Identifier: Apache-2.0
// The part of link_details that speaks ethtool's generic netlink
// (Documentation/networking/ethtool-netlink.rst).
#pragma once

#include <string>

#include "base/netlink.h"
#include "base/result.h"
#include "ring/link_details.h"

namespace pktana::ring {

class EthtoolNetlink {
 public:
  /// Fails where the kernel has no such family.
  [[nodiscard]] static base::Result<EthtoolNetlink> open();

  /// Fills offloads, rings, queues and speed as far as the driver answers.
  void fill(const std::string& interface_name, LinkDetails& details);

 private:
  EthtoolNetlink(base::NetlinkSocket socket, uint16_t family) noexcept;

  /// Sends one GET; gives each attribute of the answer to `visit`.
  void get(uint8_t command, uint16_t header_attribute, const std::string& interface_name,
           const std::function<void(uint16_t, base::Bytes)>& visit);

  base::NetlinkSocket socket_;
  uint16_t family_;
};

}  // namespace pktana::ring
