// SPDX-License-Identifier: Apache-2.0
#include "ring/ethtool_netlink.h"

#include <array>
#include <utility>

#include <linux/ethtool.h>
#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

namespace pktana::ring {
namespace {

using base::Bytes;

/// Names of the kernel's feature bits, and where they go.
struct FeatureName {
  std::string_view name;
  std::optional<bool> Offloads::*member;
};
constexpr std::array kFeatures{
    FeatureName{"rx-gro", &Offloads::gro},
    FeatureName{"rx-gro-hw", &Offloads::gro_hardware},
    FeatureName{"rx-lro", &Offloads::lro},
    FeatureName{"tx-tcp-segmentation", &Offloads::tso},
    FeatureName{"tx-generic-segmentation", &Offloads::gso},
    FeatureName{"rx-vlan-hw-parse", &Offloads::rx_vlan},
};

void visit_bit(Bytes bit, Offloads& offloads) {
  base::for_each_attribute(bit, [&](uint16_t type, Bytes value) {
    if (type != ETHTOOL_A_BITSET_BIT_NAME) return;
    for (const FeatureName& feature : kFeatures)
      if (feature.name == base::attribute_text(value)) offloads.*feature.member = true;
  });
}

/// A list of the bits that are set: what is not in it is off.
void take_active(Bytes bitset, Offloads& offloads) {
  for (const FeatureName& feature : kFeatures)
    offloads.*feature.member = false;
  base::for_each_attribute(bitset, [&](uint16_t type, Bytes bits) {
    if (type != ETHTOOL_A_BITSET_BITS) return;
    base::for_each_attribute(bits, [&](uint16_t, Bytes bit) { visit_bit(bit, offloads); });
  });
}

void take_rings(uint16_t type, Bytes value, std::optional<RxRing>& ring) {
  if (type != ETHTOOL_A_RINGS_RX && type != ETHTOOL_A_RINGS_RX_MAX) return;
  if (!ring) ring.emplace();
  uint32_t& target = type == ETHTOOL_A_RINGS_RX ? ring->packets : ring->max_packets;
  target = base::attribute_u32(value);
}

/// Receive queues are the combined ones and those that only receive.
void take_channels(uint16_t type, Bytes value, std::optional<RxQueues>& queues) {
  const bool now = type == ETHTOOL_A_CHANNELS_RX_COUNT || type == ETHTOOL_A_CHANNELS_COMBINED_COUNT;
  const bool most = type == ETHTOOL_A_CHANNELS_RX_MAX || type == ETHTOOL_A_CHANNELS_COMBINED_MAX;
  if (!now && !most) return;
  if (!queues) queues.emplace();
  (now ? queues->count : queues->max_count) += base::attribute_u32(value);
}

}  // namespace

EthtoolNetlink::EthtoolNetlink(base::NetlinkSocket socket, uint16_t family) noexcept
    : socket_(std::move(socket)), family_(family) {}

base::Result<EthtoolNetlink> EthtoolNetlink::open() {
  auto socket = base::NetlinkSocket::open(NETLINK_GENERIC);
  if (!socket) return base::Unexpected(socket.error());
  base::NetlinkRequest request(GENL_ID_CTRL, NLM_F_ACK);
  request.put(genlmsghdr{.cmd = CTRL_CMD_GETFAMILY, .version = 1, .reserved = 0});
  request.put_attribute(CTRL_ATTR_FAMILY_NAME, std::string_view(ETHTOOL_GENL_NAME));
  uint32_t family = 0;
  auto asked = socket->ask(request, [&](Bytes body) {
    if (body.size() < GENL_HDRLEN) return;
    base::for_each_attribute(body.subspan(GENL_HDRLEN), [&](uint16_t type, Bytes value) {
      if (type == CTRL_ATTR_FAMILY_ID) family = base::attribute_u32(value);
    });
  });
  if (!asked) return base::Unexpected(asked.error());
  return EthtoolNetlink(std::move(*socket), static_cast<uint16_t>(family));
}

void EthtoolNetlink::get(uint8_t command, uint16_t header_attribute,
                         const std::string& interface_name,
                         const std::function<void(uint16_t, Bytes)>& visit) {
  base::NetlinkRequest request(family_, NLM_F_ACK);
  request.put(genlmsghdr{.cmd = command, .version = ETHTOOL_GENL_VERSION, .reserved = 0});
  const size_t nest = request.begin_nest(header_attribute);
  request.put_attribute(ETHTOOL_A_HEADER_DEV_NAME, std::string_view(interface_name));
  request.end_nest(nest);
  // A driver without the feature answers EOPNOTSUPP: the value stays absent.
  (void)socket_.ask(request, [&](Bytes body) {
    if (body.size() >= GENL_HDRLEN) base::for_each_attribute(body.subspan(GENL_HDRLEN), visit);
  });
}

void EthtoolNetlink::fill(const std::string& interface_name, LinkDetails& details) {
  get(ETHTOOL_MSG_FEATURES_GET, ETHTOOL_A_FEATURES_HEADER, interface_name,
      [&](uint16_t type, Bytes value) {
        if (type == ETHTOOL_A_FEATURES_ACTIVE) take_active(value, details.offloads);
      });
  get(ETHTOOL_MSG_RINGS_GET, ETHTOOL_A_RINGS_HEADER, interface_name,
      [&](uint16_t type, Bytes value) { take_rings(type, value, details.rx_ring); });
  get(ETHTOOL_MSG_CHANNELS_GET, ETHTOOL_A_CHANNELS_HEADER, interface_name,
      [&](uint16_t type, Bytes value) { take_channels(type, value, details.rx_queues); });
  get(ETHTOOL_MSG_LINKMODES_GET, ETHTOOL_A_LINKMODES_HEADER, interface_name,
      [&](uint16_t type, Bytes value) {
        if (type != ETHTOOL_A_LINKMODES_SPEED) return;
        const uint32_t speed = base::attribute_u32(value);
        if (speed != 0 && speed != static_cast<uint32_t>(SPEED_UNKNOWN)) details.speed_mbps = speed;
      });
}

}  // namespace pktana::ring
