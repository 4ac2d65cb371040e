// SPDX-License-Identifier: Apache-2.0
#include "flow/icmp_pairs.h"

#include <array>
#include <span>

namespace pktana::flow {
namespace {

constexpr std::array kIcmpPairs{
    IcmpPair{8, 0},    // echo
    IcmpPair{13, 14},  // timestamp
    IcmpPair{15, 16},  // information
    IcmpPair{17, 18},  // address mask
    IcmpPair{10, 9},   // router solicitation, advertisement
};

constexpr std::array kIcmpv6Pairs{
    IcmpPair{128, 129},  // echo
    IcmpPair{133, 134},  // router solicitation, advertisement
    IcmpPair{135, 136},  // neighbour solicitation, advertisement
    IcmpPair{130, 131},  // multicast listener query, report
    IcmpPair{139, 140},  // node information query, response
    IcmpPair{144, 145},  // home agent address discovery
};

std::optional<IcmpPair> find_pair(std::span<const IcmpPair> pairs, uint8_t type) noexcept {
  for (const IcmpPair& pair : pairs)
    if (pair.request == type || pair.reply == type) return pair;
  return std::nullopt;
}

}  // namespace

std::optional<IcmpPair> icmp_pair(uint8_t protocol, uint8_t type) noexcept {
  return protocol == kProtocolIcmp ? find_pair(kIcmpPairs, type) : find_pair(kIcmpv6Pairs, type);
}

bool icmp_has_identifier(uint8_t protocol, uint8_t type) noexcept {
  if (protocol == kProtocolIcmpv6) return type == 128 || type == 129;
  return type == 0 || type == 8 || (type >= 13 && type <= 18);
}

}  // namespace pktana::flow
