// SPDX-License-Identifier: Apache-2.0
#include "base/netlink.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace pktana::base {
namespace {

constexpr size_t kBufferBytes = size_t{64} << 10;  ///< the kernel fills at most 32 KiB a dump part
constexpr size_t kAttributeHeader = sizeof(nlattr);

constexpr size_t aligned(size_t size) noexcept { return (size + 3) & ~size_t{3}; }

template <typename T>
T copy_of(Bytes bytes) noexcept {
  T copy;
  std::memcpy(&copy, bytes.data(), sizeof copy);
  return copy;
}

}  // namespace

NetlinkRequest::NetlinkRequest(uint16_t type, uint16_t flags) {
  nlmsghdr header{};
  header.nlmsg_type = type;
  header.nlmsg_flags = static_cast<uint16_t>(flags | NLM_F_REQUEST);
  put(header);
}

void NetlinkRequest::append(const uint8_t* data, size_t size) {
  bytes_.insert(bytes_.end(), data, data + size);
  bytes_.resize(aligned(bytes_.size()));
}

void NetlinkRequest::put_attribute(uint16_t type, Bytes value) {
  const nlattr header{static_cast<uint16_t>(kAttributeHeader + value.size()), type};
  put(header);
  append(value.data(), value.size());
}

void NetlinkRequest::put_attribute(uint16_t type, uint32_t value) {
  uint8_t bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  put_attribute(type, Bytes(bytes));
}

void NetlinkRequest::put_attribute(uint16_t type, std::string_view text) {
  std::vector<uint8_t> bytes(text.begin(), text.end());
  bytes.push_back(0);
  put_attribute(type, Bytes(bytes));
}

size_t NetlinkRequest::begin_nest(uint16_t type) {
  const size_t begin = bytes_.size();
  const nlattr header{0, static_cast<uint16_t>(type | NLA_F_NESTED)};
  put(header);
  return begin;
}

void NetlinkRequest::end_nest(size_t begin) {
  const auto length = static_cast<uint16_t>(bytes_.size() - begin);
  std::memcpy(bytes_.data() + begin, &length, sizeof length);
}

Bytes NetlinkRequest::bytes(uint32_t number) {
  const auto length = static_cast<uint32_t>(bytes_.size());
  std::memcpy(bytes_.data() + offsetof(nlmsghdr, nlmsg_len), &length, sizeof length);
  std::memcpy(bytes_.data() + offsetof(nlmsghdr, nlmsg_seq), &number, sizeof number);
  return bytes_;
}

void for_each_attribute(Bytes bytes, const std::function<void(uint16_t, Bytes)>& visit) {
  while (bytes.size() >= kAttributeHeader) {
    const auto header = copy_of<nlattr>(bytes);
    if (header.nla_len < kAttributeHeader || header.nla_len > bytes.size()) return;
    visit(static_cast<uint16_t>(header.nla_type & NLA_TYPE_MASK),
          bytes.subspan(kAttributeHeader, header.nla_len - kAttributeHeader));
    bytes = bytes.subspan(std::min(aligned(header.nla_len), bytes.size()));
  }
}

uint32_t attribute_u32(Bytes value) noexcept {
  if (value.size() == sizeof(uint32_t)) return copy_of<uint32_t>(value);
  if (value.size() == sizeof(uint16_t)) return copy_of<uint16_t>(value);
  return value.size() == 1 ? value[0] : 0;
}

std::string_view attribute_text(Bytes value) noexcept {
  const auto* text = reinterpret_cast<const char*>(value.data());
  return {text, ::strnlen(text, value.size())};
}

NetlinkSocket::NetlinkSocket(Fd fd) noexcept : fd_(std::move(fd)), buffer_(kBufferBytes) {}

Result<NetlinkSocket> NetlinkSocket::open(int protocol) {
  Fd fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol));
  if (!fd) return fail(errno, "netlink socket");
  const timeval patience{.tv_sec = 1, .tv_usec = 0};
  if (::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0)
    return fail(errno, "netlink socket");
  return NetlinkSocket(std::move(fd));
}

Result<void> NetlinkSocket::ask(NetlinkRequest& request, const std::function<void(Bytes)>& visit) {
  const Bytes sent = request.bytes(++number_);
  if (::send(fd_.get(), sent.data(), sent.size(), 0) < 0) return fail(errno, "netlink send");
  while (true) {
    const ssize_t got = ::recv(fd_.get(), buffer_.data(), buffer_.size(), 0);
    const int error = errno;
    if (got < 0 && error == EINTR) continue;
    if (got < 0) return fail(error, "netlink receive");
    const auto end = visit_answers(Bytes(buffer_).first(static_cast<size_t>(got)), visit);
    if (!end) continue;
    if (*end == 0) return {};
    return fail(*end, "netlink request");
  }
}

std::optional<int> NetlinkSocket::visit_answers(Bytes rest,
                                                const std::function<void(Bytes)>& visit) const {
  while (rest.size() >= sizeof(nlmsghdr)) {
    const auto header = copy_of<nlmsghdr>(rest);
    if (header.nlmsg_len < sizeof header || header.nlmsg_len > rest.size()) break;
    const Bytes body = rest.subspan(sizeof header, header.nlmsg_len - sizeof header);
    rest = rest.subspan(std::min(aligned(header.nlmsg_len), rest.size()));
    if (header.nlmsg_seq != number_) continue;  // of a request that was given up
    if (header.nlmsg_type == NLMSG_DONE) return 0;
    if (header.nlmsg_type == NLMSG_ERROR)
      return body.size() < sizeof(int) ? EBADMSG : -copy_of<int>(body);
    visit(body);
  }
  return std::nullopt;
}

}  // namespace pktana::base
