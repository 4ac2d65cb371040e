// SPDX-License-Identifier: Apache-2.0
// Which ICMP types ask and which answer, for the flow key (both join one flow) and for the
// Community ID. Sources: RFC 792, 950, 1256, 2710, 4443, 4620, 4861, 5568; the pairs are those of
// the Community ID v1 text.
#pragma once

#include <cstdint>
#include <optional>

namespace pktana::flow {

inline constexpr uint8_t kProtocolIcmp = 1;
inline constexpr uint8_t kProtocolTcp = 6;
inline constexpr uint8_t kProtocolUdp = 17;
inline constexpr uint8_t kProtocolEsp = 50;
inline constexpr uint8_t kProtocolIcmpv6 = 58;
inline constexpr uint8_t kProtocolSctp = 132;

struct IcmpPair {
  uint8_t request;
  uint8_t reply;
};

/// The pair that `type` belongs to; none for errors and other one-way messages.
/// @param protocol kProtocolIcmp or kProtocolIcmpv6.
[[nodiscard]] std::optional<IcmpPair> icmp_pair(uint8_t protocol, uint8_t type) noexcept;

/// Whether messages of `type` carry an identifier that tells one exchange from another (echo,
/// timestamp, ...).
[[nodiscard]] bool icmp_has_identifier(uint8_t protocol, uint8_t type) noexcept;

}  // namespace pktana::flow
