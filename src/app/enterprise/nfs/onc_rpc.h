// SPDX-License-Identifier: Apache-2.0
// ONC RPC (RFC 5531): calls and replies, and the names that NFS 3 (RFC 1813) gives to procedures
// and results. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "app/dissector.h"

namespace pktana::app::enterprise {

inline constexpr uint32_t kRpcNfs = 100003;

/// Who asks. With AUTH_UNIX ("UNIX") the three others are set.
struct RpcCredentials {
  uint32_t flavour = 0;
  Bytes machine;
  uint32_t uid = 0, gid = 0;

  [[nodiscard]] bool is_unix() const noexcept { return flavour == 1; }
};
[[nodiscard]] std::string_view rpc_flavour_text(uint32_t flavour) noexcept;

struct RpcCall {
  uint32_t xid = 0, program = 0, version = 0, procedure = 0;
  RpcCredentials credentials = {};
  Bytes arguments;  ///< what is there of them
};

/// @param bytes  from the transaction id on; may be cut behind the verifier.
/// @return nothing if it is no call: type 0, RPC version 2, credentials and verifier of a length
///         that is allowed.
[[nodiscard]] std::optional<RpcCall> parse_rpc_call(Bytes bytes) noexcept;

struct RpcReply {
  uint32_t xid = 0;
  bool is_accepted = false;
  Bytes results;
};
[[nodiscard]] std::optional<RpcReply> parse_rpc_reply(Bytes bytes) noexcept;

/// The name in the arguments of LOOKUP, CREATE, MKDIR, SYMLINK, MKNOD, REMOVE, RMDIR and RENAME of
/// NFS 3; empty for others.
[[nodiscard]] std::string_view nfs3_filename(const RpcCall& call) noexcept;
/// Names in the arguments of RENAME.
struct NfsRename {
  std::string_view from, to;
};
[[nodiscard]] NfsRename nfs3_rename(const RpcCall& call) noexcept;
/// The handle that the call works on: that of a directory where the call names something in it.
/// Empty for NULL, and for what is asked of whole file systems.
[[nodiscard]] Bytes nfs3_handle(const RpcCall& call) noexcept;
/// The handle that an answer gives for the name that was asked for (LOOKUP, CREATE, MKDIR, SYMLINK,
/// MKNOD); empty for others, and for failures.
[[nodiscard]] Bytes nfs3_new_handle(uint32_t procedure, Bytes results) noexcept;
/// CRC-32 (IEEE 802.3), by which EVE tells handles apart.
[[nodiscard]] uint32_t nfs_handle_hash(Bytes handle) noexcept;
[[nodiscard]] std::string_view nfs3_procedure_text(uint32_t procedure) noexcept;
[[nodiscard]] std::string_view nfs3_status_text(uint32_t status) noexcept;

}  // namespace pktana::app::enterprise
