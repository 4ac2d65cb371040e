// SPDX-License-Identifier: Apache-2.0
#include "app/enterprise/utf16.h"

#include "app/enterprise/probing.h"

namespace pktana::app::enterprise {
namespace {

void append(std::string& out, uint32_t character) {
  const auto put = [&](uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (character < 0x80) return put(character);
  if (character < 0x800) {
    put(0xc0 | character >> 6);
  } else {
    if (character < 0x10000) {
      put(0xe0 | character >> 12);
    } else {
      put(0xf0 | character >> 18);
      put(0x80 | (character >> 12 & 0x3f));
    }
    put(0x80 | (character >> 6 & 0x3f));
  }
  put(0x80 | (character & 0x3f));
}

bool is_high(uint32_t unit) noexcept { return unit >= 0xd800 && unit < 0xdc00; }
bool is_low(uint32_t unit) noexcept { return unit >= 0xdc00 && unit < 0xe000; }

}  // namespace

std::string utf8_of_utf16(Bytes bytes, size_t max_bytes) noexcept {
  constexpr uint32_t kReplacement = 0xfffd;
  constexpr size_t kMaxCharacter = 4;
  std::string out;
  for (size_t at = 0; at + 2 <= bytes.size() && out.size() + kMaxCharacter <= max_bytes; at += 2) {
    uint32_t character = le16(bytes, at);
    const uint32_t next = at + 4 <= bytes.size() ? le16(bytes, at + 2) : 0;
    if (is_high(character) && is_low(next)) {
      character = 0x10000 + ((character - 0xd800) << 10) + (next - 0xdc00);
      at += 2;
    } else if (is_high(character) || is_low(character)) {
      character = kReplacement;
    }
    append(out, character);
  }
  return out;
}

}  // namespace pktana::app::enterprise
