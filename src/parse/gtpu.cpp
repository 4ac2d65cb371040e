// SPDX-License-Identifier: Apache-2.0
#include "parse/gtpu.h"

namespace pktana::parse {
namespace {

constexpr uint8_t kVersionAndTypeMask = 0xF0;
constexpr uint8_t kVersion1Gtp = 0x30;
constexpr uint8_t kOptionalFields =
    0x07;  // extension, sequence number, N-PDU number: one means all
constexpr size_t kOptionalLen = 4;
constexpr uint8_t kHasExtension = 0x04;
constexpr uint8_t kUserPacket = 255;
constexpr size_t kExtensionUnit = 4;

}  // namespace

Result<GtpuView> GtpuView::parse(base::Bytes bytes) noexcept {
  if (bytes.size() < kMinHeaderLen) return ParseError::Truncated;
  if ((bytes[kFlags] & kVersionAndTypeMask) != kVersion1Gtp) return ParseError::Unsupported;
  if (bytes[kType] != kUserPacket) return ParseError::Unsupported;
  size_t len = kMinHeaderLen;
  if ((bytes[kFlags] & kOptionalFields) == 0) return GtpuView(bytes.first(len));
  len += kOptionalLen;
  if (bytes.size() < len) return ParseError::Truncated;
  if ((bytes[kFlags] & kHasExtension) == 0) return GtpuView(bytes.first(len));
  // The byte before an extension header, and the last one of each, is the type of the next.
  for (unsigned walked = 0; bytes[len - 1] != 0; ++walked) {
    if (walked == kMaxExtensions) return ParseError::Malformed;
    if (bytes.size() <= len) return ParseError::Truncated;
    if (bytes[len] == 0) return ParseError::Malformed;
    len += bytes[len] * kExtensionUnit;
    if (bytes.size() < len) return ParseError::Truncated;
  }
  return GtpuView(bytes.first(len));
}

}  // namespace pktana::parse
