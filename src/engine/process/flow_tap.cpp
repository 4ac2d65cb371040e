// SPDX-License-Identifier: Apache-2.0
#include "engine/process/flow_tap.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>

namespace pktana::engine {
namespace {

constexpr size_t kKeptBytes = 96;       ///< both headers of either IP version
constexpr int kQueueBytes = 256 << 10;  ///< a burst beyond this is missed
constexpr uint8_t kTcp = 6;
constexpr uint8_t kUdp = 17;

/// A program for packets that begin with their IP header. Jumps count from the next instruction.
constexpr uint32_t ancillary(uint32_t what) { return static_cast<uint32_t>(SKF_AD_OFF) + what; }

constexpr std::array kProgram{
    sock_filter{BPF_LD | BPF_W | BPF_ABS, 0, 0, ancillary(SKF_AD_PKTTYPE)},
    sock_filter{BPF_JMP | BPF_JEQ | BPF_K, 0, 18, PACKET_OUTGOING},
    sock_filter{BPF_LD | BPF_H | BPF_ABS, 0, 0, ancillary(SKF_AD_PROTOCOL)},
    sock_filter{BPF_JMP | BPF_JEQ | BPF_K, 0, 8, ETH_P_IP},
    // IPv4
    sock_filter{BPF_LD | BPF_B | BPF_ABS, 0, 0, 9},
    sock_filter{BPF_JMP | BPF_JEQ | BPF_K, 13, 0, kUdp},
    sock_filter{BPF_JMP | BPF_JEQ | BPF_K, 0, 13, kTcp},
    sock_filter{BPF_LDX | BPF_B | BPF_MSH, 0, 0, 0},
    sock_filter{BPF_LD | BPF_B | BPF_IND, 0, 0, 13},
    sock_filter{BPF_ALU | BPF_AND | BPF_K, 0, 0, 0x12},
    sock_filter{BPF_JMP | BPF_JEQ | BPF_K, 8, 9, 0x02},
    sock_filter{BPF_JMP | BPF_JA, 0, 0, 0},
    // IPv6
    sock_filter{BPF_JMP | BPF_JEQ | BPF_K, 0, 7, ETH_P_IPV6},
    sock_filter{BPF_LD | BPF_B | BPF_ABS, 0, 0, 6},
    sock_filter{BPF_JMP | BPF_JEQ | BPF_K, 4, 0, kUdp},
    sock_filter{BPF_JMP | BPF_JEQ | BPF_K, 0, 4, kTcp},
    sock_filter{BPF_LD | BPF_B | BPF_ABS, 0, 0, 40 + 13},
    sock_filter{BPF_ALU | BPF_AND | BPF_K, 0, 0, 0x12},
    sock_filter{BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0x02},
    sock_filter{BPF_RET | BPF_K, 0, 0, kKeptBytes},
    sock_filter{BPF_RET | BPF_K, 0, 0, 0},
};

void take_ends(const uint8_t* addresses, size_t length, base::Bytes ports, SocketTuple& tuple) {
  std::copy(addresses, addresses + length, tuple.local.address.begin());
  std::copy(addresses + length, addresses + 2 * length, tuple.remote.address.begin());
  tuple.local.port = base::load_be<uint16_t>(ports.data());
  tuple.remote.port = base::load_be<uint16_t>(ports.data() + 2);
}

}  // namespace

std::optional<SocketTuple> sender_of(base::Bytes packet) {
  constexpr size_t kPorts = 4;
  constexpr size_t kIpv4Header = 20;
  constexpr size_t kIpv6Header = 40;
  if (packet.size() < kIpv4Header + kPorts) return std::nullopt;
  SocketTuple tuple;
  tuple.is_ipv4 = packet[0] >> 4 == 4;
  const size_t header = tuple.is_ipv4 ? size_t{packet[0] & 0xFU} * 4 : kIpv6Header;
  tuple.protocol = packet[tuple.is_ipv4 ? 9 : 6];
  const bool has_ports = tuple.protocol == kTcp || tuple.protocol == kUdp;
  const bool is_fragment = tuple.is_ipv4 && (base::load_be<uint16_t>(&packet[6]) & 0x1FFF) != 0;
  if (!has_ports || is_fragment || header < kIpv4Header || packet.size() < header + kPorts)
    return std::nullopt;
  if (tuple.is_ipv4)
    take_ends(&packet[12], 4, packet.subspan(header), tuple);
  else
    take_ends(&packet[8], 16, packet.subspan(header), tuple);
  return tuple;
}

base::Result<FlowTap> FlowTap::open() {
  // Protocol 0 until the filter is there.
  base::Fd fd(::socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return base::fail(errno, "packet socket", "for the owners of sockets");
  auto program = kProgram;
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  if (::setsockopt(fd.get(), SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) != 0)
    return base::fail(errno, "attach filter", "for the owners of sockets");
  // A smaller queue than wanted is no error.
  (void)::setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &kQueueBytes, sizeof kQueueBytes);
  sockaddr_ll all{};
  all.sll_family = AF_PACKET;
  all.sll_protocol = htons(ETH_P_ALL);
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&all), sizeof all) != 0)
    return base::fail(errno, "bind packet socket", "for the owners of sockets");
  return FlowTap(std::move(fd));
}

std::optional<SocketTuple> FlowTap::take() {
  std::array<uint8_t, kKeptBytes> packet;
  while (true) {
    const ssize_t got = ::recv(fd_.get(), packet.data(), packet.size(), MSG_DONTWAIT);
    if (got < 0) return std::nullopt;
    if (auto tuple = sender_of(base::Bytes(packet).first(static_cast<size_t>(got)))) return tuple;
  }
}

}  // namespace pktana::engine
