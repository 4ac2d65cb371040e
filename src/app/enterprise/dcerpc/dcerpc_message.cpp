// SPDX-License-Identifier: Apache-2.0
#include "app/enterprise/dcerpc/dcerpc_message.h"

#include <algorithm>

#include "app/enterprise/probing.h"

namespace pktana::app::enterprise {
namespace {

constexpr size_t kMaxContexts = 32;

uint16_t number16(const DcerpcHeader& header, Bytes bytes, size_t at) noexcept {
  return header.is_little ? le16(bytes, at) : be16(bytes, at);
}

/// The three first parts are numbers, in the sender's order; the rest are single bytes.
std::string uuid_text(const DcerpcHeader& header, Bytes uuid) noexcept {
  constexpr std::array<uint8_t, 16> kLittle = {3, 2, 1,  0,  5,  4,  7,  6,
                                               8, 9, 10, 11, 12, 13, 14, 15};
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (size_t i = 0; i < kLittle.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text.push_back('-');
    const uint8_t byte = uuid[header.is_little ? kLittle[i] : i];
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 0x0f]);
  }
  return text;
}

}  // namespace

std::optional<DcerpcHeader> parse_dcerpc_header(Bytes bytes) noexcept {
  constexpr uint8_t kLastType = 19;
  if (bytes.size() < kDcerpcHeader || bytes[0] != 5 || bytes[1] > 1 || bytes[2] > kLastType)
    return {};
  const uint8_t order = bytes[4];
  if ((order != 0x10 && order != 0x00) || bytes[5] > 3 || bytes[6] != 0 || bytes[7] != 0) return {};
  DcerpcHeader header;
  header.type = static_cast<DcerpcType>(bytes[2]);
  header.minor = bytes[1];
  header.is_first = (bytes[3] & 1) != 0;
  header.is_last = (bytes[3] & 2) != 0;
  header.is_little = order == 0x10;
  header.fragment_len = number16(header, bytes, 8);
  header.auth_len = number16(header, bytes, 10);
  header.call_id = header.is_little ? le32(bytes, 12) : be32(bytes, 12);
  const bool known = dcerpc_type_text(header.type) != "UNKNOWN";
  if (!known || header.fragment_len < kDcerpcHeader ||
      header.auth_len > header.fragment_len - kDcerpcHeader)
    return {};
  return header;
}

bool is_dcerpc_request(DcerpcType type) noexcept {
  return type == DcerpcType::Request || type == DcerpcType::Bind ||
         type == DcerpcType::AlterContext;
}

std::string_view dcerpc_type_text(DcerpcType type) noexcept {
  switch (type) {
    case DcerpcType::Request:
      return "REQUEST";
    case DcerpcType::Response:
      return "RESPONSE";
    case DcerpcType::Fault:
      return "FAULT";
    case DcerpcType::Bind:
      return "BIND";
    case DcerpcType::BindAck:
      return "BINDACK";
    case DcerpcType::BindNak:
      return "BINDNAK";
    case DcerpcType::AlterContext:
      return "ALTER_CONTEXT";
    case DcerpcType::AlterContextResponse:
      return "ALTER_CONTEXT_RESP";
    case DcerpcType::Auth3:
      return "AUTH3";
    case DcerpcType::Shutdown:
      return "SHUTDOWN";
    case DcerpcType::Cancel:
      return "CO_CANCEL";
    case DcerpcType::Orphaned:
      return "ORPHANED";
  }
  return "UNKNOWN";
}

std::vector<DcerpcInterface> parse_dcerpc_contexts(const DcerpcHeader& header,
                                                   Bytes fragment) noexcept {
  constexpr size_t kCount = kDcerpcHeader + 8, kFirst = kDcerpcHeader + 12;
  constexpr size_t kAbstract = 4, kSyntax = 20;
  std::vector<DcerpcInterface> out;
  if (fragment.size() < kFirst) return out;
  const size_t count = std::min<size_t>(fragment[kCount], kMaxContexts);
  size_t at = kFirst;
  for (size_t i = 0; i < count && fragment.size() - at >= kAbstract + kSyntax; ++i) {
    const size_t transfers = fragment[at + 2];
    const Bytes syntax = fragment.subspan(at + kAbstract, kSyntax);
    out.push_back({.uuid = uuid_text(header, syntax.first(16)),
                   .major = number16(header, syntax, 16),
                   .minor = number16(header, syntax, 18),
                   .result = {}});
    const size_t len = kAbstract + kSyntax + transfers * kSyntax;
    if (fragment.size() - at < len) break;
    at += len;
  }
  return out;
}

std::vector<uint16_t> parse_dcerpc_results(const DcerpcHeader& header, Bytes fragment) noexcept {
  constexpr size_t kAddress = kDcerpcHeader + 8, kResult = 24;
  std::vector<uint16_t> out;
  if (fragment.size() < kAddress + 2) return out;
  const size_t address = number16(header, fragment, kAddress);
  size_t at = (kAddress + 2 + address + 3) / 4 * 4;
  if (fragment.size() < at + 4) return out;
  const size_t count = std::min<size_t>(fragment[at], kMaxContexts);
  at += 4;
  for (size_t i = 0; i < count && fragment.size() >= at + kResult; ++i, at += kResult)
    out.push_back(number16(header, fragment, at));
  return out;
}

std::optional<uint16_t> parse_dcerpc_opnum(const DcerpcHeader& header, Bytes fragment) noexcept {
  constexpr size_t kOpnum = kDcerpcHeader + 6;
  if (header.type != DcerpcType::Request || fragment.size() < kOpnum + 2) return {};
  return number16(header, fragment, kOpnum);
}

uint32_t dcerpc_stub_len(const DcerpcHeader& header) noexcept {
  constexpr uint32_t kFixed = kDcerpcHeader + 8, kAuthHeader = 8;
  const uint32_t tail = header.auth_len == 0 ? 0 : header.auth_len + kAuthHeader;
  return header.fragment_len > kFixed + tail ? header.fragment_len - kFixed - tail : 0;
}

}  // namespace pktana::app::enterprise
