// SPDX-License-Identifier: Apache-2.0
#include "ring/link_watch.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include "base/netlink.h"

namespace pktana::ring {
namespace {

constexpr int kSocketBytes = 1 << 20;  // a machine that starts a hundred containers at once
constexpr size_t kFixedBytes = NLMSG_LENGTH(sizeof(ifinfomsg));

LinkEvent event_of(uint16_t type, base::Bytes message) {
  ifinfomsg info{};
  std::memcpy(&info, message.data() + NLMSG_HDRLEN, sizeof info);
  LinkEvent event{.index = static_cast<unsigned>(info.ifi_index),
                  .name = {},
                  .gone = type == RTM_DELLINK,
                  .up = (info.ifi_flags & IFF_UP) != 0};
  base::for_each_attribute(message.subspan(kFixedBytes), [&](uint16_t kind, base::Bytes value) {
    if (kind == IFLA_IFNAME) event.name = base::attribute_text(value);
  });
  return event;
}

}  // namespace

base::Result<LinkWatch> LinkWatch::open() {
  base::Fd fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
  if (!fd) return base::fail(errno, "netlink socket", "watching interfaces");
  (void)::setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &kSocketBytes, sizeof kSocketBytes);
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = RTMGRP_LINK;
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return base::fail(errno, "netlink bind", "watching interfaces");
  return LinkWatch(std::move(fd));
}

bool LinkWatch::take(std::vector<LinkEvent>& events) {
  bool whole = true;
  while (true) {
    const ssize_t got = ::recv(fd_.get(), buffer_.data(), buffer_.size(), 0);
    const int error = errno;
    if (got < 0 && error == EINTR) continue;
    if (got < 0 && error == ENOBUFS) {
      whole = false;
      continue;
    }
    if (got <= 0) return whole;
    auto more = parse_link_events(base::Bytes(buffer_).first(static_cast<size_t>(got)));
    std::move(more.begin(), more.end(), std::back_inserter(events));
  }
}

std::vector<LinkEvent> parse_link_events(base::Bytes messages) {
  std::vector<LinkEvent> events;
  while (messages.size() >= NLMSG_HDRLEN) {
    nlmsghdr header{};
    std::memcpy(&header, messages.data(), sizeof header);
    if (header.nlmsg_len < NLMSG_HDRLEN || header.nlmsg_len > messages.size()) break;
    const bool about_link = header.nlmsg_type == RTM_NEWLINK || header.nlmsg_type == RTM_DELLINK;
    if (about_link && header.nlmsg_len >= kFixedBytes)
      events.push_back(event_of(header.nlmsg_type, messages.first(header.nlmsg_len)));
    messages = messages.subspan(std::min<size_t>(NLMSG_ALIGN(header.nlmsg_len), messages.size()));
  }
  return events;
}

}  // namespace pktana::ring
