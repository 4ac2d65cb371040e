// SPDX-License-Identifier: Apache-2.0
// LLDP (802.1AB): its TLVs, with the texts of the usual ones.
#include <fmt/format.h>

#include "inspect/protocols.h"
#include "inspect/text.h"

namespace pktana::inspect {
namespace {

constexpr Name kTypes[] = {{0, "end"},
                           {1, "chassis_id"},
                           {2, "port_id"},
                           {3, "time_to_live"},
                           {4, "port_description"},
                           {5, "system_name"},
                           {6, "system_description"},
                           {7, "capabilities"},
                           {8, "management_address"},
                           {127, "organisation_specific"}};
constexpr Field kHead[] = {{"type", 0, 2, Show::Number, 0xFE00, kTypes},
                           {"length", 0, 2, Show::Number, 0x01FF}};
constexpr Field kSubtype[] = {{"subtype", 2}};
constexpr Field kSeconds[] = {{"seconds", 2, 2}};
constexpr Field kCapabilities[] = {{"capabilities", 2, 2, Show::Hex}, {"enabled", 4, 2, Show::Hex}};
constexpr Field kOrganisation[] = {{"oui", 2, 3, Show::Hex}, {"subtype", 5}};
constexpr uint8_t kMacSubtypeOfChassis = 4;
constexpr uint8_t kMacSubtypeOfPort = 3;

void add_id(Layer& layer, size_t at, size_t length, uint8_t mac_subtype) {
  layer.fields(kSubtype, at);
  const base::Bytes value = layer.bytes(at + 3, length - 1);
  const bool mac = layer.u8(at + 2) == mac_subtype && value.size() == 6;
  layer.add_text("id", at + 3, value.size(), mac ? mac_text(value) : printable_octets(value));
}

void add_body(Layer& layer, size_t at, unsigned type, size_t length) {
  if (type == 1 && length > 1) return add_id(layer, at, length, kMacSubtypeOfChassis);
  if (type == 2 && length > 1) return add_id(layer, at, length, kMacSubtypeOfPort);
  if (type == 3 && length >= 2) {
    layer.fields(kSeconds, at);
  } else if (type >= 4 && type <= 6) {
    layer.add_text("text", at + 2, length, printable_octets(layer.bytes(at + 2, length)));
  } else if (type == 7 && length >= 4) {
    layer.fields(kCapabilities, at);
  } else if (type == 127 && length >= 4) {
    layer.fields(kOrganisation, at);
    layer.add_text("data", at + 6, length - 4, hex_text(layer.bytes(at + 6, length - 4)));
  } else if (length > 0) {
    layer.add_text("data", at + 2, length, hex_text(layer.bytes(at + 2, length)));
  }
}

}  // namespace

Next dissect_lldp(Walk& walk, uint32_t) {
  Layer layer(walk, "lldp");
  size_t at = 0;
  bool ended = false;
  while (!ended && at < layer.size() && !walk.is_full()) {
    const unsigned type = layer.u16(at) >> 9;
    const size_t length = layer.u16(at) & 0x1FFU;
    if (!layer.has(at, 2 + length)) {
      layer.truncated("a TLV", at + 2 + length);
      break;
    }
    const std::string_view known = name_of(kTypes, type);
    layer.open(known.empty() ? "tlv" : known, at, 2 + length);
    layer.fields(kHead, at);
    add_body(layer, at, type, length);
    layer.close();
    ended = type == 0;
    at += 2 + length;
  }
  layer.summary("link layer discovery");
  layer.end(at);
  return {};
}

}  // namespace pktana::inspect
