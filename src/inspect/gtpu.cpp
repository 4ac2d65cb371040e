// SPDX-License-Identifier: Apache-2.0
// GTP-U version 1 (3GPP TS 29.281) with its extension headers.
#include <fmt/format.h>

#include "inspect/protocols.h"
#include "inspect/text.h"

namespace pktana::inspect {
namespace {

constexpr uint8_t kUserPacket = 255;
constexpr size_t kMinHeader = 8;

constexpr Name kMessages[] = {{1, "echo request"},      {2, "echo response"},
                              {26, "error indication"}, {31, "supported extensions"},
                              {253, "tunnel status"},   {254, "end marker"},
                              {255, "user packet"}};
constexpr Name kExtensions[] = {{0, "none"},
                                {0x20, "service class indicator"},
                                {0x40, "UDP port"},
                                {0x81, "RAN container"},
                                {0x82, "long PDCP PDU number"},
                                {0x83, "Xw RAN container"},
                                {0x84, "NR RAN container"},
                                {0x85, "PDU session container"},
                                {0xC0, "PDCP PDU number"}};
constexpr Field kHead[] = {
    {"version", 0, 1, Show::Number, 0xE0},
    {"protocol_type", 0, 1, Show::Number, 0x10},
    {"has_extension", 0, 1, Show::Number, 0x04},
    {"has_seq", 0, 1, Show::Number, 0x02},
    {"has_npdu", 0, 1, Show::Number, 0x01},
    {"type", 1, 1, Show::Hex, 0, kMessages},
    {"length", 2, 2},
    {"teid", 4, 4, Show::Hex},
};
constexpr Field kOptional[] = {
    {"seq", 8, 2}, {"npdu", 10}, {"next_extension", 11, 1, Show::Hex, 0, kExtensions}};

/// @return where the last one ends; beyond what is captured: it is cut or has no length.
size_t add_extensions(Layer& layer, size_t at) {
  while (layer.u8(at - 1) != 0 && layer.has(at, 1) && !layer.walk().is_full()) {
    const size_t length = layer.u8(at) * size_t{4};
    if (length == 0) {
      layer.error("bad_extension_length", {at, 1}, "an extension header of length 0");
      return layer.size() + 1;
    }
    layer.open("extension", at, length, std::string(name_of(kExtensions, layer.u8(at - 1))));
    layer.add({"length", 0, 1, Show::Words}, at);
    if (layer.has(at, length)) {
      layer.add_text("data", at + 1, length - 2, hex_text(layer.bytes(at + 1, length - 2)));
      layer.add({"next_extension", 0, 1, Show::Hex, 0, kExtensions}, at + length - 1);
    }
    layer.close();
    if (!layer.has(at, length)) {
      layer.truncated("an extension header", at + length);
      return layer.size() + 1;
    }
    at += length;
  }
  return at;
}

}  // namespace

Next dissect_gtpu(Walk& walk, uint32_t) {
  if (walk.left() == 0 || walk.rest()[0] >> 4 != 3) return {};
  Layer layer(walk, "gtpu");
  const size_t begin = walk.at();
  if (!layer.fields(kHead)) return layer.stop();
  const uint8_t type = layer.u8(1);
  layer.summary(fmt::format("{}, TEID 0x{:08x}", name_of(kMessages, type), layer.u32(4)));
  size_t end = kMinHeader;
  if ((layer.u8(0) & 7) != 0) {
    if (!layer.fields(kOptional)) return layer.stop();
    end = (layer.u8(0) & 4) != 0 ? add_extensions(layer, 12) : 12;
  }
  if (end > layer.size()) return layer.stop();
  const size_t length = layer.u16(2) + kMinHeader;
  if (length > walk.sent_left() && !walk.is_quote())
    layer.error(
        "bad_length", {2, 2},
        fmt::format("length {}, but {} bytes follow", layer.u16(2), walk.sent_left() - kMinHeader));
  if (length < end) {
    layer.error("bad_length", {2, 2}, "the length does not cover the header");
    return layer.stop();
  }
  layer.end(end);
  walk.limit(begin + length - walk.at());
  return type == kUserPacket ? Next{dissect_ip} : Next{};
}

}  // namespace pktana::inspect
