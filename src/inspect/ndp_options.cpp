// SPDX-License-Identifier: Apache-2.0
#include "inspect/ndp_options.h"

#include <fmt/format.h>

#include "inspect/text.h"

namespace pktana::inspect {
namespace {

constexpr uint8_t kSourceLink = 1;
constexpr uint8_t kTargetLink = 2;
constexpr uint8_t kPrefix = 3;
constexpr uint8_t kMtu = 5;
constexpr uint8_t kNonce = 14;
constexpr uint8_t kRoute = 24;
constexpr uint8_t kDnsServers = 25;

constexpr Name kTypes[] = {
    {1, "source_link_address"},
    {2, "target_link_address"},
    {3, "prefix"},
    {4, "redirected_header"},
    {5, "mtu"},
    {7, "advertisement_interval"},
    {8, "home_agent"},
    {9, "source_addresses"},
    {10, "target_addresses"},
    {11, "cga"},
    {12, "rsa_signature"},
    {13, "timestamp"},
    {14, "nonce"},
    {15, "trust_anchor"},
    {16, "certificate"},
    {24, "route"},
    {25, "dns_servers"},
    {26, "flags_extension"},
    {31, "dns_search"},
    {33, "address_registration"},
    {37, "captive_portal"},
    {38, "pref64"},
};
constexpr Field kHead[] = {{"type", 0, 1, Show::Number, 0, kTypes}, {"length", 1, 1, Show::Eights}};
constexpr Field kMac[] = {{"link_address", 2, 6, Show::Mac}};
constexpr Field kPrefixFields[] = {
    {"prefix_length", 2},
    {"flags", 3, 1, Show::Hex},
    {"on_link", 3, 1, Show::Flag, 0x80},
    {"autonomous", 3, 1, Show::Flag, 0x40},
    {"router_address", 3, 1, Show::Flag, 0x20},
    {"valid_lifetime", 4, 4},
    {"preferred_lifetime", 8, 4},
    {"reserved", 12, 4, Show::Hex},
    {"prefix", 16, 16, Show::Ipv6},
};
constexpr Field kMtuFields[] = {{"reserved", 2, 2, Show::Hex}, {"mtu", 4, 4}};
constexpr Field kRouteFields[] = {
    {"prefix_length", 2}, {"preference", 3, 1, Show::Number, 0x18}, {"route_lifetime", 4, 4}};
constexpr Field kDnsFields[] = {{"reserved", 2, 2, Show::Hex}, {"lifetime", 4, 4}};
constexpr Field kServer[] = {{"server", 0, 16, Show::Ipv6}};

struct Option {
  size_t at;
  size_t length;
  uint8_t type;
};

void add_rest(Layer& layer, const Option& option, size_t from) {
  if (option.length <= from) return;
  layer.add_text("data", option.at + from, option.length - from,
                 hex_text(layer.bytes(option.at + from, option.length - from)));
}

void add_servers(Layer& layer, const Option& option) {
  layer.fields(kDnsFields, option.at);
  for (size_t at = 8; at + 16 <= option.length; at += 16)
    layer.fields(kServer, option.at + at);
}

void add_body(Layer& layer, const Option& option) {
  const bool link = option.type == kSourceLink || option.type == kTargetLink;
  if (link && option.length == 8) {
    layer.fields(kMac, option.at);
  } else if (option.type == kPrefix && option.length == 32) {
    layer.fields(kPrefixFields, option.at);
  } else if (option.type == kMtu && option.length == 8) {
    layer.fields(kMtuFields, option.at);
  } else if (option.type == kRoute && option.length >= 8) {
    layer.fields(kRouteFields, option.at);
    add_rest(layer, option, 8);
  } else if (option.type == kDnsServers) {
    add_servers(layer, option);
  } else if (option.type == kNonce) {
    layer.add_text("nonce", option.at + 2, option.length - 2,
                   hex_text(layer.bytes(option.at + 2, option.length - 2)));
  } else {
    add_rest(layer, option, 2);
  }
}

}  // namespace

size_t add_ndp_options(Layer& layer, size_t at) {
  while (at < layer.size() && !layer.walk().is_full()) {
    const uint8_t type = layer.u8(at);
    const size_t length = layer.u8(at + 1) * size_t{8};
    if (length == 0) {
      layer.error("bad_option_length", {at, 2},
                  layer.has(at, 2) ? "an option of length 0: the message must be discarded"
                                   : "no room for an option's length");
      return at;
    }
    if (!layer.has(at, length)) {
      layer.truncated("an option", at + length);
      return at;
    }
    const std::string_view known = name_of(kTypes, type);
    layer.open(known.empty() ? "option" : known, at, length);
    layer.fields(kHead, at);
    add_body(layer, {.at = at, .length = length, .type = type});
    layer.close();
    at += length;
  }
  return at;
}

}  // namespace pktana::inspect
