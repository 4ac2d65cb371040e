// SPDX-License-Identifier: Apache-2.0
// Bodies of SMB 2 and 3 messages (MS-SMB2 2.2.3 to 2.2.14). Offsets are from the header's start.
#include <algorithm>

#include "app/enterprise/probing.h"
#include "app/enterprise/smb/smb_message.h"
#include "app/enterprise/utf16.h"

namespace pktana::app::enterprise {
namespace {

constexpr size_t kBody = 64;

/// Part of the message that an offset and a length name; what lies behind its end is cut.
Bytes part(Bytes message, size_t offset, size_t len) noexcept {
  if (offset < kBody || offset > message.size()) return {};
  return message.subspan(offset, std::min(len, message.size() - offset));
}

SmbRequest negotiate_request(Bytes message) noexcept {
  constexpr size_t kCount = kBody + 2, kGuid = kBody + 12, kDialects = kBody + 36;
  constexpr size_t kMaxDialects = 16;
  SmbRequest out;
  if (message.size() < kDialects) return out;
  out.client_guid = guid_text(message.subspan(kGuid, 16));
  const size_t count = std::min<size_t>(le16(message, kCount), kMaxDialects);
  for (size_t i = 0; i < count && message.size() >= kDialects + 2 * i + 2; ++i)
    out.dialects.emplace_back(smb2_dialect_text(le16(message, kDialects + 2 * i)));
  return out;
}

SmbRequest create_request(Bytes message) noexcept {
  constexpr size_t kDisposition = kBody + 36, kOptions = kBody + 40, kName = kBody + 44;
  constexpr uint32_t kDeleteOnClose = 0x1000;
  SmbRequest out;
  if (message.size() < kName + 4) return out;
  out.disposition = le32(message, kDisposition);
  out.deletes_on_close = (le32(message, kOptions) & kDeleteOnClose) != 0;
  out.path = utf8_of_utf16(part(message, le16(message, kName), le16(message, kName + 2)), kSmbText);
  if (out.path.empty()) out.path = "<share_root>";
  return out;
}

SmbReply negotiate_reply(Bytes message) noexcept {
  constexpr size_t kDialect = kBody + 4, kGuid = kBody + 8, kRead = kBody + 32, kWrite = kBody + 36;
  SmbReply out;
  if (message.size() < kWrite + 4) return out;
  out.dialect = smb2_dialect_text(le16(message, kDialect));
  out.server_guid = guid_text(message.subspan(kGuid, 16));
  out.max_read_size = le32(message, kRead);
  out.max_write_size = le32(message, kWrite);
  return out;
}

/// 100 ns since 1601 to seconds since 1970; 0 for times before.
uint64_t unix_seconds(uint64_t filetime) noexcept {
  constexpr uint64_t kPerSecond = 10'000'000, k1970 = 11'644'473'600;
  const uint64_t seconds = filetime / kPerSecond;
  return seconds > k1970 ? seconds - k1970 : 0;
}

SmbReply create_reply(Bytes message) noexcept {
  constexpr size_t kCreated = kBody + 8, kAccessed = kBody + 16, kModified = kBody + 24;
  constexpr size_t kChanged = kBody + 32, kSize = kBody + 48, kFile = kBody + 64;
  SmbReply out;
  if (message.size() < kFile + 16) return out;
  out.created = unix_seconds(le64(message, kCreated));
  out.accessed = unix_seconds(le64(message, kAccessed));
  out.modified = unix_seconds(le64(message, kModified));
  out.changed = unix_seconds(le64(message, kChanged));
  out.size = le64(message, kSize);
  out.fuid = guid_text(message.subspan(kFile, 16));
  return out;
}

std::string_view share_type_text(uint8_t type) noexcept {
  constexpr std::array<std::string_view, 4> kTypes = {"", "FILE", "PIPE", "PRINT"};
  return type < kTypes.size() ? kTypes[type] : "UNKNOWN";
}

}  // namespace

SmbRequest parse_smb2_request(const SmbHeader& header, Bytes message) noexcept {
  SmbRequest out;
  switch (header.command) {
    case kSmb2Negotiate:
      return negotiate_request(message);
    case kSmb2SessionSetup:  // security buffer: offset and length behind 12 bytes
      if (message.size() >= kBody + 16)
        out.ntlmssp =
            find_ntlmssp(part(message, le16(message, kBody + 12), le16(message, kBody + 14)));
      return out;
    case kSmb2TreeConnect:
      if (message.size() >= kBody + 8)
        out.path = utf8_of_utf16(part(message, le16(message, kBody + 4), le16(message, kBody + 6)),
                                 kSmbText);
      return out;
    case kSmb2Create:
      return create_request(message);
    default:
      return out;
  }
}

SmbReply parse_smb2_reply(const SmbHeader& header, Bytes message) noexcept {
  SmbReply out;
  switch (header.command) {
    case kSmb2Negotiate:
      return negotiate_reply(message);
    case kSmb2TreeConnect:
      if (header.status == 0 && message.size() >= kBody + 4)
        out.share_type = share_type_text(message[kBody + 2]);
      return out;
    case kSmb2Create:
      return header.status == 0 ? create_reply(message) : out;
    default:
      return out;
  }
}

}  // namespace pktana::app::enterprise
