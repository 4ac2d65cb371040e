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

/// Length of the header with the extensions that follow its first 12 bytes. The byte before an
/// extension, and the last one of each, is the type of the next; 0 = none.
Result<size_t> extended_len(base::Bytes bytes, size_t len) noexcept {
  for (unsigned walked = 0; bytes[len - 1] != 0; ++walked) {
    if (walked == GtpuView::kMaxExtensions) return ParseError::Malformed;
    if (bytes.size() <= len) return ParseError::Truncated;
    if (bytes[len] == 0) return ParseError::Malformed;
    len += bytes[len] * kExtensionUnit;
    if (bytes.size() < len) return ParseError::Truncated;
  }
  return len;
}

}  // namespace

Result<GtpuView> GtpuView::parse(base::Bytes bytes) noexcept {
  if (bytes.size() < kMinHeaderLen) return ParseError::Truncated;
  if ((bytes[kFlags] & kVersionAndTypeMask) != kVersion1Gtp) return ParseError::Unsupported;
  if (bytes[kType] != kUserPacket) return ParseError::Unsupported;
  size_t len = kMinHeaderLen;
  if ((bytes[kFlags] & kOptionalFields) != 0) len += kOptionalLen;
  if (bytes.size() < len) return ParseError::Truncated;
  if ((bytes[kFlags] & kHasExtension) != 0) {
    const auto extended = extended_len(bytes, len);
    if (!extended) return extended.error();
    len = *extended;
  }
  const GtpuView gtpu(bytes.first(len));
  if (gtpu.length_bytes() + kMinHeaderLen < len) return ParseError::Malformed;
  return gtpu;
}

}  // namespace pktana::parse
