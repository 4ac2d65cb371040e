// SPDX-License-Identifier: Apache-2.0
// PPPoE (RFC 2516), PPP (RFC 1661) and the packets of its control protocols.
#include "parse/ppp.h"

#include <fmt/format.h>

#include "inspect/names.h"
#include "inspect/protocols.h"
#include "inspect/text.h"
#include "parse/ethertype.h"

namespace pktana::inspect {
namespace {

constexpr Name kCodes[] = {{0x00, "session"}, {0x07, "PADO"}, {0x09, "PADI"},
                           {0x19, "PADR"},    {0x65, "PADS"}, {0xA7, "PADT"}};
constexpr Field kPppoe[] = {
    {"version", 0, 1, Show::Number, 0xF0},
    {"type", 0, 1, Show::Number, 0x0F},
    {"code", 1, 1, Show::Hex, 0, kCodes},
    {"session", 2, 2, Show::Hex},
    {"length", 4, 2},
};
constexpr size_t kPppoeLength = 6;
constexpr Name kTags[] = {
    {0x0000, "end_of_list"},   {0x0101, "service_name"},  {0x0102, "concentrator_name"},
    {0x0103, "host_unique"},   {0x0104, "cookie"},        {0x0105, "vendor_specific"},
    {0x0110, "relay_session"}, {0x0120, "max_payload"},   {0x0201, "service_name_error"},
    {0x0202, "system_error"},  {0x0203, "generic_error"},
};
constexpr Field kTagHead[] = {{"type", 0, 2, Show::Hex, 0, kTags}, {"length", 2, 2}};

size_t add_tags(Layer& layer, size_t end) {
  size_t at = kPppoeLength;
  while (at + 4 <= end && !layer.walk().is_full()) {
    const size_t length = layer.u16(at + 2);
    const std::string_view known = name_of(kTags, layer.u16(at));
    layer.open(known.empty() ? "tag" : known, at, length + 4);
    layer.fields(kTagHead, at);
    const base::Bytes value = layer.bytes(at + 4, std::min(length, end - at - 4));
    if (!value.empty()) {
      layer.add_text("value", at + 4, value.size(), hex_text(value));
      layer.add_text("text", at + 4, value.size(), printable_octets(value));
    }
    layer.close();
    if (at + 4 + length > end) {
      layer.error("bad_tag_length", {at + 2, 2},
                  fmt::format("a tag of {} bytes, {} are left", length, end - at - 4));
      return end;
    }
    at += 4 + length;
  }
  return at;
}

constexpr Name kControlCodes[] = {
    {1, "configure request"}, {2, "configure ack"}, {3, "configure nak"},   {4, "configure reject"},
    {5, "terminate request"}, {6, "terminate ack"}, {7, "code reject"},     {8, "protocol reject"},
    {9, "echo request"},      {10, "echo reply"},   {11, "discard request"}};
constexpr Field kControl[] = {
    {"code", 0, 1, Show::Number, 0, kControlCodes}, {"id", 1}, {"length", 2, 2}};

Next dissect_ppp_control(Walk& walk, uint32_t) {
  Layer layer(walk, "ppp_control");
  if (!layer.fields(kControl)) return layer.stop();
  const size_t length = layer.u16(2);
  layer.summary(fmt::format("{}, id {}", name_of(kControlCodes, layer.u8(0)), layer.u8(1)));
  if (length < 4 || length > walk.sent_left())
    layer.error("bad_length", {2, 2},
                fmt::format("length {}, {} bytes are there", length, walk.sent_left()));
  layer.end(4);
  if (length >= 4) walk.limit(length - 4);
  return {};
}

Next behind_ppp(uint16_t protocol) {
  switch (protocol) {
    case parse::kPppIpv4:
      return {dissect_ipv4};
    case parse::kPppIpv6:
      return {dissect_ipv6};
    case parse::kPppMpls:
    case parse::kPppMplsMulticast:
      return {dissect_mpls};
    case 0x8021:
    case 0x8057:
    case 0x80FD:
    case 0xC021:
      return {dissect_ppp_control};
    default:
      return {};
  }
}

}  // namespace

Next dissect_pppoe(Walk& walk, uint32_t ethertype) {
  Layer layer(walk, ethertype == parse::kEtherTypePppoeSession ? "pppoe" : "pppoe_discovery");
  if (!layer.fields(kPppoe)) return layer.stop();
  const size_t length = layer.u16(4);
  layer.summary(fmt::format("{}, session 0x{:04x}", name_of(kCodes, layer.u8(1)), layer.u16(2)));
  if (layer.u8(0) != 0x11) layer.error("bad_version", {0, 1}, "version and type must be 1 and 1");
  if (length + kPppoeLength > walk.sent_left())
    layer.error(
        "bad_length", {4, 2},
        fmt::format("length {}, but {} bytes follow", length, walk.sent_left() - kPppoeLength));
  const bool session = layer.u8(1) == 0;
  const size_t behind = walk.at() + kPppoeLength + length;
  layer.end(session ? kPppoeLength
                    : add_tags(layer, std::min(kPppoeLength + length, layer.size())));
  walk.limit(behind - std::min(behind, walk.at()));
  return session && layer.u8(0) == 0x11 ? Next{dissect_ppp} : Next{};
}

Next dissect_ppp(Walk& walk, uint32_t) {
  Layer layer(walk, "ppp");
  const auto view = parse::PppView::parse(layer.bytes());
  if (!view) {
    layer.truncated("the protocol", layer.size() + 1);
    return layer.stop();
  }
  const size_t length = view->header_len_bytes();
  const bool framed = length > 2 || (length == 2 && layer.u8(0) == 0xFF && layer.u8(1) == 0x03);
  if (framed && layer.u8(0) == 0xFF) {
    layer.add({"address", 0, 1, Show::Hex});
    layer.add({"control", 1, 1, Show::Hex});
  }
  const size_t at = framed ? 2 : 0;
  const size_t node = layer.add({"protocol", 0, static_cast<uint16_t>(length - at), Show::Hex}, at);
  layer.mean(node, std::string(ppp_protocol_name(view->protocol())));
  layer.summary(std::string(ppp_protocol_name(view->protocol())));
  layer.end(length);
  return behind_ppp(view->protocol());
}

}  // namespace pktana::inspect
