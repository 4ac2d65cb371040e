// SPDX-License-Identifier: Apache-2.0
#include "app/secure/tls/der.h"

namespace pktana::app::secure {
namespace {

constexpr uint8_t kLongTag = 0x1F;
constexpr uint8_t kLongLength = 0x80;
constexpr unsigned kMaxLengthBytes = 4;
constexpr size_t kMaxOidBytes = 64;

}  // namespace

bool next_der(Reader& in, DerElement& element) noexcept {
  if (in.empty()) return false;
  element.tag = in.u8();
  uint64_t length = in.u8();
  if ((element.tag & kLongTag) == kLongTag) in.take(in.left() + 1);
  if ((length & kLongLength) != 0) {
    const auto count = static_cast<unsigned>(length & ~uint64_t{kLongLength});
    if (count == 0 || count > kMaxLengthBytes) in.take(in.left() + 1);
    length = 0;
    for (unsigned i = 0; i < count && !in.failed(); ++i)
      length = length << 8 | in.u8();
  }
  element.body = in.take(length);
  return !in.failed();
}

Bytes take_der(Reader& in, uint8_t tag) noexcept {
  DerElement element;
  if (next_der(in, element) && element.tag == tag) return element.body;
  in.take(in.left() + 1);
  return {};
}

std::string oid_text(Bytes oid) {
  std::string text;
  if (oid.empty() || oid.size() > kMaxOidBytes) return text;
  uint64_t arc = 0;
  for (const uint8_t byte : oid) {
    arc = arc << 7 | (byte & 0x7F);
    if ((byte & 0x80) != 0) continue;
    if (text.empty()) {
      const uint64_t root = arc < 80 ? arc / 40 : 2;
      text = std::to_string(root) + '.' + std::to_string(arc - root * 40);
    } else {
      text += '.' + std::to_string(arc);
    }
    arc = 0;
  }
  return text;
}

}  // namespace pktana::app::secure
