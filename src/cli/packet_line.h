// SPDX-License-Identifier: Apache-2.0
// One decoded packet in words, as tcpdump prints it: what stands behind the time and the interface.
// Sequence numbers are absolute (tcpdump -S). All text is our own or made of numbers: nothing of a
// packet is copied as it is.
#pragma once

#include "cli/line.h"
#include "parse/packet.h"
#include "ring/packet_ref.h"

namespace pktana::cli {

/// "IP 10.0.0.1.4711 > 10.0.0.2.80: Flags [S], seq 1, win 64240, options [mss 1460], length 0",
/// without a line end.
void put_packet(Line& line, const ring::PacketRef& ref, const parse::Packet& packet) noexcept;

/// The IP header's other fields: "ttl 64, tos 0x00, id 1, flags [DF], proto TCP (6), length 60".
/// Nothing without one.
void put_ip_details(Line& line, const parse::Packet& packet) noexcept;

/// Length of what follows the IP header and its extensions, as sent.
[[nodiscard]] uint32_t ip_payload_len(const parse::Packet& packet) noexcept;

// What follows "src > dst: " of one protocol.
void put_tcp(Line& line, const parse::Packet& packet) noexcept;
void put_udp(Line& line, const parse::Packet& packet) noexcept;
void put_sctp(Line& line, const parse::Packet& packet) noexcept;
void put_icmp(Line& line, const parse::Packet& packet) noexcept;
void put_icmpv6(Line& line, const parse::Packet& packet) noexcept;

/// A frame with verdict NonIp: "ARP, Request who-has 10.0.0.1 tell 10.0.0.2, length 28".
void put_non_ip(Line& line, const ring::PacketRef& ref, const parse::Packet& packet) noexcept;

}  // namespace pktana::cli
