// SPDX-License-Identifier: Apache-2.0
// EAP over LAN (802.1X): its header, and that of EAP (RFC 3748).
#include <fmt/format.h>

#include "inspect/protocols.h"

namespace pktana::inspect {
namespace {

constexpr Name kTypes[] = {{0, "EAP packet"}, {1, "start"},     {2, "logoff"},
                           {3, "key"},        {4, "ASF alert"}, {5, "MKA"}};
constexpr Field kHead[] = {
    {"version", 0}, {"type", 1, 1, Show::Number, 0, kTypes}, {"length", 2, 2}};
constexpr Name kEapCodes[] = {{1, "request"}, {2, "response"}, {3, "success"}, {4, "failure"}};
constexpr Field kEap[] = {{"code", 0, 1, Show::Number, 0, kEapCodes}, {"id", 1}, {"length", 2, 2}};

Next dissect_eap(Walk& walk, uint32_t) {
  if (walk.left() == 0) return {};
  Layer layer(walk, "eap");
  if (!layer.fields(kEap)) return layer.stop();
  layer.summary(std::string(name_of(kEapCodes, layer.u8(0))));
  layer.end(4);
  return {};
}

}  // namespace

Next dissect_eapol(Walk& walk, uint32_t) {
  Layer layer(walk, "eapol");
  if (!layer.fields(kHead)) return layer.stop();
  layer.summary(std::string(name_of(kTypes, layer.u8(1))));
  layer.end(4);
  walk.limit(layer.u16(2));
  return layer.u8(1) == 0 ? Next{dissect_eap} : Next{};
}

}  // namespace pktana::inspect
