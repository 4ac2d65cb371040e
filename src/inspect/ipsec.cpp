// SPDX-License-Identifier: Apache-2.0
// IPsec: the authentication header (RFC 4302) and the clear head of ESP (RFC 4303).
#include <fmt/format.h>

#include "inspect/names.h"
#include "inspect/protocols.h"
#include "inspect/text.h"

namespace pktana::inspect {
namespace {

constexpr size_t kAhFixed = 12;
constexpr Field kAh[] = {
    {"next_header", 0, 1, Show::IpProtocol},
    {"length", 1},
    {"reserved", 2, 2, Show::Hex},
    {"spi", 4, 4, Show::Hex},
    {"seq", 8, 4},
};
constexpr Field kEsp[] = {{"spi", 0, 4, Show::Hex}, {"seq", 4, 4}};

}  // namespace

Next dissect_ah(Walk& walk, uint32_t) {
  Layer layer(walk, "ah");
  if (!layer.fields(kAh)) return layer.stop();
  const size_t length = (layer.u8(1) + size_t{2}) * 4;
  layer.summary(fmt::format("SPI 0x{:08x}, then {}", layer.u32(4), ip_protocol_name(layer.u8(0))));
  if (length < kAhFixed) {
    layer.error("bad_header_length", {1, 1}, fmt::format("{} bytes are less than 12", length));
    return layer.stop();
  }
  if (!layer.has(0, length)) layer.truncated("the integrity check value", length);
  if (length > kAhFixed)
    layer.add_text("icv", kAhFixed, length - kAhFixed,
                   hex_text(layer.bytes(kAhFixed, length - kAhFixed)));
  layer.end(length);
  return {dissect_ip_protocol, layer.u8(0)};
}

Next dissect_esp(Walk& walk, uint32_t) {
  Layer layer(walk, "esp");
  if (!layer.fields(kEsp)) return layer.stop();
  layer.summary(fmt::format("SPI 0x{:08x}, encrypted", layer.u32(0)));
  layer.end(8);
  return {};
}

}  // namespace pktana::inspect
