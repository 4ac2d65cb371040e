// SPDX-License-Identifier: Apache-2.0
// An IP address as one number, for comparing and for sets: IPv4 addresses stand where RFC 4291
// section 2.5.5.2 maps them (::ffff:a.b.c.d), so one order holds both versions.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pktana::filter {

struct Address {
  static constexpr uint64_t kMapped = uint64_t{0xFFFF} << 32;

  uint64_t high = 0;
  uint64_t low = 0;

  [[nodiscard]] static constexpr Address ipv4(uint32_t host_order) noexcept {
    return {.high = 0, .low = kMapped | host_order};
  }
  /// @param bytes 4 or 16 in network order, by `ip_version`.
  [[nodiscard]] static Address from_bytes(const uint8_t* bytes, uint8_t ip_version) noexcept;

  [[nodiscard]] constexpr bool is_ipv4() const noexcept { return high == 0 && low >> 32 == 0xFFFF; }
  /// The next one up; the last one gives the first.
  [[nodiscard]] constexpr Address next() const noexcept {
    return {.high = high + (low == UINT64_MAX ? 1 : 0), .low = low + 1};
  }

  friend constexpr auto operator<=>(const Address&, const Address&) = default;
};

/// Addresses from `first` to `last`, both included.
struct AddressRange {
  Address first;
  Address last;

  [[nodiscard]] constexpr bool contains(Address address) const noexcept {
    return first <= address && address <= last;
  }
};

/// "192.0.2.1", "2001:db8::1". None: not an address.
[[nodiscard]] std::optional<Address> parse_address(std::string_view text) noexcept;

/// An address, "10.0.0.0/8", or "10.0.0.1..10.0.0.9". Bits behind a prefix are ignored: 10.1.2.3/8
/// is 10.0.0.0/8. None: neither; also a range that runs backwards.
[[nodiscard]] std::optional<AddressRange> parse_address_range(std::string_view text) noexcept;

}  // namespace pktana::filter
