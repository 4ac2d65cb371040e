// SPDX-License-Identifier: Apache-2.0
// LLC (802.2), SNAP and the spanning tree protocol (802.1D).
#include "parse/llc.h"

#include <fmt/format.h>

#include "inspect/names.h"
#include "inspect/protocols.h"
#include "inspect/text.h"
#include "parse/ethertype.h"
#include "parse/snap.h"

namespace pktana::inspect {
namespace {

constexpr Name kSaps[] = {
    {0x00, "null"}, {0x06, "IP"},  {0x42, "spanning tree"}, {0x7F, "ISO 802.2"}, {0x80, "XNS"},
    {0xAA, "SNAP"}, {0xE0, "IPX"}, {0xF0, "NetBIOS"},       {0xFE, "ISO"},       {0xFF, "global"}};
constexpr Field kLlc[] = {
    {"dsap", 0, 1, Show::Hex, 0, kSaps},
    {"ssap", 1, 1, Show::Hex, 0, kSaps},
};
constexpr Field kShortControl[] = {{"control", 2, 1, Show::Hex}};
constexpr Field kLongControl[] = {{"control", 2, 2, Show::Hex}};

constexpr Name kOuis[] = {{0x000000, "Ethernet"},
                          {0x00000C, "Cisco"},
                          {0x0000F8, "bridge tunnel"},
                          {0x0080C2, "802.1"},
                          {0x080007, "Apple"}};
constexpr Field kSnap[] = {{"oui", 0, 3, Show::Hex, 0, kOuis}, {"type", 3, 2, Show::EtherType}};

constexpr Name kBpduTypes[] = {
    {0x00, "configuration"}, {0x02, "rapid or multiple"}, {0x80, "topology change"}};
constexpr Name kVersions[] = {{0, "spanning tree"}, {2, "rapid"}, {3, "multiple"}};
constexpr Field kStpHead[] = {
    {"protocol", 0, 2, Show::Hex},
    {"version", 2, 1, Show::Number, 0, kVersions},
    {"type", 3, 1, Show::Hex, 0, kBpduTypes},
};
constexpr Field kStpBody[] = {
    {"flags", 4, 1, Show::Hex},
    {"topology_change", 4, 1, Show::Flag, 0x01},
    {"proposal", 4, 1, Show::Flag, 0x02},
    {"learning", 4, 1, Show::Flag, 0x10},
    {"forwarding", 4, 1, Show::Flag, 0x20},
    {"agreement", 4, 1, Show::Flag, 0x40},
    {"topology_change_ack", 4, 1, Show::Flag, 0x80},
    {"root_priority", 5, 2, Show::Number, 0},
    {"root", 7, 6, Show::Mac},
    {"root_path_cost", 13, 4},
    {"bridge_priority", 17, 2},
    {"bridge", 19, 6, Show::Mac},
    {"port", 25, 2, Show::Hex},
    {"message_age", 27, 2},
    {"max_age", 29, 2},
    {"hello_time", 31, 2},
    {"forward_delay", 33, 2},
};

Next behind_snap(uint32_t oui, uint16_t type) {
  switch (oui) {
    case parse::kOuiEthernet:
    case parse::kOuiBridgeTunnel:
      return type > parse::kMax8023Length ? Next{dissect_ethertype, type} : Next{};
    case parse::kOuiBridged:
      if (type == parse::kSnapBridgedBpdu) return {dissect_stp};
      if (type == parse::kSnapBridgedEthernet || type == parse::kSnapBridgedEthernetFcs)
        return {dissect_ethernet};
      return {};
    case parse::kOuiCisco:
      return type == parse::kSnapCiscoPvst ? Next{dissect_stp} : Next{};
    default:
      return {};
  }
}

}  // namespace

Next dissect_llc(Walk& walk, uint32_t) {
  if (walk.left() == 0) return {};
  Layer layer(walk, "llc");
  if (!layer.fields(kLlc) || !layer.has(2, 1)) return layer.stop();
  // Unnumbered frames have a control byte, the others two.
  const bool unnumbered = (layer.u8(2) & 3) == 3;
  if (!layer.fields(unnumbered ? Fields(kShortControl) : Fields(kLongControl))) return layer.stop();
  const uint8_t dsap = layer.u8(0);
  layer.summary(std::string(name_of(kSaps, dsap)));
  layer.end(unnumbered ? 3 : 4);
  if (!unnumbered) return {};
  if (dsap == parse::kSapSnap && layer.u8(1) == parse::kSapSnap) return {dissect_snap};
  if (dsap == parse::kSapStp) return {dissect_stp};
  return dsap == parse::kSapIp ? Next{dissect_ipv4} : Next{};
}

Next dissect_snap(Walk& walk, uint32_t) {
  Layer layer(walk, "snap");
  if (!layer.fields(kSnap)) return layer.stop();
  const auto oui = static_cast<uint32_t>(layer.number(0, 3));
  layer.end(5);
  return behind_snap(oui, layer.u16(3));
}

Next dissect_stp(Walk& walk, uint32_t) {
  constexpr size_t kTopologyChange = 4;
  constexpr size_t kConfiguration = 35;
  Layer layer(walk, "stp");
  if (!layer.fields(kStpHead)) return layer.stop();
  layer.summary(std::string(name_of(kBpduTypes, layer.u8(3))));
  if (layer.u8(3) == 0x80) {
    layer.end(kTopologyChange);
    return {};
  }
  layer.end(layer.fields(kStpBody) ? kConfiguration : layer.size());
  return {};
}

}  // namespace pktana::inspect
