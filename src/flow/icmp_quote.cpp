// SPDX-License-Identifier: Apache-2.0
#include "flow/icmp_quote.h"

#include "flow/icmp_pairs.h"
#include "parse/link_type.h"

namespace pktana::flow {
namespace {

constexpr uint64_t kVlanBits = 0xFFFFFFFFU;  ///< of FlowKey::domain

/// RFC 792: unreachable, source quench, redirect, time exceeded, parameter problem.
bool is_error_v4(uint8_t type) noexcept {
  return (type >= 3 && type <= 5) || type == 11 || type == 12;
}

/// RFC 4443: unreachable, too big, time exceeded, parameter problem.
bool is_error_v6(uint8_t type) noexcept { return type >= 1 && type <= 4; }

}  // namespace

bool is_icmp_error(const parse::Packet& packet) noexcept {
  if (packet.fragment == parse::Fragment::Later) return false;
  if (packet.protocol == kProtocolIcmp) return is_error_v4(packet.icmp_type);
  return packet.protocol == kProtocolIcmpv6 && is_error_v6(packet.icmp_type);
}

std::optional<IcmpQuote> read_icmp_quote(const parse::Packet& error, uint64_t domain,
                                         KeyOptions options,
                                         const base::HashSecret& secret) noexcept {
  parse::Packet quoted;
  const base::Bytes bytes = error.payload;
  parse::decode(static_cast<uint16_t>(parse::LinkType::Raw), bytes,
                static_cast<uint32_t>(bytes.size()), {}, quoted);
  if (quoted.verdict != parse::Verdict::Ip) return std::nullopt;
  IcmpQuote quote;
  quote.key = make_key(quoted, options).key;
  quote.key.domain |= quote.key.domain == 0 ? domain : domain & kVlanBits;
  quote.hash = hash_key(secret, quote.key);
  quote.type = error.icmp_type;
  quote.code = error.icmp_code;
  return quote;
}

}  // namespace pktana::flow
