// SPDX-License-Identifier: Apache-2.0
// IGMP versions 1 to 3 (RFC 1112, 2236, 3376).
#include <fmt/format.h>

#include "inspect/checksum.h"
#include "inspect/protocols.h"

namespace pktana::inspect {
namespace {

constexpr uint8_t kQuery = 0x11;
constexpr uint8_t kReport3 = 0x22;

constexpr Name kTypes[] = {{0x11, "membership query"},
                           {0x12, "membership report v1"},
                           {0x13, "DVMRP"},
                           {0x14, "PIM v1"},
                           {0x16, "membership report v2"},
                           {0x17, "leave group"},
                           {0x22, "membership report v3"},
                           {0x30, "multicast router advertisement"},
                           {0x31, "multicast router solicitation"},
                           {0x32, "multicast router termination"}};
constexpr Name kRecordTypes[] = {{1, "is include"}, {2, "is exclude"}, {3, "to include"},
                                 {4, "to exclude"}, {5, "allow new"},  {6, "block old"}};
constexpr Field kHead[] = {{"type", 0, 1, Show::Hex, 0, kTypes}, {"response_tenths", 1}};
constexpr Field kGroup[] = {{"group", 4, 4, Show::Ipv4}};
constexpr Field kQuery3[] = {{"suppress", 8, 1, Show::Number, 0x08},
                             {"robustness", 8, 1, Show::Number, 0x07},
                             {"query_interval", 9},
                             {"source_count", 10, 2}};
constexpr Field kReportHead[] = {{"reserved", 4, 2, Show::Hex}, {"record_count", 6, 2}};
constexpr Field kRecord[] = {{"type", 0, 1, Show::Number, 0, kRecordTypes},
                             {"auxiliary_words", 1},
                             {"source_count", 2, 2},
                             {"group", 4, 4, Show::Ipv4}};
constexpr Field kSource[] = {{"source", 0, 4, Show::Ipv4}};

size_t add_sources(Layer& layer, size_t at, size_t count) {
  for (size_t i = 0; i < count && layer.fields(kSource, at); ++i)
    at += 4;
  return at;
}

size_t add_query(Layer& layer) {
  constexpr size_t kShort = 8;
  if (!layer.fields(kGroup) || layer.size() <= kShort) return kShort;
  return layer.fields(kQuery3) ? add_sources(layer, 12, layer.u16(10)) : layer.size();
}

size_t add_report3(Layer& layer) {
  if (!layer.fields(kReportHead)) return layer.size();
  size_t at = 8;
  for (size_t i = 0; i < layer.u16(6) && !layer.walk().is_full(); ++i) {
    const size_t length = 8 + layer.u16(at + 2) * size_t{4} + layer.u8(at + 1) * size_t{4};
    layer.open("record", at, length);
    const bool whole = layer.fields(kRecord, at);
    if (whole) add_sources(layer, at + 8, layer.u16(at + 2));
    layer.close();
    if (!whole || !layer.has(at, length)) return layer.size();
    at += length;
  }
  return at;
}

}  // namespace

Next dissect_igmp(Walk& walk, uint32_t) {
  Layer layer(walk, "igmp");
  if (!layer.fields(kHead) || !layer.has(0, 4)) return layer.stop();
  const uint8_t type = layer.u8(0);
  layer.summary(std::string(name_of(kTypes, type)));
  add_plain_checksum(layer, 2);
  if (type == kQuery) {
    layer.end(add_query(layer));
  } else if (type == kReport3) {
    layer.end(add_report3(layer));
  } else {
    layer.fields(kGroup);
    layer.end(8);
  }
  return {};
}

}  // namespace pktana::inspect
