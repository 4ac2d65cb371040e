// SPDX-License-Identifier: Apache-2.0
#include "oracle/conversation.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <arpa/inet.h>

#include "flow/icmp_pairs.h"
#include "sink/community_id.h"
#include "support/catch.h"

namespace pktana::oracle {
namespace {

bool is_icmp(uint8_t protocol) noexcept {
  return protocol == flow::kProtocolIcmp || protocol == flow::kProtocolIcmpv6;
}

constexpr uint8_t kAnyProtocol = 0;

const char* name_of(uint8_t protocol) noexcept {
  switch (protocol) {
    case kAnyProtocol:
      return "ip";
    case flow::kProtocolIcmp:
      return "icmp";
    case flow::kProtocolTcp:
      return "tcp";
    case flow::kProtocolUdp:
      return "udp";
    case flow::kProtocolIcmpv6:
      return "icmp6";
    case flow::kProtocolSctp:
      return "sctp";
    default:
      return nullptr;
  }
}

Endpoint endpoint_of(const std::string& address, uint16_t port) {
  const bool ipv6 = address.find(':') != std::string::npos;
  Endpoint endpoint{.ip_version = static_cast<uint8_t>(ipv6 ? 6 : 4), .address = {}, .port = port};
  if (::inet_pton(ipv6 ? AF_INET6 : AF_INET, address.c_str(), endpoint.address.data()) != 1)
    FAIL("oracle: '" << address << "' is no address");
  return endpoint;
}

/// One flow of either side, as its first-named endpoint sees it.
struct Flow {
  uint8_t protocol = 0;
  Endpoint a;
  Endpoint b;
  std::array<Sums, 2> sent;  ///< by a, by b
  std::string community_id;
  std::optional<int64_t> start_ns;
  int64_t end_ns = 0;
};

void add_times(Conversation& conversation, const Flow& flow) noexcept {
  conversation.is_timed &= flow.start_ns.has_value();
  if (!flow.start_ns) return;
  const bool first = conversation.flows == 0;
  conversation.start_ns = first ? *flow.start_ns : std::min(conversation.start_ns, *flow.start_ns);
  conversation.end_ns = first ? flow.end_ns : std::max(conversation.end_ns, flow.end_ns);
}

void add(Sums& sum, const Sums& more, bool with_payload) noexcept {
  sum.packets += more.packets;
  sum.bytes += more.bytes;
  if (with_payload) sum.payload_bytes += more.payload_bytes;
}

void add(Conversations& conversations, const Flow& flow) {
  const bool swapped = flow.b < flow.a;
  ConversationKey key{.protocol = flow.protocol,
                      .low = swapped ? flow.b : flow.a,
                      .high = swapped ? flow.a : flow.b,
                      .community_id = is_icmp(flow.protocol) ? flow.community_id : ""};
  const bool to_itself = flow.a == flow.b;
  const bool with_payload =
      flow.protocol == flow::kProtocolTcp || flow.protocol == flow::kProtocolUdp;
  Conversation& conversation = conversations[std::move(key)];
  add(conversation.sent[swapped], flow.sent[0], with_payload);
  add(conversation.sent[!swapped && !to_itself], flow.sent[1], with_payload);
  add_times(conversation, flow);
  ++conversation.flows;
  conversation.community_id = flow.community_id;
}

Sums sums_of(const OracleDirection& direction) noexcept {
  return {direction.packets, direction.bytes, direction.payload_bytes};
}

Sums sums_of(const flow::DirectionTotals& totals) noexcept {
  return {totals.packets, totals.bytes, totals.payload_bytes};
}

std::string to_string(const Endpoint& endpoint, bool with_port) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(endpoint.ip_version == 4 ? AF_INET : AF_INET6, endpoint.address.data(), text.data(),
              text.size());
  const std::string address = text.data();
  if (!with_port) return address;
  const std::string shown = endpoint.ip_version == 4 ? address : "[" + address + "]";
  return shown + ":" + std::to_string(endpoint.port);
}

std::string to_string(const Sums& sums) {
  return std::to_string(sums.packets) + "/" + std::to_string(sums.bytes) + "/" +
         std::to_string(sums.payload_bytes);
}

std::string community_id_of(const flow::FlowRecord& record) {
  static sink::CommunityId hasher = sink::CommunityId::create(0).value();
  std::array<char, sink::CommunityId::kTextBytes> text{};
  const char* end = hasher.put(text.data(), record);
  return {text.data(), static_cast<size_t>(end - text.data())};
}

}  // namespace

Conversations conversations_of(const Oracle& oracle) {
  Conversations conversations;
  for (const OracleFlow& flow : oracle.flows) {
    if (kDecapsulates ? flow.carries_inner : flow.depth != 1) continue;
    add(conversations, {.protocol = flow.protocol,
                        .a = endpoint_of(flow.a, flow.a_port),
                        .b = endpoint_of(flow.b, flow.b_port),
                        .sent = {sums_of(flow.sent[0]), sums_of(flow.sent[1])},
                        .community_id = flow.community_id,
                        .start_ns = flow.start_ns,
                        .end_ns = flow.start_ns.value_or(0) + flow.duration_ns});
  }
  return conversations;
}

Conversations conversations_of(std::span<const flow::FlowRecord> records) {
  Conversations conversations;
  for (const flow::FlowRecord& record : records) {
    if (record.protocol == kAnyProtocol || name_of(record.protocol) == nullptr) continue;
    add(conversations, {.protocol = record.protocol,
                        .a = {record.ip_version, record.src, record.src_port},
                        .b = {record.ip_version, record.dst, record.dst_port},
                        .sent = {sums_of(record.totals[0]), sums_of(record.totals[1])},
                        .community_id = community_id_of(record),
                        .start_ns = record.start_ns,
                        .end_ns = record.end_ns});
  }
  return conversations;
}

ConversationKey key_of(const OracleFlow& flow) {
  const Endpoint a = endpoint_of(flow.a, flow.a_port);
  const Endpoint b = endpoint_of(flow.b, flow.b_port);
  return {.protocol = flow.protocol,
          .low = std::min(a, b),
          .high = std::max(a, b),
          .community_id = is_icmp(flow.protocol) ? flow.community_id : ""};
}

ConversationKey key_of(const flow::FlowRecord& record) {
  const Endpoint a{record.ip_version, record.src, record.src_port};
  const Endpoint b{record.ip_version, record.dst, record.dst_port};
  return {.protocol = record.protocol,
          .low = std::min(a, b),
          .high = std::max(a, b),
          .community_id = is_icmp(record.protocol) ? community_id_of(record) : ""};
}

Conversations address_pairs_of(const Oracle& oracle) {
  Conversations pairs;
  for (const OraclePair& pair : oracle.pairs) {
    if (pair.depth != 1) continue;
    add(pairs, {.protocol = kAnyProtocol,
                .a = endpoint_of(pair.a, 0),
                .b = endpoint_of(pair.b, 0),
                .sent = {sums_of(pair.sent[0]), sums_of(pair.sent[1])},
                .community_id = {},
                .start_ns = {},
                .end_ns = 0});
  }
  return pairs;
}

Conversations address_pairs_of(std::span<const flow::FlowRecord> records) {
  Conversations pairs;
  for (const flow::FlowRecord& record : records)
    add(pairs, {.protocol = kAnyProtocol,
                .a = {record.ip_version, record.src, 0},
                .b = {record.ip_version, record.dst, 0},
                .sent = {sums_of(record.totals[0]), sums_of(record.totals[1])},
                .community_id = {},
                .start_ns = {},
                .end_ns = 0});
  return pairs;
}

bool is_icmp(const ConversationKey& key) noexcept { return is_icmp(key.protocol); }

std::string to_string(const ConversationKey& key) {
  const bool ports = key.protocol != kAnyProtocol && !is_icmp(key);
  std::string text = name_of(key.protocol);
  text += " " + to_string(key.low, ports) + " " + to_string(key.high, ports);
  if (!key.community_id.empty()) text += " " + key.community_id;
  return text;
}

std::string to_string(const Conversation* conversation) {
  if (conversation == nullptr) return "-";
  return to_string(conversation->sent[0]) + " " + to_string(conversation->sent[1]);
}

}  // namespace pktana::oracle
