// SPDX-License-Identifier: Apache-2.0
#include "inspect/ipv4_options.h"

#include <cstring>

#include <fmt/format.h>

#include "inspect/text.h"

namespace pktana::inspect {
namespace {

constexpr size_t kFirst = 20;
constexpr uint8_t kEnd = 0;
constexpr uint8_t kNop = 1;
constexpr uint8_t kRecordRoute = 7;
constexpr uint8_t kTimestamp = 68;
constexpr uint8_t kLooseRoute = 131;
constexpr uint8_t kStrictRoute = 137;
constexpr uint8_t kRouterAlert = 148;

// IANA "IP Option Numbers".
constexpr Name kOptions[] = {
    {0, "end_of_options"},       {1, "no_operation"},
    {7, "record_route"},         {11, "mtu_probe"},
    {12, "mtu_reply"},           {25, "quick_start"},
    {68, "timestamp"},           {82, "traceroute"},
    {130, "security"},           {131, "loose_source_route"},
    {133, "extended_security"},  {134, "cipso"},
    {136, "stream_id"},          {137, "strict_source_route"},
    {145, "extended_ip"},        {147, "address_extension"},
    {148, "router_alert"},       {149, "broadcast"},
    {151, "upstream_multicast"},
};

constexpr Name kTimestampFlags[] = {
    {0, "times only"}, {1, "addresses and times"}, {3, "prespecified addresses"}};
constexpr Field kType[] = {{"type", 0, 1, Show::Number, 0, kOptions}};
constexpr Field kTypeAndLength[] = {{"type", 0, 1, Show::Number, 0, kOptions}, {"length", 1}};
constexpr Field kPointer[] = {{"pointer", 2}};
constexpr Field kTimestampHead[] = {
    {"pointer", 2},
    {"overflow", 3, 1, Show::Number, 0xF0},
    {"flag", 3, 1, Show::Number, 0x0F, kTimestampFlags},
};
constexpr Field kAlert[] = {{"value", 2, 2}};
constexpr Field kHop[] = {{"address", 0, 4, Show::Ipv4}};

struct Option {
  size_t at;
  size_t length;
  uint8_t type;
};

void add_route(Layer& layer, const Option& option) {
  if (!layer.fields(kPointer, option.at)) return;
  for (size_t hop = 3; hop + 4 <= option.length; hop += 4)
    if (!layer.fields(kHop, option.at + hop)) return;
  if (option.type == kRecordRoute || option.length < 7) return;
  layer.warn("source_route", {option.at, option.length},
             "the sender prescribes the route: dropped by most networks (RFC 7126)");
  const size_t last = option.at + 3 + (option.length - 7) / 4 * 4;
  const bool arrived = layer.u8(option.at + 2) > option.length;
  if (!arrived && layer.has(last, 4))
    std::memcpy(layer.walk().ip.dst, layer.bytes(last, 4).data(), 4);
}

void add_timestamps(Layer& layer, const Option& option) {
  if (!layer.fields(kTimestampHead, option.at)) return;
  const bool addresses = (layer.u8(option.at + 3) & 0x0F) != 0;
  const size_t step = addresses ? 8 : 4;
  for (size_t entry = 4; entry + step <= option.length; entry += step) {
    const size_t at = option.at + entry;
    if (addresses) layer.add({"address", 0, 4, Show::Ipv4}, at);
    layer.add({"time", 0, 4}, at + step - 4);
  }
}

void add_body(Layer& layer, const Option& option) {
  switch (option.type) {
    case kRecordRoute:
    case kLooseRoute:
    case kStrictRoute:
      return add_route(layer, option);
    case kTimestamp:
      return option.length >= 4 ? add_timestamps(layer, option) : void();
    case kRouterAlert:
      if (option.length == 4) layer.fields(kAlert, option.at);
      return;
    default:
      if (option.length > 2)
        layer.add_text("data", option.at + 2, option.length - 2,
                       hex_text(layer.bytes(option.at + 2, option.length - 2)));
  }
}

/// @return its length; 0 = nothing can be read behind it.
size_t add_option(Layer& layer, size_t at, size_t end) {
  const uint8_t type = layer.u8(at);
  const std::string_view known = name_of(kOptions, type);
  const std::string_view name = known.empty() ? "option" : known;
  const bool single = type == kEnd || type == kNop;
  const size_t length = single ? 1 : layer.u8(at + 1);
  if (!single && (length < 2 || at + length > end)) {
    layer.error("bad_option_length", {at, 2},
                fmt::format("option {} says {} bytes, {} are left", type, length, end - at));
    return 0;
  }
  layer.open(name, at, length);
  layer.fields(single ? Fields(kType) : Fields(kTypeAndLength), at);
  if (!single) add_body(layer, {.at = at, .length = length, .type = type});
  layer.close();
  return length;
}

}  // namespace

void add_ipv4_options(Layer& layer, size_t header_length) {
  if (!layer.has(0, header_length)) layer.truncated("the options", header_length);
  const size_t end = std::min(header_length, layer.size());
  for (size_t at = kFirst; at < end;) {
    const uint8_t type = layer.u8(at);
    const size_t length = add_option(layer, at, end);
    if (length == 0 || type == kEnd) return;
    at += length;
  }
}

}  // namespace pktana::inspect
