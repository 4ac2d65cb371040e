// SPDX-License-Identifier: Apache-2.0
#include "engine/process/sock_diag.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

namespace pktana::engine {
namespace {

using base::Bytes;

constexpr uint32_t kAllStates = 0xFFF;
constexpr uint8_t kFamilies[] = {AF_INET, AF_INET6};

/// @return true: it is IPv4, mapped or not.
bool take_address(const __be32 (&words)[4], uint8_t family, SocketEnd& end) noexcept {
  constexpr uint8_t kMapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  uint8_t bytes[16];
  std::memcpy(bytes, words, sizeof bytes);
  if (family == AF_INET) {
    std::copy(bytes, bytes + 4, end.address.begin());
    return true;
  }
  if (std::equal(std::begin(kMapped), std::end(kMapped), bytes)) {
    std::copy(bytes + 12, bytes + 16, end.address.begin());
    return true;
  }
  std::copy(bytes, bytes + 16, end.address.begin());
  return false;
}

std::optional<SocketInfo> take_socket(Bytes body, uint8_t protocol) noexcept {
  if (body.size() < sizeof(inet_diag_msg)) return std::nullopt;
  inet_diag_msg message;
  std::memcpy(&message, body.data(), sizeof message);
  SocketInfo info;
  info.tuple.protocol = protocol;
  info.tuple.is_ipv4 = take_address(message.id.idiag_src, message.idiag_family, info.tuple.local);
  info.tuple.local.port = ntohs(message.id.idiag_sport);
  info.tuple.remote.port = ntohs(message.id.idiag_dport);
  if (info.tuple.remote.port != 0)
    take_address(message.id.idiag_dst, message.idiag_family, info.tuple.remote);
  info.inode = message.idiag_inode;
  info.uid = message.idiag_uid;
  info.is_listening = info.tuple.remote.port == 0;
  return info;
}

}  // namespace

SockDiag::SockDiag(base::NetlinkSocket socket) noexcept : socket_(std::move(socket)) {}

base::Result<SockDiag> SockDiag::open() {
  auto socket = base::NetlinkSocket::open(NETLINK_SOCK_DIAG);
  if (!socket) return base::Unexpected(socket.error());
  return SockDiag(std::move(*socket));
}

base::Result<void> SockDiag::dump(uint8_t family, uint8_t protocol,
                                  const std::function<void(const SocketInfo&)>& visit) {
  base::NetlinkRequest request(SOCK_DIAG_BY_FAMILY, NLM_F_DUMP);
  inet_diag_req_v2 wanted{};
  wanted.sdiag_family = family;
  wanted.sdiag_protocol = protocol;
  wanted.idiag_states = kAllStates & ~(1U << TCP_TIME_WAIT);
  request.put(wanted);
  return socket_.ask(request, [&](Bytes body) {
    if (const auto info = take_socket(body, protocol)) visit(*info);
  });
}

base::Result<void> SockDiag::list_udp(const std::function<void(const SocketInfo&)>& visit) {
  for (const uint8_t family : kFamilies)
    if (auto done = dump(family, IPPROTO_UDP, visit); !done) return done;
  return {};
}

base::Result<void> SockDiag::list(const std::function<void(const SocketInfo&)>& visit) {
  for (const uint8_t family : kFamilies)
    if (auto done = dump(family, IPPROTO_TCP, visit); !done) return done;
  return list_udp(visit);
}

bool SockDiag::find_tcp(const SocketTuple& tuple, SocketInfo& found) {
  base::NetlinkRequest request(SOCK_DIAG_BY_FAMILY, NLM_F_ACK);
  inet_diag_req_v2 wanted{};
  wanted.sdiag_family = tuple.is_ipv4 ? AF_INET : AF_INET6;
  wanted.sdiag_protocol = IPPROTO_TCP;
  wanted.idiag_states = kAllStates;
  wanted.id.idiag_sport = htons(tuple.local.port);
  wanted.id.idiag_dport = htons(tuple.remote.port);
  std::memcpy(wanted.id.idiag_src, tuple.local.address.data(), tuple.local.address.size());
  std::memcpy(wanted.id.idiag_dst, tuple.remote.address.data(), tuple.remote.address.size());
  std::fill(std::begin(wanted.id.idiag_cookie), std::end(wanted.id.idiag_cookie),
            INET_DIAG_NOCOOKIE);
  request.put(wanted);
  bool is_found = false;
  const auto asked = socket_.ask(request, [&](Bytes body) {
    const auto info = take_socket(body, IPPROTO_TCP);
    if (!info) return;
    found = *info;
    is_found = true;
  });
  return asked && is_found && found.tuple == tuple;
}

}  // namespace pktana::engine
