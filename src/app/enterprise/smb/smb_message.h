// SPDX-License-Identifier: Apache-2.0
// SMB messages: headers of SMB 1 (MS-CIFS 2.2.3.1) and SMB 2 and 3 (MS-SMB2 2.2.1), and the bodies
// that records show: negotiation, session set-up, tree connect, create. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/dissector.h"
#include "app/enterprise/smb/ntlmssp.h"

namespace pktana::app::enterprise {

inline constexpr size_t kSmbText = 512;  ///< longest name that is kept

/// Header of either version.
struct SmbHeader {
  bool is_smb2 = false;
  bool is_reply = false;
  bool has_nt_status = true;  ///< SMB 1 may have a DOS error instead: class in bits 16-23, code
  uint16_t command = 0;
  uint32_t status = 0;
  uint64_t message_id = 0;
  uint64_t session_id = 0;
  uint32_t tree_id = 0;
  uint32_t next = 0;  ///< SMB 2: place of the next message of the compound; 0 = the last
};

/// @param bytes  from the protocol id on.
/// @return nothing if the header is not all there or is none.
[[nodiscard]] std::optional<SmbHeader> parse_smb_header(Bytes bytes) noexcept;

/// What a request says, as far as it belongs to its command; the rest is empty.
struct SmbRequest {
  std::vector<std::string> dialects;
  std::string client_guid;
  std::optional<Ntlmssp> ntlmssp;
  std::string path;  ///< tree connect: share; create: file
  std::string native_os, native_lm;
  std::optional<uint32_t> disposition;
  bool deletes_on_close = false;
};

/// @param message  from the protocol id on; may be cut.
[[nodiscard]] SmbRequest parse_smb_request(const SmbHeader& header, Bytes message) noexcept;

struct SmbReply {
  std::string dialect;                    ///< SMB 2 negotiation
  std::optional<uint16_t> dialect_index;  ///< SMB 1 negotiation: place in the client's list
  std::string server_guid;
  std::optional<uint32_t> max_read_size, max_write_size;
  std::string_view share_type;  ///< "FILE", "PIPE", "PRINT"
  std::string fuid;
  std::optional<uint64_t> created, accessed, modified, changed, size;
};

[[nodiscard]] SmbReply parse_smb_reply(const SmbHeader& header, Bytes message) noexcept;

// smb_names.cpp
/// "SMB2_COMMAND_CREATE", "SMB1_COMMAND_NEGOTIATE_PROTOCOL", else "SMB2_COMMAND_UNKNOWN_77".
[[nodiscard]] std::string smb_command_text(const SmbHeader& header) noexcept;
/// "STATUS_SUCCESS"; empty if it has no name here.
[[nodiscard]] std::string_view nt_status_text(uint32_t status) noexcept;
/// "FILE_OPEN"; empty if it has none.
[[nodiscard]] std::string_view smb_disposition_text(uint32_t disposition) noexcept;
/// "3.11"; "unknown" if it has none.
[[nodiscard]] std::string_view smb2_dialect_text(uint16_t dialect) noexcept;

/// Bodies of SMB 1, smb1_bodies.cpp; of SMB 2, smb2_bodies.cpp.
[[nodiscard]] SmbRequest parse_smb1_request(const SmbHeader& header, Bytes message) noexcept;
[[nodiscard]] SmbReply parse_smb1_reply(const SmbHeader& header, Bytes message) noexcept;
[[nodiscard]] SmbRequest parse_smb2_request(const SmbHeader& header, Bytes message) noexcept;
[[nodiscard]] SmbReply parse_smb2_reply(const SmbHeader& header, Bytes message) noexcept;

/// A GUID as EVE writes those of SMB: the last eight bytes turned around in parts too.
[[nodiscard]] std::string guid_text(Bytes guid) noexcept;

inline constexpr uint16_t kSmb1Create = 0xa2, kSmb1SessionSetup = 0x73, kSmb1TreeConnect = 0x75,
                          kSmb1Negotiate = 0x72, kSmb1Read = 0x2e, kSmb1Write = 0x2f;
inline constexpr uint16_t kSmb2Negotiate = 0, kSmb2SessionSetup = 1, kSmb2TreeConnect = 3,
                          kSmb2Create = 5, kSmb2Read = 8, kSmb2Write = 9, kSmb2GetInfo = 16,
                          kSmb2SetInfo = 17;

}  // namespace pktana::app::enterprise
