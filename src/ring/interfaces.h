// SPDX-License-Identifier: Apache-2.0
// The network interfaces of this network namespace, for `pktana interfaces`, for opening captures
// and for error messages. A snapshot: interfaces come and go.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pktana::ring {

/// The name that stands for all interfaces together.
inline constexpr std::string_view kAnyInterface = "any";

struct Interface {
  std::string name;
  unsigned index = 0;
  unsigned flags = 0;          ///< IFF_ bits, netdevice(7)
  uint16_t hardware_type = 0;  ///< ARPHRD_
  uint16_t link_type =
      0;  ///< LINKTYPE_ of what a capture gives; kLinkTypeUnknown = can't be decoded
  uint32_t mtu_bytes = 0;              ///< 0 = not known
  std::string mac;                     ///< "02:00:..."; empty = none
  std::vector<std::string> addresses;  ///< IPv4 and IPv6 with prefix length

  [[nodiscard]] bool is_up() const noexcept;       ///< brought up by its administrator
  [[nodiscard]] bool is_running() const noexcept;  ///< up, and the link is there
  [[nodiscard]] bool is_loopback() const noexcept;
};

/// All interfaces, by index. Needs no right.
[[nodiscard]] base::Result<std::vector<Interface>> list_interfaces();

/// The interface of that name. When there is none the Error says which there are:
/// "no interface eth9; there are: lo, eth0".
[[nodiscard]] base::Result<Interface> find_interface(std::string_view name);

}  // namespace pktana::ring
