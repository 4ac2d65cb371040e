// SPDX-License-Identifier: Apache-2.0
#include "parse/nflog.h"

namespace pktana::parse {
namespace {

constexpr size_t kFamily = 0;
constexpr size_t kVersion = 1;
constexpr size_t kItemLen = 0;
constexpr size_t kItemType = 2;
constexpr size_t kItemHeaderLen = 4;
constexpr uint16_t kTypeMask = 0x3FFF;  // netlink's nested and byte-order flags are above
constexpr uint16_t kTypePayload = 9;    // NFULA_PAYLOAD

uint16_t load_item(const uint8_t* p, bool big) noexcept {
  return big ? base::load_be<uint16_t>(p) : base::load_le<uint16_t>(p);
}

/// The first item's length tells the order: read the wrong way it has a zero low byte or runs over
/// the frame.
bool is_big_endian(base::Bytes bytes) noexcept {
  const uint8_t* const p = bytes.data() + NflogView::kHeaderLen + kItemLen;
  return base::load_le<uint16_t>(p) > bytes.size() && base::load_be<uint16_t>(p) <= bytes.size();
}

}  // namespace

Result<NflogView> NflogView::parse(base::Bytes bytes) noexcept {
  if (bytes.size() < kHeaderLen + kItemHeaderLen) return ParseError::Truncated;
  if (bytes[kVersion] != 0) return ParseError::Unsupported;
  const bool big = is_big_endian(bytes);
  size_t at = kHeaderLen;
  for (unsigned items = 0; items < kMaxItems; ++items) {
    if (bytes.size() < at + kItemHeaderLen) return ParseError::Truncated;
    const size_t len = load_item(bytes.data() + at + kItemLen, big);
    if (len < kItemHeaderLen) return ParseError::Malformed;
    if ((load_item(bytes.data() + at + kItemType, big) & kTypeMask) == kTypePayload)
      return NflogView(bytes[kFamily], at + kItemHeaderLen, len - kItemHeaderLen);
    at += (len + 3) & ~size_t{3};
  }
  return ParseError::Malformed;
}

}  // namespace pktana::parse
