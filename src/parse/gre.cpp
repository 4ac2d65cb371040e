// SPDX-License-Identifier: Apache-2.0
#include "parse/gre.h"

namespace pktana::parse {
namespace {

constexpr size_t kFieldLen = 4;
constexpr size_t kRouteHeaderLen = 4;  // address family, offset, length
constexpr size_t kRouteLen = 3;

/// Where the source routes that begin at `at` end, beyond the bytes if they are cut; 0 if there are
/// too many.
size_t routes_end(base::Bytes bytes, size_t at) noexcept {
  for (unsigned routes = 0; routes < GreView::kMaxRoutes; ++routes) {
    if (bytes.size() < at + kRouteHeaderLen) return bytes.size() + 1;
    const size_t len = bytes[at + kRouteLen];
    at += kRouteHeaderLen + len;
    if (len == 0) return at;
  }
  return 0;
}

}  // namespace

Result<GreView> GreView::parse(base::Bytes bytes) noexcept {
  if (bytes.size() < kMinHeaderLen) return ParseError::Truncated;
  const auto flags = base::load_be<uint16_t>(bytes.data() + kFlags);
  const unsigned version = flags & kVersionMask;
  if (version > 1) return ParseError::Unsupported;
  if (version == 1 && (flags & kKey) == 0) return ParseError::Malformed;
  size_t len = kMinHeaderLen;
  if ((flags & (kChecksum | kRouting)) != 0) len += kFieldLen;
  if ((flags & kKey) != 0) len += kFieldLen;
  if ((flags & kSequence) != 0) len += kFieldLen;
  if (version == 1 && (flags & kAck) != 0) len += kFieldLen;
  if ((flags & kRouting) != 0) len = routes_end(bytes, len);
  if (len == 0) return ParseError::Unsupported;
  if (bytes.size() < len) return ParseError::Truncated;
  return GreView(bytes.first(len));
}

}  // namespace pktana::parse
