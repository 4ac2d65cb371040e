// SPDX-License-Identifier: Apache-2.0
// TCP header (RFC 9293). Its options are tcp_options.cpp.
#include "parse/tcp.h"

#include <fmt/format.h>

#include "inspect/checksum.h"
#include "inspect/protocols.h"
#include "inspect/tcp_options.h"
#include "parse/ip_protocol.h"

namespace pktana::inspect {
namespace {

constexpr size_t kMinHeader = 20;
constexpr size_t kDataOffset = 12;
constexpr size_t kFlags = 13;
constexpr size_t kChecksum = 16;
constexpr size_t kUrgentPointer = 18;

constexpr Field kPorts[] = {{"src_port", 0, 2, Show::Port}, {"dst_port", 2, 2, Show::Port}};
constexpr Field kMiddle[] = {
    {"seq", 4, 4},
    {"ack", 8, 4},
    {"header_length", 12, 1, Show::Words, 0xF0},
    {"reserved", 12, 1, Show::Number, 0x0E},
    {"flags", 12, 2, Show::Hex, 0x01FF},
    {"AE", 12, 1, Show::Flag, 0x01},
    {"CWR", 13, 1, Show::Flag, 0x80},
    {"ECE", 13, 1, Show::Flag, 0x40},
    {"URG", 13, 1, Show::Flag, 0x20},
    {"ACK", 13, 1, Show::Flag, 0x10},
    {"PSH", 13, 1, Show::Flag, 0x08},
    {"RST", 13, 1, Show::Flag, 0x04},
    {"SYN", 13, 1, Show::Flag, 0x02},
    {"FIN", 13, 1, Show::Flag, 0x01},
    {"window", 14, 2},
};
constexpr Field kUrgent[] = {{"urgent_pointer", 18, 2}};

void find_odd_flags(Layer& layer, uint8_t flags, size_t payload) {
  using namespace parse;
  const Layer::Place place{kFlags, 1};
  constexpr uint8_t kXmas = kTcpFin | kTcpPsh | kTcpUrg;
  constexpr uint8_t kWithoutEcn = 0x3F;
  if ((flags & kWithoutEcn) == 0)
    layer.warn("null_scan", place, "no flag is set: a null scan");
  else if ((flags & kWithoutEcn) == kXmas)
    layer.warn("xmas_scan", place, "FIN, PSH and URG alone: an Xmas scan");
  else if ((flags & (kTcpSyn | kTcpRst | kTcpAck)) == 0 && (flags & kTcpFin) != 0)
    layer.warn("fin_without_ack", place, "FIN without ACK: a FIN scan");
  if ((flags & (kTcpSyn | kTcpFin)) == (kTcpSyn | kTcpFin))
    layer.warn("syn_fin", place, "SYN and FIN in one segment");
  if ((flags & (kTcpSyn | kTcpRst)) == (kTcpSyn | kTcpRst))
    layer.warn("syn_rst", place, "SYN and RST in one segment");
  if ((flags & (kTcpRst | kTcpFin)) == (kTcpRst | kTcpFin))
    layer.warn("rst_fin", place, "RST and FIN in one segment");
  if ((flags & kTcpSyn) != 0 && payload > 0)
    layer.note("syn_with_data", place,
               fmt::format("SYN with {} bytes of data (TCP Fast Open has them)", payload));
}

void find_odd_values(Layer& layer, uint8_t flags) {
  using namespace parse;
  if ((layer.u8(kDataOffset) & 0x0E) != 0)
    layer.warn("reserved_bits", {kDataOffset, 1}, "reserved bits are set");
  if ((flags & kTcpUrg) == 0 && layer.u16(kUrgentPointer) != 0)
    layer.note("urgent_without_urg", {kUrgentPointer, 2}, "an urgent pointer, but no URG flag");
  if ((flags & kTcpUrg) != 0 && layer.u16(kUrgentPointer) == 0)
    layer.note("urg_without_pointer", {kUrgentPointer, 2}, "URG, but the urgent pointer is 0");
  if ((flags & kTcpAck) == 0 && (flags & kTcpRst) == 0 && layer.u32(8) != 0)
    layer.note("ack_without_flag", {8, 4}, "an acknowledgment number, but no ACK flag");
  if (layer.u16(0) == 0 || layer.u16(2) == 0)
    layer.warn("port_zero", {layer.u16(0) == 0 ? 0U : 2U, 2}, "port 0 is reserved");
}

std::string flag_names(const Layer& layer) {
  std::string out;
  for (const Field& field : kMiddle)
    if (field.show == Show::Flag && (layer.u8(field.offset) & field.mask) != 0)
      out += (out.empty() ? "" : ", ") + std::string(field.name);
  return out.empty() ? "no flag" : out;
}

/// @return whether the header's length makes sense.
bool check_length(Layer& layer, size_t header, size_t sent) {
  if (header >= kMinHeader && header <= sent) return true;
  layer.error("bad_header_length", {kDataOffset, 1},
              header < kMinHeader
                  ? fmt::format("header length {} is below 20", header)
                  : fmt::format("header length {}, but {} bytes follow", header, sent));
  return false;
}

}  // namespace

Next dissect_tcp(Walk& walk, uint32_t) {
  Layer layer(walk, "tcp");
  const size_t sent = walk.sent_left();
  if (!layer.fields(kPorts) || !layer.fields(kMiddle)) return layer.stop();
  const size_t header = (layer.u8(kDataOffset) >> 4) * size_t{4};
  const uint8_t flags = layer.u8(kFlags);
  add_transport_checksum(layer,
                         {.offset = kChecksum, .length = sent, .protocol = parse::kIpProtoTcp});
  if (!layer.fields(kUrgent)) return layer.stop();
  const bool sound = walk.is_quote() || check_length(layer, header, sent);
  const size_t payload = sent - std::min(sent, header);
  layer.summary(fmt::format("{} > {}, {}, {} bytes of data", layer.u16(0), layer.u16(2),
                            flag_names(layer), payload));
  if (!walk.is_quote()) {
    if (!walk.ip.is_fragment) find_odd_flags(layer, flags, payload);
    find_odd_values(layer, flags);
  }
  if (sound && header > kMinHeader) add_tcp_options(layer, header);
  layer.end(std::max(header, kMinHeader));
  return {};
}

}  // namespace pktana::inspect
