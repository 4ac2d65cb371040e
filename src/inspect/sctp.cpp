// SPDX-License-Identifier: Apache-2.0
// SCTP (RFC 9260): common header and chunks.
#include <fmt/format.h>

#include "inspect/checksum.h"
#include "inspect/protocols.h"
#include "inspect/text.h"

namespace pktana::inspect {
namespace {

constexpr size_t kHeaderLength = 12;
constexpr size_t kChunkHead = 4;

constexpr Name kChunks[] = {
    {0, "data"},
    {1, "init"},
    {2, "init_ack"},
    {3, "sack"},
    {4, "heartbeat"},
    {5, "heartbeat_ack"},
    {6, "abort"},
    {7, "shutdown"},
    {8, "shutdown_ack"},
    {9, "error"},
    {10, "cookie_echo"},
    {11, "cookie_ack"},
    {12, "ecn_echo"},
    {13, "cwr"},
    {14, "shutdown_complete"},
    {15, "auth"},
    {64, "i_data"},
    {128, "asconf_ack"},
    {130, "re_config"},
    {132, "pad"},
    {192, "forward_tsn"},
    {193, "asconf"},
    {194, "i_forward_tsn"},
};

constexpr Field kHeader[] = {
    {"src_port", 0, 2, Show::Port}, {"dst_port", 2, 2, Show::Port}, {"tag", 4, 4, Show::Hex}};
constexpr Field kChunk[] = {
    {"type", 0, 1, Show::Number, 0, kChunks}, {"flags", 1, 1, Show::Hex}, {"length", 2, 2}};
constexpr Field kData[] = {{"unordered", 1, 1, Show::Number, 0x04},
                           {"beginning", 1, 1, Show::Number, 0x02},
                           {"ending", 1, 1, Show::Number, 0x01},
                           {"tsn", 4, 4},
                           {"stream", 8, 2},
                           {"stream_seq", 10, 2},
                           {"payload_protocol", 12, 4}};
constexpr Field kInit[] = {{"initiate_tag", 4, 4, Show::Hex},
                           {"window", 8, 4},
                           {"outbound_streams", 12, 2},
                           {"inbound_streams", 14, 2},
                           {"initial_tsn", 16, 4}};
constexpr Field kSack[] = {
    {"cumulative_tsn", 4, 4}, {"window", 8, 4}, {"gap_count", 12, 2}, {"duplicate_count", 14, 2}};
constexpr Field kGap[] = {{"gap_start", 0, 2}, {"gap_end", 2, 2}};
constexpr Field kDuplicate[] = {{"duplicate_tsn", 0, 4}};
constexpr Field kShutdown[] = {{"cumulative_tsn", 4, 4}};

struct Chunk {
  size_t at;
  size_t length;  ///< without padding, at most what is captured
  uint8_t type;
};

/// @return where the fields end.
size_t add_sack(Layer& layer, const Chunk& chunk) {
  if (!layer.fields(kSack, chunk.at)) return chunk.length;
  size_t at = 16;
  for (unsigned i = 0; i < layer.u16(chunk.at + 12) && at + 4 <= chunk.length; ++i, at += 4)
    layer.fields(kGap, chunk.at + at);
  for (unsigned i = 0; i < layer.u16(chunk.at + 14) && at + 4 <= chunk.length; ++i, at += 4)
    layer.fields(kDuplicate, chunk.at + at);
  return at;
}

size_t add_body(Layer& layer, const Chunk& chunk) {
  switch (chunk.type) {
    case 0:
      return layer.fields(kData, chunk.at) ? 16 : chunk.length;
    case 1:
    case 2:
      return layer.fields(kInit, chunk.at) ? 20 : chunk.length;
    case 3:
      return add_sack(layer, chunk);
    case 7:
      return layer.fields(kShutdown, chunk.at) ? 8 : chunk.length;
    default:
      return kChunkHead;
  }
}

void add_rest(Layer& layer, const Chunk& chunk, size_t from) {
  if (chunk.length <= from) return;
  const base::Bytes rest = layer.bytes(chunk.at + from, chunk.length - from);
  const size_t node =
      layer.add_text(chunk.type == 0 ? "payload" : "data", chunk.at + from, rest.size(),
                     printable_octets(rest.first(std::min<size_t>(rest.size(), 256))));
  layer.mean(node, fmt::format("{} bytes", rest.size()));
}

/// @return its length with padding; 0 = nothing can be read behind it.
size_t add_chunk(Layer& layer, size_t at) {
  const uint8_t type = layer.u8(at);
  const std::string_view known = name_of(kChunks, type);
  const size_t length = layer.u16(at + 2);
  layer.open(known.empty() ? "chunk" : known, at, length);
  const bool whole = layer.fields(kChunk, at);
  if (whole && length >= kChunkHead) {
    const Chunk chunk{.at = at, .length = layer.bytes(at, length).size(), .type = type};
    add_rest(layer, chunk, add_body(layer, chunk));
  }
  layer.close();
  if (whole && length < kChunkHead)
    layer.error("bad_chunk_length", {at + 2, 2}, fmt::format("a chunk of {} bytes", length));
  else if (whole && !layer.has(at, length))
    layer.truncated("a chunk", at + length);
  return whole && length >= kChunkHead ? (length + 3) & ~size_t{3} : 0;
}

}  // namespace

Next dissect_sctp(Walk& walk, uint32_t) {
  Layer layer(walk, "sctp");
  if (!layer.fields(kHeader)) return layer.stop();
  if (!layer.has(8, 4)) {
    if (!walk.is_quote()) layer.truncated("checksum", kHeaderLength);
    return layer.stop();
  }
  add_sctp_checksum(layer, 8);
  std::string chunks;
  size_t at = kHeaderLength;
  while (layer.size() > at && layer.size() - at >= kChunkHead && !walk.is_full()) {
    chunks += (chunks.empty() ? "" : ", ") + std::string(name_of(kChunks, layer.u8(at)));
    const size_t length = add_chunk(layer, at);
    if (length == 0) break;
    at += length;
  }
  layer.summary(fmt::format("{} > {}, {}", layer.u16(0), layer.u16(2), chunks));
  layer.end(at);
  return {};
}

}  // namespace pktana::inspect
