// SPDX-License-Identifier: Apache-2.0
#include "daemon/listen_address.h"

#include <cstring>

#include <arpa/inet.h>
#include <sys/socket.h>

#include "base/units.h"

namespace pktana::daemon {
namespace {

constexpr uint32_t kLoopbackNet = 127;

base::Unexpected refuse(const std::string& text) {
  return base::fail_input(
      "", "\"" + text + "\" is not ADDRESS:PORT, as in \"127.0.0.1:9477\" or \"[::1]:9477\"");
}

void put(const in_addr& address, ListenAddress& out) {
  sockaddr_in socket{};
  socket.sin_family = AF_INET;
  socket.sin_port = htons(out.port);
  socket.sin_addr = address;
  std::memcpy(&out.socket, &socket, sizeof socket);
  out.length = sizeof socket;
  out.loopback = ntohl(address.s_addr) >> 24U == kLoopbackNet;
}

void put(const in6_addr& address, ListenAddress& out) {
  out.socket.sin6_family = AF_INET6;
  out.socket.sin6_port = htons(out.port);
  out.socket.sin6_addr = address;
  out.length = sizeof out.socket;
  out.loopback = IN6_IS_ADDR_LOOPBACK(&address);
}

}  // namespace

base::Result<ListenAddress> parse_listen_address(const std::string& text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos) return refuse(text);
  const auto port = base::parse_count(text.substr(colon + 1), 1, UINT16_MAX);
  if (!port) return base::fail_input("", "port " + port.error().detail);
  std::string host = text.substr(0, colon);
  if (host == "localhost") host = "127.0.0.1";
  ListenAddress out;
  out.port = static_cast<uint16_t>(*port);
  in_addr v4{};
  in6_addr v6{};
  if (::inet_pton(AF_INET, host.c_str(), &v4) == 1) {
    put(v4, out);
    return out;
  }
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (!bracketed || ::inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &v6) != 1)
    return refuse(text);
  put(v6, out);
  return out;
}

}  // namespace pktana::daemon
