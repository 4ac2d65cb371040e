// SPDX-License-Identifier: Apache-2.0
// Conversations: all flows between the same two endpoints as one pair of sums, so that two tools
// compare however they split and orient their flows. Made from the oracle's flows and from our
// records.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "flow/flow_record.h"
#include "oracle/oracle_file.h"

namespace pktana::oracle {

/// True: a packet counts in its innermost flow. False: tunnels are not opened, it counts in the
/// outermost.
inline constexpr bool kDecapsulates = true;

struct Endpoint {
  uint8_t ip_version = 0;
  std::array<uint8_t, 16> address{};  ///< network order, IPv4 in the first four bytes
  uint16_t port = 0;

  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

/// The smaller endpoint is `low`, whoever began.
struct ConversationKey {
  uint8_t protocol = 0;
  Endpoint low;
  Endpoint high;
  std::string community_id;  ///< ICMP and ICMPv6 only: stands for type and code

  friend auto operator<=>(const ConversationKey&, const ConversationKey&) = default;
};

struct Sums {
  uint64_t packets = 0;
  uint64_t bytes = 0;          ///< whole frames
  uint64_t payload_bytes = 0;  ///< TCP and UDP only, else 0: the oracle has it for these two

  friend bool operator==(const Sums&, const Sums&) = default;
};

struct Conversation {
  std::array<Sums, 2> sent;  ///< by low, by high; all by low when both are the same endpoint
  uint64_t flows = 0;        ///< entries or records that were summed
  std::string community_id;
  int64_t start_ns = 0;  ///< of the first flow, where its time is known
  int64_t end_ns = 0;    ///< of the last one
  bool is_timed = true;  ///< false: the oracle does not know the time of each flow
};

using Conversations = std::map<ConversationKey, Conversation>;

/// The oracle's flows of the IP layer that our decoder counts a packet in: kDecapsulates.
[[nodiscard]] Conversations conversations_of(const Oracle& oracle);

/// Records of TCP, UDP, SCTP, ICMP and ICMPv6; other protocols are not in the oracle's list.
[[nodiscard]] Conversations conversations_of(std::span<const flow::FlowRecord> records);

/// The key of a flow's conversation, whichever of its ends is named first.
[[nodiscard]] ConversationKey key_of(const OracleFlow& flow);
[[nodiscard]] ConversationKey key_of(const flow::FlowRecord& record);

/// All IP packets between two addresses, over all protocols and ports: protocol and ports are 0 in
/// the keys. Of the oracle, those of the outermost IP layer.
[[nodiscard]] Conversations address_pairs_of(const Oracle& oracle);
[[nodiscard]] Conversations address_pairs_of(std::span<const flow::FlowRecord> records);

[[nodiscard]] bool is_icmp(const ConversationKey& key) noexcept;

/// "tcp 10.0.0.1:80 10.0.0.2:4000", "icmp 10.0.0.1 10.0.0.2 1:...=", "ip 10.0.0.1 10.0.0.2".
[[nodiscard]] std::string to_string(const ConversationKey& key);

/// "packets/bytes/payload" sent by low and by high, "5/320/20 4/260/0"; "-" for none.
[[nodiscard]] std::string to_string(const Conversation* conversation);

}  // namespace pktana::oracle
