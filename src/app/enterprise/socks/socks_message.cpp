// SPDX-License-Identifier: Apache-2.0
#include "app/enterprise/socks/socks_message.h"

#include <algorithm>

#include "app/enterprise/probing.h"

namespace pktana::app::enterprise {
namespace {

using State = SocksMessage::State;

constexpr SocksMessage kMalformed{State::Malformed, 0, 0};
constexpr SocksMessage kIncomplete{State::Incomplete, 0, 0};

constexpr SocksMessage whole(size_t len, uint8_t code = 0) noexcept {
  return {State::Whole, len, code};
}

/// Text that ends in 0, from `at` on. @return place behind the 0; 0 = not there; -1 = too long.
ptrdiff_t behind_zero(Bytes bytes, size_t at) noexcept {
  constexpr size_t kMaxText = 255;
  const Bytes text = bytes.subspan(at, std::min(bytes.size() - at, kMaxText + 1));
  const auto zero = std::find(text.begin(), text.end(), uint8_t{0});
  if (zero == text.end()) return text.size() > kMaxText ? -1 : 0;
  return static_cast<ptrdiff_t>(at) + (zero - text.begin()) + 1;
}

}  // namespace

SocksMessage parse_socks4_request(Bytes bytes) noexcept {
  constexpr size_t kFixed = 8;
  if (bytes.size() < 2) return kIncomplete;
  if (bytes[0] != kSocks4 || bytes[1] < 1 || bytes[1] > 2) return kMalformed;
  if (bytes.size() < kFixed) return kIncomplete;
  if (be16(bytes, 2) == 0) return kMalformed;
  ptrdiff_t end = behind_zero(bytes, kFixed);
  const uint32_t address = be32(bytes, 4);
  // 4a: an address 0.0.0.x says that a name follows.
  if (end > 0 && address < 256 && address != 0) end = behind_zero(bytes, static_cast<size_t>(end));
  if (end < 0) return kMalformed;
  return end == 0 ? kIncomplete : whole(static_cast<size_t>(end));
}

SocksMessage parse_socks4_reply(Bytes bytes) noexcept {
  constexpr size_t kLen = 8;
  constexpr uint8_t kGranted = 90, kLast = 93;
  if (bytes.empty()) return kIncomplete;
  if (bytes[0] != 0 || (bytes.size() > 1 && (bytes[1] < kGranted || bytes[1] > kLast)))
    return kMalformed;
  return bytes.size() < kLen ? kIncomplete : whole(kLen, static_cast<uint8_t>(bytes[1] - kGranted));
}

SocksMessage parse_socks5_greeting(Bytes bytes) noexcept {
  constexpr uint8_t kMaxMethods = 16;
  if (bytes.empty()) return kIncomplete;
  if (bytes[0] != kSocks5) return kMalformed;
  if (bytes.size() < 2) return kIncomplete;
  if (bytes[1] == 0 || bytes[1] > kMaxMethods) return kMalformed;
  const size_t len = 2u + bytes[1];
  for (size_t i = 2; i < std::min(len, bytes.size()); ++i)
    if (bytes[i] > 9 && bytes[i] < 0x80) return kMalformed;  // not assigned
  return bytes.size() < len ? kIncomplete : whole(len);
}

SocksMessage parse_socks5_choice(Bytes bytes) noexcept {
  if (bytes.empty()) return kIncomplete;
  if (bytes[0] != kSocks5) return kMalformed;
  return bytes.size() < 2 ? kIncomplete : whole(2, bytes[1]);
}

SocksMessage parse_socks5_login(Bytes bytes) noexcept {
  if (bytes.empty()) return kIncomplete;
  if (bytes[0] != 1) return kMalformed;
  if (bytes.size() < 2) return kIncomplete;
  const size_t second = 2u + bytes[1];
  if (bytes.size() <= second) return kIncomplete;
  const size_t len = second + 1 + bytes[second];
  return bytes.size() < len ? kIncomplete : whole(len);
}

SocksMessage parse_socks5_login_reply(Bytes bytes) noexcept {
  return bytes.size() < 2 ? kIncomplete : whole(2, bytes[1]);
}

SocksMessage parse_socks5_address(Bytes bytes) noexcept {
  constexpr size_t kFixed = 4, kPort = 2;
  constexpr uint8_t kIpv4 = 1, kName = 3, kIpv6 = 4, kLastStatus = 8;
  if (bytes.size() <= kFixed) {
    const bool fits = (bytes.empty() || bytes[0] == kSocks5) &&
                      (bytes.size() < 2 || bytes[1] <= kLastStatus) &&
                      (bytes.size() < 3 || bytes[2] == 0);
    return fits ? kIncomplete : kMalformed;
  }
  if (bytes[0] != kSocks5 || bytes[1] > kLastStatus || bytes[2] != 0) return kMalformed;
  size_t len = kFixed + kPort;
  switch (bytes[3]) {
    case kIpv4:
      len += 4;
      break;
    case kIpv6:
      len += 16;
      break;
    case kName:
      len += 1u + bytes[4];
      break;
    default:
      return kMalformed;
  }
  return bytes.size() < len ? kIncomplete : whole(len, bytes[1]);
}

}  // namespace pktana::app::enterprise
