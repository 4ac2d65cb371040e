// SPDX-License-Identifier: Apache-2.0
#include "inspect/checksum.h"

#include <array>

#include <fmt/format.h>

namespace pktana::inspect {
namespace {

constexpr size_t kLength = 2;

size_t add_value(Layer& layer, size_t offset) {
  return layer.add({.name = "checksum",
                    .offset = static_cast<uint16_t>(offset),
                    .length = kLength,
                    .show = Show::Hex});
}

void add_status(Layer& layer, size_t offset, std::string status) {
  layer.add_text("checksum_status", offset, kLength, std::move(status));
}

void unverified(Layer& layer, size_t offset, std::string_view why) {
  layer.mean(add_value(layer, offset), fmt::format("unverified: {}", why));
  add_status(layer, offset, "unverified");
}

void judge(Layer& layer, size_t offset, uint16_t calculated) {
  const uint16_t stored = layer.u16(offset);
  const size_t node = add_value(layer, offset);
  // Ones' complement has two zeros.
  const bool good = stored == calculated || (stored == 0xFFFF && calculated == 0) ||
                    (stored == 0 && calculated == 0xFFFF);
  layer.mean(node, good ? "good" : fmt::format("bad, calculated 0x{:04x}", calculated));
  add_status(layer, offset, good ? "good" : "bad");
  if (!good)
    layer.error("bad_checksum", {offset, kLength},
                fmt::format("the checksum is 0x{:04x}, calculated 0x{:04x}", stored, calculated));
}

/// What the checksum would be, given the sum with the stored one in it.
uint16_t without(uint16_t folded, uint16_t stored) noexcept {
  const uint32_t sum = uint32_t{folded} + static_cast<uint16_t>(~stored);
  return static_cast<uint16_t>(~((sum & 0xFFFF) + (sum >> 16)));
}

ChecksumSum pseudo_header(const IpContext& ip, const TransportChecksum& sum, size_t length) {
  const size_t address = ip.version == 4 ? 4 : 16;
  ChecksumSum out;
  out.add({ip.src, address});
  out.add({ip.dst, address});
  out.add_word(static_cast<uint16_t>(length >> 16));
  out.add_word(static_cast<uint16_t>(length));
  out.add_word(sum.protocol);
  return out;
}

/// Offloading senders leave the sum over the pseudo-header, with the length or (TSO) without.
bool is_partial(const IpContext& ip, const TransportChecksum& sum, uint16_t stored) {
  return stored == pseudo_header(ip, sum, sum.length).folded() ||
         stored == pseudo_header(ip, sum, 0).folded();
}

std::string_view why_unverified(Layer& layer, const TransportChecksum& sum) {
  const IpContext& ip = layer.walk().ip;
  if (layer.walk().is_quote()) return "quoted packet";
  if (ip.version == 0) return "no IP header around";
  if (ip.is_fragment) return "fragment";
  if (sum.length > layer.size()) return "not all of the packet is captured";
  return {};
}

constexpr std::array<uint32_t, 256> make_crc_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit)
      crc = crc >> 1 ^ ((crc & 1) != 0 ? 0x82F63B78U : 0);
    table[i] = crc;
  }
  return table;
}

uint32_t crc32c(base::Bytes bytes, size_t zero_at) noexcept {
  static constexpr std::array<uint32_t, 256> kTable = make_crc_table();
  uint32_t crc = 0xFFFFFFFFU;
  for (size_t i = 0; i < bytes.size(); ++i) {
    const uint8_t byte = i >= zero_at && i < zero_at + 4 ? 0 : bytes[i];
    crc = kTable[(crc ^ byte) & 0xFF] ^ crc >> 8;
  }
  return ~crc;
}

}  // namespace

void ChecksumSum::add(base::Bytes bytes) noexcept {
  size_t i = 0;
  for (; i + 1 < bytes.size(); i += 2)
    sum_ += base::load_be<uint16_t>(bytes.data() + i);
  if (i < bytes.size()) sum_ += uint64_t{bytes[i]} << 8;
}

uint16_t ChecksumSum::folded() const noexcept {
  uint64_t sum = sum_;
  while (sum > 0xFFFF)
    sum = (sum & 0xFFFF) + (sum >> 16);
  return static_cast<uint16_t>(sum);
}

void add_checksum(Layer& layer, size_t offset, base::Bytes covered) {
  if (!layer.has(offset, kLength)) return;
  ChecksumSum sum;
  sum.add(covered);
  judge(layer, offset, without(sum.folded(), layer.u16(offset)));
}

void add_plain_checksum(Layer& layer, size_t offset) {
  const TransportChecksum whole{.offset = offset, .length = layer.walk().sent_left()};
  if (const std::string_view why = why_unverified(layer, whole); !why.empty())
    return unverified(layer, offset, why);
  add_checksum(layer, offset, layer.bytes());
}

void add_transport_checksum(Layer& layer, const TransportChecksum& sum) {
  const size_t offset = sum.offset;
  if (!layer.has(offset, kLength)) return layer.truncated("checksum", offset + kLength);
  const IpContext& ip = layer.walk().ip;
  const uint16_t stored = layer.u16(offset);
  if (sum.zero_is_none && stored == 0) {
    layer.mean(add_value(layer, offset), "none");
    return add_status(layer, offset, "none");
  }
  if (const std::string_view why = why_unverified(layer, sum); !why.empty())
    return unverified(layer, offset, why);
  ChecksumSum all = pseudo_header(ip, sum, sum.length);
  all.add(layer.bytes(0, sum.covered != 0 ? sum.covered : sum.length));
  const uint16_t calculated = without(all.folded(), stored);
  if (stored != calculated && is_partial(ip, sum, stored)) {
    layer.mean(
        add_value(layer, offset),
        fmt::format("partial: the network card does the rest; calculated 0x{:04x}", calculated));
    add_status(layer, offset, "partial");
    return layer.note("partial_checksum", {offset, kLength},
                      "the checksum covers the pseudo-header only: captured before the network "
                      "card completed it (checksum or segmentation offload)");
  }
  judge(layer, offset, calculated);
}

void add_sctp_checksum(Layer& layer, size_t offset) {
  constexpr size_t kCrcLength = 4;
  Walk& walk = layer.walk();
  const size_t node = layer.add({.name = "checksum",
                                 .offset = static_cast<uint16_t>(offset),
                                 .length = kCrcLength,
                                 .show = Show::Hex});
  if (walk.is_cut() || walk.is_quote() || walk.ip.is_fragment) {
    layer.mean(node, "unverified: not all of the packet is there");
    layer.add_text("checksum_status", offset, kCrcLength, "unverified");
    return;
  }
  const uint32_t calculated = __builtin_bswap32(crc32c(layer.bytes(), offset));
  const uint32_t stored = layer.u32(offset);
  const bool good = stored == calculated;
  layer.mean(node, good ? "good" : fmt::format("bad, calculated 0x{:08x}", calculated));
  layer.add_text("checksum_status", offset, kCrcLength, good ? "good" : "bad");
  if (!good)
    layer.error("bad_checksum", {offset, kCrcLength},
                fmt::format("the checksum is 0x{:08x}, calculated 0x{:08x}", stored, calculated));
}

}  // namespace pktana::inspect
