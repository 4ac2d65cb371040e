// SPDX-License-Identifier: Apache-2.0
// Ethernet II, 802.3 and VLAN tags.
#include <fmt/format.h>

#include "inspect/names.h"
#include "inspect/protocols.h"
#include "inspect/text.h"
#include "parse/ethertype.h"

namespace pktana::inspect {
namespace {

constexpr size_t kMacLength = 6;
constexpr size_t kTypeOffset = 12;
constexpr size_t kHeaderLength = 14;

constexpr Field kAddresses[] = {
    {"dst", 0, 6, Show::Mac},
    {"src", 6, 6, Show::Mac},
};
constexpr Field kType[] = {{"type", 12, 2, Show::EtherType}};
constexpr Field kLength[] = {{"length", 12, 2}};

constexpr Field kVlan[] = {
    {"priority", 0, 1, Show::Number, 0xE0},
    {"drop_eligible", 0, 1, Show::Number, 0x10},
    {"id", 0, 2, Show::Number, 0x0FFF},
    {"type", 2, 2, Show::EtherType},
};
constexpr size_t kTagLength = 4;

void find_odd_source(Layer& layer) {
  constexpr uint64_t kGroup = 0x010000000000;
  const uint64_t src = layer.number(kMacLength, kMacLength);
  if ((src & kGroup) != 0)
    layer.warn("group_source", {kMacLength, kMacLength}, "the source is a group address");
  if (src == 0 && layer.number(0, kMacLength) != 0)
    layer.note("zero_source", {kMacLength, kMacLength}, "the source address is all zero");
}

Next take_8023(Layer& layer, uint16_t length) {
  Walk& walk = layer.walk();
  if (!layer.fields(kLength)) return {};
  layer.end(kHeaderLength);
  if (length > walk.sent_left())
    layer.error("bad_length", {kTypeOffset, 2},
                fmt::format("802.3 length {}, but {} bytes follow", length, walk.sent_left()));
  walk.limit(length);
  return {dissect_llc};
}

}  // namespace

Next dissect_ethernet(Walk& walk, uint32_t) {
  Layer layer(walk, "ethernet");
  const bool whole = layer.fields(kAddresses) && layer.has(kTypeOffset, 2);
  if (layer.has(0, kTypeOffset)) find_odd_source(layer);
  const uint16_t type = layer.u16(kTypeOffset);
  layer.summary(fmt::format("{} > {}", mac_text(layer.bytes(kMacLength, kMacLength)),
                            mac_text(layer.bytes(0, kMacLength))));
  if (whole && type <= parse::kMax8023Length) return take_8023(layer, type);
  const bool typed = layer.fields(kType);
  layer.end(kHeaderLength);
  return typed ? Next{dissect_ethertype, type} : Next{};
}

Next dissect_vlan(Walk& walk, uint32_t) {
  Layer layer(walk, "vlan");
  const bool whole = layer.fields(kVlan);
  const unsigned id = layer.u16(0) & 0x0FFFU;
  layer.summary(fmt::format("id {}, priority {}", id, layer.u16(0) >> 13));
  if (whole && id == 0x0FFF) layer.warn("reserved_vlan", {0, 2}, "VLAN id 4095 is reserved");
  const uint16_t type = layer.u16(2);
  layer.end(kTagLength);
  if (!whole) return {};
  if (type <= parse::kMax8023Length) {
    walk.limit(type);
    return {dissect_llc};
  }
  return {dissect_ethertype, type};
}

}  // namespace pktana::inspect
