// SPDX-License-Identifier: Apache-2.0
#include "app/secure/tls/der.h"

namespace pktana::app::secure {
namespace {

constexpr size_t kMaxOidBytes = 64;

}  // namespace

bool next_der(Reader& in, BerElement& element) noexcept {
  if (in.empty()) return false;
  if (!read_ber(in, element)) in.fail();
  return in.ok();
}

Bytes take_der(Reader& in, uint8_t tag) noexcept {
  BerElement element;
  if (next_der(in, element) && element.tag == tag) return element.value;
  in.fail();
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
