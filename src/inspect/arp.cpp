// SPDX-License-Identifier: Apache-2.0
// ARP and RARP (RFC 826, 903) for addresses of any length.
#include <fmt/format.h>

#include "inspect/protocols.h"
#include "inspect/text.h"
#include "parse/ethertype.h"

namespace pktana::inspect {
namespace {

constexpr Name kHardware[] = {{1, "Ethernet"},     {6, "IEEE 802"},   {7, "ARCNET"},
                              {15, "Frame Relay"}, {16, "ATM"},       {20, "serial line"},
                              {24, "IEEE 1394"},   {32, "InfiniBand"}};
constexpr Name kOperations[] = {{1, "request"},       {2, "reply"},         {3, "RARP request"},
                                {4, "RARP reply"},    {5, "DRARP request"}, {6, "DRARP reply"},
                                {8, "InARP request"}, {9, "InARP reply"},   {10, "ATM ARP NAK"}};
constexpr Field kFixed[] = {
    {"hardware_type", 0, 2, Show::Number, 0, kHardware},
    {"protocol_type", 2, 2, Show::EtherType},
    {"hardware_length", 4},
    {"protocol_length", 5},
    {"operation", 6, 2, Show::Number, 0, kOperations},
};
constexpr size_t kFixedLength = 8;

struct Addresses {
  size_t hardware;  ///< length
  size_t protocol;
  bool is_ipv4;

  [[nodiscard]] size_t sender_hardware() const noexcept { return kFixedLength; }
  [[nodiscard]] size_t sender_protocol() const noexcept { return kFixedLength + hardware; }
  [[nodiscard]] size_t target_hardware() const noexcept { return sender_protocol() + protocol; }
  [[nodiscard]] size_t target_protocol() const noexcept { return target_hardware() + hardware; }
  [[nodiscard]] size_t end() const noexcept { return target_protocol() + protocol; }
};

Field address(std::string_view name, size_t offset, size_t length, Show show) {
  return {name, static_cast<uint16_t>(offset), static_cast<uint16_t>(length), show};
}

bool add_addresses(Layer& layer, const Addresses& at) {
  const Show hardware = at.hardware == 6 ? Show::Mac : Show::Octets;
  const Show protocol = at.is_ipv4 ? Show::Ipv4 : Show::Octets;
  const Field fields[] = {
      address("sender_hardware", at.sender_hardware(), at.hardware, hardware),
      address("sender_protocol", at.sender_protocol(), at.protocol, protocol),
      address("target_hardware", at.target_hardware(), at.hardware, hardware),
      address("target_protocol", at.target_protocol(), at.protocol, protocol),
  };
  return layer.fields(fields);
}

void summarise(Layer& layer, const Addresses& at, uint16_t operation) {
  const std::string sender = ipv4_text(layer.bytes(at.sender_protocol(), at.protocol));
  const std::string target = ipv4_text(layer.bytes(at.target_protocol(), at.protocol));
  const std::string mac = mac_text(layer.bytes(at.sender_hardware(), at.hardware));
  const bool same = sender == target;
  if (operation == 1)
    layer.summary(same ? fmt::format("announcement: {} is at {}", sender, mac)
                       : fmt::format("who has {}? tell {}", target, sender));
  else if (operation == 2)
    layer.summary(fmt::format("{} is at {}", sender, mac));
  else
    layer.summary(std::string(name_of(kOperations, operation)));
  if (same && (operation == 1 || operation == 2))
    layer.note("gratuitous_arp", {at.sender_protocol(), at.protocol},
               "gratuitous: sender and target are the same address");
}

/// A sender that says another hardware address than its frame is how ARP spoofing looks.
void find_mismatch(Layer& layer, const Addresses& at) {
  constexpr size_t kMac = 6;
  const size_t arp = layer.frame_offset(0);
  if (layer.walk().link_type != 1 || arp < 14 || at.hardware != kMac) return;
  const base::Bytes frame = layer.walk().frame().subspan(kMac, kMac);
  const base::Bytes sender = layer.bytes(at.sender_hardware(), kMac);
  if (arp == 14 && !std::equal(frame.begin(), frame.end(), sender.begin(), sender.end()))
    layer.warn("arp_sender_mismatch", {at.sender_hardware(), kMac},
               fmt::format("the sender says {}, but the frame comes from {}", mac_text(sender),
                           mac_text(frame)));
}

}  // namespace

Next dissect_arp(Walk& walk, uint32_t ethertype) {
  Layer layer(walk, ethertype == parse::kEtherTypeRarp ? "rarp" : "arp");
  if (!layer.fields(kFixed)) return layer.stop();
  const Addresses at{.hardware = layer.u8(4),
                     .protocol = layer.u8(5),
                     .is_ipv4 = layer.u16(2) == parse::kEtherTypeIpv4 && layer.u8(5) == 4};
  const bool whole = add_addresses(layer, at);
  if (whole) summarise(layer, at, layer.u16(6));
  if (whole && layer.u16(0) == 1) find_mismatch(layer, at);
  layer.end(at.end());
  walk.limit(0);
  return {};
}

}  // namespace pktana::inspect
