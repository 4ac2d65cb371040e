// SPDX-License-Identifier: Apache-2.0
#include "ring/link_details.h"

#include <cerrno>

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/fd.h"
#include "ring/ethtool_netlink.h"

namespace pktana::ring {
namespace {

/// One ETHTOOL_ command; `value` holds the command and takes the answer.
template <typename T>
bool ask(int socket, const std::string& name, T& value) noexcept {
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  request.ifr_data = reinterpret_cast<char*>(&value);
  return ::ioctl(socket, SIOCETHTOOL, &request) == 0;
}

std::optional<uint32_t> ask_value(int socket, const std::string& name, uint32_t command) noexcept {
  ethtool_value value{};
  value.cmd = command;
  if (!ask(socket, name, value)) return std::nullopt;
  return value.data;
}

std::optional<bool> ask_bool(int socket, const std::string& name, uint32_t command) noexcept {
  const auto value = ask_value(socket, name, command);
  if (!value) return std::nullopt;
  return *value != 0;
}

void ask_driver(int socket, const std::string& name, LinkDetails& details) {
  ethtool_drvinfo info{};
  info.cmd = ETHTOOL_GDRVINFO;
  if (!ask(socket, name, info)) return;
  info.driver[sizeof info.driver - 1] = '\0';
  details.driver = info.driver;
}

void ask_offloads(int socket, const std::string& name, Offloads& offloads) {
  offloads.gro = ask_bool(socket, name, ETHTOOL_GGRO);
  offloads.gso = ask_bool(socket, name, ETHTOOL_GGSO);
  offloads.tso = ask_bool(socket, name, ETHTOOL_GTSO);
  const auto flags = ask_value(socket, name, ETHTOOL_GFLAGS);
  if (!flags) return;
  offloads.lro = (*flags & ETH_FLAG_LRO) != 0;
  offloads.rx_vlan = (*flags & ETH_FLAG_RXVLAN) != 0;
}

void ask_sizes(int socket, const std::string& name, LinkDetails& details) {
  ethtool_ringparam ring{};
  ring.cmd = ETHTOOL_GRINGPARAM;
  if (ask(socket, name, ring)) details.rx_ring = RxRing{ring.rx_pending, ring.rx_max_pending};
  ethtool_channels channels{};
  channels.cmd = ETHTOOL_GCHANNELS;
  if (ask(socket, name, channels))
    details.rx_queues = RxQueues{channels.combined_count + channels.rx_count,
                                 channels.max_combined + channels.max_rx};
  ethtool_cmd command{};
  command.cmd = ETHTOOL_GSET;
  if (!ask(socket, name, command)) return;
  const uint32_t speed = ::ethtool_cmd_speed(&command);
  if (speed != 0 && speed != static_cast<uint32_t>(SPEED_UNKNOWN) && speed != 0xFFFF)
    details.speed_mbps = speed;
}

base::Result<base::Fd> open_socket() {
  base::Fd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) return base::fail(errno, "socket", "asking ethtool");
  return socket;
}

}  // namespace

base::Result<LinkDetails> ask_link_details(const std::string& interface_name) {
  auto netlink = EthtoolNetlink::open();
  if (!netlink) return ask_link_details_by_ioctl(interface_name);
  auto socket = open_socket();
  if (!socket) return base::Unexpected(socket.error());
  LinkDetails details;
  netlink->fill(interface_name, details);
  ask_driver(socket->get(), interface_name, details);  // netlink does not tell it
  return details;
}

base::Result<LinkDetails> ask_link_details_by_ioctl(const std::string& interface_name) {
  auto socket = open_socket();
  if (!socket) return base::Unexpected(socket.error());
  LinkDetails details;
  ask_offloads(socket->get(), interface_name, details.offloads);
  ask_sizes(socket->get(), interface_name, details);
  ask_driver(socket->get(), interface_name, details);
  return details;
}

}  // namespace pktana::ring
