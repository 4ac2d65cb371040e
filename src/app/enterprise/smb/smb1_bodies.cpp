// SPDX-License-Identifier: Apache-2.0
// Bodies of SMB 1 messages (MS-CIFS 2.2.4): number of words, words, number of bytes, bytes.
#include <algorithm>

#include "app/enterprise/probing.h"
#include "app/enterprise/smb/smb_message.h"
#include "app/enterprise/utf16.h"

namespace pktana::app::enterprise {
namespace {

constexpr size_t kBody = 32;

struct Parts {
  Bytes words, bytes;
  size_t bytes_at = 0;  ///< place of the bytes in the message: strings in UTF-16 are aligned to it
};

Parts split(Bytes message) noexcept {
  Parts out;
  if (message.size() <= kBody) return out;
  const size_t words = message[kBody] * size_t{2};
  if (message.size() < kBody + 1 + words + 2) return out;
  out.words = message.subspan(kBody + 1, words);
  out.bytes_at = kBody + 1 + words + 2;
  const size_t len = le16(message, kBody + 1 + words);
  out.bytes = message.subspan(out.bytes_at, std::min(len, message.size() - out.bytes_at));
  return out;
}

/// Walks the strings of a body, each ended by 0.
class Strings {
 public:
  Strings(const Parts& parts, bool is_unicode, size_t skip) noexcept
      : bytes_(parts.bytes),
        at_(std::min(skip, parts.bytes.size())),
        odd_(parts.bytes_at % 2 != 0),
        is_unicode_(is_unicode) {}

  [[nodiscard]] std::string next() noexcept { return is_unicode_ ? next_utf16() : next_ascii(); }
  [[nodiscard]] std::string next_ascii() noexcept {
    const Bytes rest = bytes_.subspan(at_);
    const auto end = std::find(rest.begin(), rest.end(), uint8_t{0});
    const auto len = static_cast<size_t>(end - rest.begin());
    at_ = std::min(bytes_.size(), at_ + len + 1);
    return std::string(text_of(rest.first(std::min(len, kSmbText))));
  }

 private:
  [[nodiscard]] std::string next_utf16() noexcept {
    if ((at_ % 2 != 0) != odd_ && at_ < bytes_.size()) ++at_;
    size_t end = at_;
    while (end + 2 <= bytes_.size() && le16(bytes_, end) != 0)
      end += 2;
    const Bytes text = bytes_.subspan(at_, end - at_);
    at_ = std::min(bytes_.size(), end + 2);
    return utf8_of_utf16(text, kSmbText);
  }

  Bytes bytes_;
  size_t at_;
  bool odd_;
  bool is_unicode_;
};

SmbRequest negotiate_request(const Parts& parts) noexcept {
  constexpr uint8_t kDialect = 2;
  constexpr size_t kMaxDialects = 16;
  SmbRequest out;
  Bytes rest = parts.bytes;
  while (rest.size() > 1 && rest[0] == kDialect && out.dialects.size() < kMaxDialects) {
    const auto end = std::find(rest.begin() + 1, rest.end(), uint8_t{0});
    const auto len = static_cast<size_t>(end - rest.begin()) - 1;
    out.dialects.emplace_back(text_of(rest.subspan(1, std::min(len, kSmbText))));
    rest = rest.subspan(std::min(rest.size(), len + 2));
  }
  return out;
}

SmbRequest session_setup_request(const Parts& parts, bool is_unicode) noexcept {
  constexpr size_t kBlobWords = 24, kBlobLen = 14;  // 12 words: extended security
  SmbRequest out;
  if (parts.words.size() != kBlobWords) return out;
  const size_t blob = std::min<size_t>(le16(parts.words, kBlobLen), parts.bytes.size());
  out.ntlmssp = find_ntlmssp(parts.bytes.first(blob));
  Strings strings(parts, is_unicode, blob);
  out.native_os = strings.next();
  out.native_lm = strings.next();
  return out;
}

SmbRequest tree_connect_request(const Parts& parts, bool is_unicode) noexcept {
  constexpr size_t kPasswordLen = 6;
  SmbRequest out;
  if (parts.words.size() < kPasswordLen + 2) return out;
  out.path = Strings(parts, is_unicode, le16(parts.words, kPasswordLen)).next();
  return out;
}

SmbRequest create_request(const Parts& parts, bool is_unicode) noexcept {
  constexpr size_t kWords = 48, kDisposition = 35, kOptions = 39;
  constexpr uint32_t kDeleteOnClose = 0x1000;
  SmbRequest out;
  if (parts.words.size() < kWords) return out;
  out.disposition = le32(parts.words, kDisposition);
  out.deletes_on_close = (le32(parts.words, kOptions) & kDeleteOnClose) != 0;
  out.path = Strings(parts, is_unicode, 0).next();
  if (out.path.empty()) out.path = "<share_root>";
  return out;
}

bool uses_unicode(Bytes message) noexcept {
  constexpr uint16_t kUnicode = 0x8000;
  return message.size() >= kBody && (le16(message, 10) & kUnicode) != 0;
}

}  // namespace

SmbRequest parse_smb1_request(const SmbHeader& header, Bytes message) noexcept {
  const Parts parts = split(message);
  const bool is_unicode = uses_unicode(message);
  switch (header.command) {
    case kSmb1Negotiate:
      return negotiate_request(parts);
    case kSmb1SessionSetup:
      return session_setup_request(parts, is_unicode);
    case kSmb1TreeConnect:
      return tree_connect_request(parts, is_unicode);
    case kSmb1Create:
      return create_request(parts, is_unicode);
    default:
      return {};
  }
}

SmbReply parse_smb1_reply(const SmbHeader& header, Bytes message) noexcept {
  constexpr size_t kGuidWords = 34;  // 17 words: NT LM 0.12
  constexpr uint32_t kExtendedSecurity = 0x80000000;
  const Parts parts = split(message);
  SmbReply out;
  if (header.command == kSmb1Negotiate && parts.words.size() >= 2) {
    out.dialect_index = le16(parts.words, 0);
    if (parts.words.size() == kGuidWords && parts.bytes.size() >= 16 &&
        (le32(parts.words, 19) & kExtendedSecurity) != 0)
      out.server_guid = guid_text(parts.bytes.first(16));
  }
  if (header.command == kSmb1TreeConnect && !parts.bytes.empty()) {
    const std::string service = Strings(parts, false, 0).next_ascii();
    out.share_type = service == "IPC" ? "PIPE" : service == "LPT1:" ? "PRINT" : "FILE";
  }
  return out;
}

}  // namespace pktana::app::enterprise
