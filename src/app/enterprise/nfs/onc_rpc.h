// SPDX-License-Identifier: Apache-2.0
// ONC RPC (RFC 5531): calls and replies, and the names that NFS 3 (RFC 1813) gives to procedures
// and results. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "app/dissector.h"

namespace pktana::app::enterprise {

inline constexpr uint32_t kRpcNfs = 100003;

struct RpcCall {
  uint32_t xid = 0, program = 0, version = 0, procedure = 0;
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
[[nodiscard]] std::string_view nfs3_procedure_text(uint32_t procedure) noexcept;
[[nodiscard]] std::string_view nfs3_status_text(uint32_t status) noexcept;

}  // namespace pktana::app::enterprise
