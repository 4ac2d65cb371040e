// SPDX-License-Identifier: Apache-2.0
#include "app/enterprise/smb/ntlmssp.h"

#include "app/enterprise/probing.h"
#include "app/enterprise/utf16.h"

namespace pktana::app::enterprise {
namespace {

constexpr size_t kType = 8, kDomain = 28, kUser = 36, kHost = 44, kFlags = 60, kVersion = 64;
constexpr size_t kMaxName = 256;

/// A field's length and offset stand at `at`. Nothing if it is not all there.
std::optional<std::string> parse_field(Bytes message, size_t at, bool is_unicode) noexcept {
  const size_t len = le16(message, at);
  const size_t offset = le32(message, at + 4);
  if (offset > message.size() || message.size() - offset < len) return {};
  const Bytes value = message.subspan(offset, len);
  if (is_unicode) return utf8_of_utf16(value, kMaxName);
  return std::string(text_of(value.first(std::min(len, kMaxName))));
}

}  // namespace

std::optional<Ntlmssp> find_ntlmssp(Bytes blob) noexcept {
  constexpr std::string_view kSignature("NTLMSSP\0", 8);
  constexpr uint32_t kAuthenticate = 3, kUnicode = 1, kHasVersion = 0x02000000;
  const size_t at = text_of(blob).find(kSignature);
  if (at == std::string_view::npos) return {};
  const Bytes message = blob.subspan(at);
  if (message.size() < kVersion || le32(message, kType) != kAuthenticate) return {};
  const uint32_t flags = le32(message, kFlags);
  const bool is_unicode = (flags & kUnicode) != 0;
  auto domain = parse_field(message, kDomain, is_unicode);
  auto user = parse_field(message, kUser, is_unicode);
  auto host = parse_field(message, kHost, is_unicode);
  if (!domain || !user || !host) return {};
  Ntlmssp out{.domain = std::move(*domain), .user = std::move(*user), .host = std::move(*host)};
  if ((flags & kHasVersion) != 0 && message.size() >= kVersion + 8)
    out.version = std::to_string(message[kVersion]) + "." + std::to_string(message[kVersion + 1]) +
                  " build " + std::to_string(le16(message, kVersion + 2)) + " rev " +
                  std::to_string(message[kVersion + 7]);
  return out;
}

}  // namespace pktana::app::enterprise
