// SPDX-License-Identifier: Apache-2.0
#include "parse/ipv6_extension.h"

namespace pktana::parse {
namespace {

constexpr size_t kMinAhLen = 12;
constexpr size_t kOptionsStart = 2;
constexpr uint8_t kOptionPad1 = 0x00;
constexpr uint8_t kOptionJumbo = 0xC2;

size_t extension_len(uint8_t type, uint8_t len_field) noexcept {
  if (type == kIpProtoFragment) return Ipv6ExtensionView::kMinLen;
  if (type == kIpProtoAh) return (size_t{len_field} + 2) * 4;
  return (size_t{len_field} + 1) * 8;
}

}  // namespace

Result<Ipv6ExtensionView> Ipv6ExtensionView::parse(uint8_t type, base::Bytes bytes) noexcept {
  if (bytes.size() < kMinLen) return ParseError::Truncated;
  const size_t len = extension_len(type, bytes[kLen]);
  if (type == kIpProtoAh && len < kMinAhLen) return ParseError::Malformed;
  if (bytes.size() < len) return ParseError::Truncated;
  return Ipv6ExtensionView(bytes.first(len));
}

std::optional<uint32_t> Ipv6ExtensionView::jumbo_len_bytes() const noexcept {
  for (size_t at = kOptionsStart; at < bytes_.size();) {
    if (bytes_[at] == kOptionPad1) {
      ++at;
      continue;
    }
    if (bytes_.size() - at < 2) return std::nullopt;
    const size_t len = size_t{bytes_[at + 1]} + 2;
    if (len > bytes_.size() - at) return std::nullopt;
    if (bytes_[at] == kOptionJumbo && len == 6)
      return base::load_be<uint32_t>(bytes_.data() + at + 2);
    at += len;
  }
  return std::nullopt;
}

}  // namespace pktana::parse
