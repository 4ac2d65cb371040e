// SPDX-License-Identifier: Apache-2.0
// FlowPackets without frames: tests and benches of the flow table say who talks, when, and with
// which flags.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "base/clock.h"
#include "flow/flow_packet.h"
#include "flow/icmp_pairs.h"
#include "flow/tcp_tracker.h"

namespace pktana::support {

inline constexpr int64_t kSecond = base::kNsPerSecond;
inline constexpr int64_t kStart = 1'700'000'000 * kSecond;  ///< when tests begin

/// What differs from packet to packet within a conversation.
struct Sent {
  int64_t ts_ns = kStart;
  uint32_t wire_len = 100;
  uint32_t payload_len = 0;
  uint8_t tcp_flags = 0;
  uint32_t seq = 0;
  uint32_t ack = 0;
  uint16_t window = 65535;
  bool payload_cut = false;
  base::Bytes tcp_options{};  ///< Lifetime: borrowed
};

/// Two ends and a protocol. `client` is whoever the test calls so; the table finds out by itself.
struct Conversation {
  uint8_t ip_version = 4;
  uint8_t protocol = flow::kProtocolTcp;
  std::array<uint8_t, 16> client{};
  std::array<uint8_t, 16> server{};
  uint16_t client_port = 40000;
  uint16_t server_port = 443;
  uint8_t icmp_request = 8;
  uint8_t icmp_reply = 0;
  uint16_t icmp_id = 0;
  uint16_t source_id = 0;
  uint8_t vlan_count = 0;
  std::array<uint16_t, parse::kMaxVlans> vlan_id{};
  parse::Fragment fragment = parse::Fragment::None;
};

/// IPv4 conversation `number`: client 10.x.y.z and server 192.0.2.1, so that each number is another
/// flow.
[[nodiscard]] inline Conversation conversation(uint32_t number,
                                               uint8_t protocol = flow::kProtocolTcp) {
  Conversation made;
  made.protocol = protocol;
  base::store_be<uint32_t>(made.client.data(), 0x0A000000U | (number & 0xFFFFFFU));
  base::store_be<uint32_t>(made.server.data(), 0xC0000201U);
  const bool has_ports = protocol == flow::kProtocolTcp || protocol == flow::kProtocolUdp ||
                         protocol == flow::kProtocolSctp;
  made.client_port = has_ports ? 40000 : 0;
  made.server_port = has_ports ? 443 : 0;
  return made;
}

/// IPv6 conversation `number`: client 2001:db8::number and server 2001:db8:1::1.
[[nodiscard]] inline Conversation conversation6(uint32_t number,
                                                uint8_t protocol = flow::kProtocolTcp) {
  Conversation made = conversation(number, protocol);
  made.ip_version = 6;
  made.client = {0x20, 0x01, 0x0D, 0xB8};
  made.server = {0x20, 0x01, 0x0D, 0xB8, 0x00, 0x01};
  base::store_be<uint32_t>(&made.client[12], number);
  base::store_be<uint32_t>(&made.server[12], 1);
  made.icmp_request = 128;
  made.icmp_reply = 129;
  return made;
}

/// The fields of a decoded packet that the flow table looks at. Lifetime: borrows the addresses of
/// `talk`.
[[nodiscard]] inline parse::Packet decoded(const Conversation& talk, bool from_client,
                                           const Sent& sent) {
  parse::Packet packet;
  const bool later = talk.fragment == parse::Fragment::Later;
  packet.verdict = parse::Verdict::Ip;
  packet.ip_version = talk.ip_version;
  packet.protocol = talk.protocol;
  packet.fragment = talk.fragment;
  packet.src = from_client ? talk.client.data() : talk.server.data();
  packet.dst = from_client ? talk.server.data() : talk.client.data();
  packet.payload_len = sent.payload_len;
  packet.payload_cut = sent.payload_cut;
  packet.vlan_count = talk.vlan_count;
  packet.vlan_id = talk.vlan_id;
  if (later) return packet;
  packet.src_port = from_client ? talk.client_port : talk.server_port;
  packet.dst_port = from_client ? talk.server_port : talk.client_port;
  packet.tcp_flags = sent.tcp_flags;
  packet.tcp_seq = sent.seq;
  packet.tcp_ack = sent.ack;
  packet.tcp_window = sent.window;
  packet.tcp_options = sent.tcp_options;
  if (talk.protocol == flow::kProtocolIcmp || talk.protocol == flow::kProtocolIcmpv6) {
    packet.icmp_type = from_client ? talk.icmp_request : talk.icmp_reply;
    packet.icmp_id = talk.icmp_id;
  }
  return packet;
}

/// The secret of all tests, so that hashes and flow ids are the same in every run.
[[nodiscard]] inline base::HashSecret test_secret() { return *base::HashSecret::from_hex("7e57"); }

[[nodiscard]] inline flow::FlowPacket flow_packet(const Conversation& talk, bool from_client,
                                                  const Sent& sent) {
  flow::FlowPacket packet;
  const flow::PacketMeta meta{
      .ts_ns = sent.ts_ns, .wire_len = sent.wire_len, .source_id = talk.source_id};
  flow::make_flow_packet(decoded(talk, from_client, sent), meta, {}, test_secret(), packet);
  return packet;
}

[[nodiscard]] inline flow::FlowPacket from_client(const Conversation& talk, const Sent& sent) {
  return flow_packet(talk, true, sent);
}

[[nodiscard]] inline flow::FlowPacket from_server(const Conversation& talk, const Sent& sent) {
  return flow_packet(talk, false, sent);
}

}  // namespace pktana::support
