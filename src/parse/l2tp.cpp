// SPDX-License-Identifier: Apache-2.0
#include "parse/l2tp.h"

namespace pktana::parse {
namespace {

constexpr size_t kFlags = 0;
constexpr uint16_t kControl = 0x8000;
constexpr uint16_t kLength = 0x4000;
constexpr uint16_t kSequence = 0x0800;
constexpr uint16_t kOffset = 0x0200;
constexpr uint16_t kVersionMask = 0x000F;
constexpr size_t kFlagsLen = 2;
constexpr size_t kLengthLen = 2;
constexpr size_t kIdsLen = 4;
constexpr size_t kSequenceLen = 4;
constexpr size_t kOffsetLen = 2;
constexpr size_t kV3SessionId = 4;
constexpr size_t kV3HeaderLen = 8;

}  // namespace

Result<L2tpView> L2tpView::parse(base::Bytes bytes) noexcept {
  if (bytes.size() < kFlagsLen) return ParseError::Truncated;
  const auto flags = base::load_be<uint16_t>(bytes.data() + kFlags);
  const unsigned version = flags & kVersionMask;
  if ((flags & kControl) != 0 || (version != 2 && version != 3)) return ParseError::Unsupported;
  if (version == 3) {
    if (bytes.size() < kV3HeaderLen) return ParseError::Truncated;
    return L2tpView(3, base::load_be<uint32_t>(bytes.data() + kV3SessionId), kV3HeaderLen);
  }
  const size_t ids = kFlagsLen + ((flags & kLength) != 0 ? kLengthLen : 0);
  size_t len = ids + kIdsLen + ((flags & kSequence) != 0 ? kSequenceLen : 0);
  const size_t offset_at = len;
  if ((flags & kOffset) != 0) len += kOffsetLen;
  if (bytes.size() < len) return ParseError::Truncated;
  if ((flags & kOffset) != 0) len += base::load_be<uint16_t>(bytes.data() + offset_at);
  if (bytes.size() < len) return ParseError::Truncated;
  return L2tpView(2, base::load_be<uint32_t>(bytes.data() + ids), len);
}

}  // namespace pktana::parse
