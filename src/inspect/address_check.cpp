// SPDX-License-Identifier: Apache-2.0
#include "inspect/address_check.h"

#include <fmt/format.h>

#include "inspect/text.h"
#include "parse/ip_protocol.h"
#include "parse/link_type.h"

namespace pktana::inspect {
namespace {

struct Block {
  uint32_t network;
  unsigned bits;
  std::string_view what;
};

[[nodiscard]] bool holds(const Block& block, uint32_t address) noexcept {
  return (address ^ block.network) >> (32 - block.bits) == 0;
}

// What no packet on a network comes from. 0.0.0.0 itself may: a host that has no address yet.
constexpr Block kNoSource[] = {
    {0xE0000000, 4, "multicast"},
    {0xF0000000, 4, "reserved (240.0.0.0/4)"},
    {0x00000000, 8, "\"this network\" (0.0.0.0/8)"},
    {0xC0000200, 24, "documentation (192.0.2.0/24)"},
    {0xC6336400, 24, "documentation (198.51.100.0/24)"},
    {0xCB007100, 24, "documentation (203.0.113.0/24)"},
};

constexpr size_t kIpv4 = 4;
constexpr size_t kIpv6 = 16;

bool is_loopback_link(const Walk& walk) noexcept {
  const auto type = static_cast<parse::LinkType>(walk.link_type);
  return type == parse::LinkType::Null || type == parse::LinkType::Loop ||
         type == parse::LinkType::LinuxSll || type == parse::LinkType::LinuxSll2;
}

void warn_martian(Layer& layer, size_t at, size_t length, std::string_view what) {
  const std::string address =
      length == kIpv4 ? ipv4_text(layer.bytes(at, length)) : ipv6_text(layer.bytes(at, length));
  layer.warn("martian_source", {at, length},
             fmt::format("{} is {}: no source on a network", address, what));
}

bool is_ethernet_of_loopback(const Walk& walk) noexcept {
  constexpr size_t kAddresses = 12;
  if (walk.link_type != 1 || walk.frame().size() < kAddresses) return false;
  for (const uint8_t byte : walk.frame().first(kAddresses))
    if (byte != 0) return false;
  return true;
}

void check_loopback(Layer& layer, bool src, bool dst, Layer::Place place) {
  if ((!src && !dst) || is_loopback_link(layer.walk()) || is_ethernet_of_loopback(layer.walk()))
    return;
  if (src && dst)
    layer.note("loopback_address", place, "both addresses are loopback: captured on one host");
  else
    layer.warn("martian_loopback", place, "a loopback address on a network");
}

}  // namespace

void check_ipv4_addresses(Layer& layer, size_t src, size_t dst) {
  constexpr uint32_t kLoopback = 127;
  const uint32_t from = layer.u32(src);
  const uint32_t to = layer.u32(dst);
  const Layer::Place both{src, dst + kIpv4 - src};
  const bool from_loopback = from >> 24 == kLoopback;
  if (from == to && from != 0 && !from_loopback)
    layer.warn("land", both, "source and destination are the same address (land attack)");
  if (to == 0) layer.warn("zero_destination", {dst, kIpv4}, "nothing is sent to 0.0.0.0");
  check_loopback(layer, from_loopback, to >> 24 == kLoopback, both);
  if (from == 0) return;
  if (from == 0xFFFFFFFF) return warn_martian(layer, src, kIpv4, "broadcast");
  for (const Block& block : kNoSource)
    if (holds(block, from)) return warn_martian(layer, src, kIpv4, block.what);
}

void check_ipv6_addresses(Layer& layer, size_t src, size_t dst) {
  const uint64_t from_high = layer.number(src, 8);
  const uint64_t from_low = layer.number(src + 8, 8);
  const uint64_t to_high = layer.number(dst, 8);
  const uint64_t to_low = layer.number(dst + 8, 8);
  const bool from_loopback = from_high == 0 && from_low == 1;
  const bool to_loopback = to_high == 0 && to_low == 1;
  const bool unspecified = from_high == 0 && from_low == 0;
  const Layer::Place both{src, 2 * kIpv6};
  if (from_high == to_high && from_low == to_low && !unspecified && !from_loopback)
    layer.warn("land", both, "source and destination are the same address (land attack)");
  if (to_high == 0 && to_low == 0)
    layer.warn("zero_destination", {dst, kIpv6}, "nothing is sent to ::");
  check_loopback(layer, from_loopback, to_loopback, both);
  if (from_high >> 56 == 0xFF) return warn_martian(layer, src, kIpv6, "multicast");
  if (from_high == 0 && from_low >> 32 == 0xFFFF)
    return warn_martian(layer, src, kIpv6, "IPv4-mapped (::ffff:0:0/96)");
  if (from_high >> 32 == 0x20010DB8)
    return warn_martian(layer, src, kIpv6, "documentation (2001:db8::/32)");
}

}  // namespace pktana::inspect
