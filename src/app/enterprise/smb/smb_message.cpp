// SPDX-License-Identifier: Apache-2.0
#include "app/enterprise/smb/smb_message.h"

#include "app/enterprise/probing.h"

namespace pktana::app::enterprise {
namespace {

std::optional<SmbHeader> parse_smb1_header(Bytes bytes) noexcept {
  constexpr size_t kLen = 32;
  constexpr uint8_t kReply = 0x80;
  constexpr uint16_t kNtStatus = 0x4000;
  if (bytes.size() < kLen) return {};
  SmbHeader header;
  header.command = bytes[4];
  header.is_reply = (bytes[9] & kReply) != 0;
  header.has_nt_status = (le16(bytes, 10) & kNtStatus) != 0;
  header.status = header.has_nt_status ? le32(bytes, 5) : uint32_t{bytes[5]} << 16 | le16(bytes, 7);
  header.tree_id = le16(bytes, 24);
  header.session_id = le16(bytes, 28);
  // The multiplex id alone is not enough: clients use one for several processes.
  header.message_id = uint64_t{le16(bytes, 26)} << 16 | le16(bytes, 30);
  return header;
}

std::optional<SmbHeader> parse_smb2_header(Bytes bytes) noexcept {
  constexpr size_t kLen = 64;
  constexpr uint32_t kReply = 1, kAsync = 2;
  if (bytes.size() < kLen || le16(bytes, 4) != kLen) return {};
  const uint32_t flags = le32(bytes, 16);
  SmbHeader header;
  header.is_smb2 = true;
  header.is_reply = (flags & kReply) != 0;
  header.status = le32(bytes, 8);
  header.command = le16(bytes, 12);
  header.next = le32(bytes, 20);
  header.message_id = le64(bytes, 24);
  header.tree_id = (flags & kAsync) != 0 ? 0 : le32(bytes, 36);
  header.session_id = le64(bytes, 40);
  return header;
}

}  // namespace

std::optional<SmbHeader> parse_smb_header(Bytes bytes) noexcept {
  if (bytes.size() < 4 || text_of(bytes.subspan(1, 3)) != "SMB") return {};
  constexpr uint8_t kSmb1 = 0xff, kSmb2 = 0xfe;
  if (bytes[0] == kSmb1) return parse_smb1_header(bytes);
  if (bytes[0] == kSmb2) return parse_smb2_header(bytes);
  return {};
}

SmbRequest parse_smb_request(const SmbHeader& header, Bytes message) noexcept {
  return header.is_smb2 ? parse_smb2_request(header, message) : parse_smb1_request(header, message);
}

SmbReply parse_smb_reply(const SmbHeader& header, Bytes message) noexcept {
  return header.is_smb2 ? parse_smb2_reply(header, message) : parse_smb1_reply(header, message);
}

std::string guid_text(Bytes guid) noexcept {
  constexpr std::array<uint8_t, 16> kOrder = {3, 2, 1, 0, 5, 4, 7, 6, 9, 8, 11, 10, 15, 14, 13, 12};
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (size_t i = 0; i < kOrder.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text.push_back('-');
    const uint8_t byte = guid[kOrder[i]];
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 0x0f]);
  }
  return text;
}

}  // namespace pktana::app::enterprise
