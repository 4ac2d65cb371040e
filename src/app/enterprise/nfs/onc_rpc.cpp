// SPDX-License-Identifier: Apache-2.0
#include "app/enterprise/nfs/onc_rpc.h"

#include <algorithm>
#include <array>

#include "app/enterprise/probing.h"

namespace pktana::app::enterprise {
namespace {

/// Place behind an opaque_auth (flavour, length, at most 400 bytes) at `at`; 0 if it can be none or
/// is not all there.
size_t behind_auth(Bytes bytes, size_t at) noexcept {
  constexpr uint32_t kMaxAuth = 400;
  if (bytes.size() < at + 8) return 0;
  const uint32_t flavour = be32(bytes, at);
  const uint32_t len = be32(bytes, at + 4);
  const bool known = flavour <= 6 || (flavour >= 300000 && flavour < 500000);
  if (!known || len > kMaxAuth) return 0;
  const size_t end = at + 8 + (len + 3) / 4 * 4;
  return end <= bytes.size() ? end : 0;
}

/// Variable-length opaque at `at`; moves `at` behind it. Empty if it is not all there.
Bytes take_opaque(Bytes bytes, size_t& at) noexcept {
  if (bytes.size() - std::min(at, bytes.size()) < 4) return {};
  const uint32_t len = be32(bytes, at);
  if (bytes.size() - at - 4 < len) return {};
  const Bytes value = bytes.subspan(at + 4, len);
  at = std::min(bytes.size(), at + 4 + (size_t{len} + 3) / 4 * 4);
  return value;
}

struct StatusName {
  uint32_t status;
  std::string_view name;
};

constexpr auto kStatuses = std::to_array<StatusName>({
    {0, "OK"},
    {1, "ERR_PERM"},
    {2, "ERR_NOENT"},
    {5, "ERR_IO"},
    {6, "ERR_NXIO"},
    {13, "ERR_ACCES"},
    {17, "ERR_EXIST"},
    {18, "ERR_XDEV"},
    {19, "ERR_NODEV"},
    {20, "ERR_NOTDIR"},
    {21, "ERR_ISDIR"},
    {22, "ERR_INVAL"},
    {27, "ERR_FBIG"},
    {28, "ERR_NOSPC"},
    {30, "ERR_ROFS"},
    {31, "ERR_MLINK"},
    {63, "ERR_NAMETOOLONG"},
    {66, "ERR_NOTEMPTY"},
    {69, "ERR_DQUOT"},
    {70, "ERR_STALE"},
    {71, "ERR_REMOTE"},
    {10001, "ERR_BADHANDLE"},
    {10002, "ERR_NOT_SYNC"},
    {10003, "ERR_BAD_COOKIE"},
    {10004, "ERR_NOTSUPP"},
    {10005, "ERR_TOOSMALL"},
    {10006, "ERR_SERVERFAULT"},
    {10007, "ERR_BADTYPE"},
    {10008, "ERR_JUKEBOX"},
});

constexpr auto kProcedures = std::to_array<std::string_view>(
    {"NULL",    "GETATTR",     "SETATTR", "LOOKUP", "ACCESS",   "READLINK", "READ",   "WRITE",
     "CREATE",  "MKDIR",       "SYMLINK", "MKNOD",  "REMOVE",   "RMDIR",    "RENAME", "LINK",
     "READDIR", "READDIRPLUS", "FSSTAT",  "FSINFO", "PATHCONF", "COMMIT"});

}  // namespace

std::optional<RpcCall> parse_rpc_call(Bytes bytes) noexcept {
  constexpr size_t kCredentials = 24;
  constexpr uint32_t kCall = 0, kVersion = 2;
  if (bytes.size() < kCredentials || be32(bytes, 4) != kCall || be32(bytes, 8) != kVersion)
    return {};
  const size_t verifier = behind_auth(bytes, kCredentials);
  const size_t arguments = verifier == 0 ? 0 : behind_auth(bytes, verifier);
  if (arguments == 0) return {};
  return RpcCall{.xid = be32(bytes, 0),
                 .program = be32(bytes, 12),
                 .version = be32(bytes, 16),
                 .procedure = be32(bytes, 20),
                 .arguments = bytes.subspan(arguments)};
}

std::optional<RpcReply> parse_rpc_reply(Bytes bytes) noexcept {
  constexpr uint32_t kReply = 1, kAccepted = 0, kSuccess = 0;
  constexpr size_t kVerifier = 12;
  if (bytes.size() < kVerifier || be32(bytes, 4) != kReply || be32(bytes, 8) > 1) return {};
  RpcReply reply{.xid = be32(bytes, 0)};
  if (be32(bytes, 8) != kAccepted) return reply;
  const size_t status = behind_auth(bytes, kVerifier);
  if (status == 0 || bytes.size() < status + 4) return {};
  reply.is_accepted = be32(bytes, status) == kSuccess;
  reply.results = bytes.subspan(status + 4);
  return reply;
}

std::string_view nfs3_filename(const RpcCall& call) noexcept {
  constexpr uint32_t kLookup = 3, kCreate = 8, kRename = 14;
  const bool named =
      call.procedure == kLookup || (call.procedure >= kCreate && call.procedure <= kRename);
  if (call.version != 3 || !named) return {};
  size_t at = 0;
  if (take_opaque(call.arguments, at).empty()) return {};  // the directory's handle
  return text_of(take_opaque(call.arguments, at));
}

std::string_view nfs3_procedure_text(uint32_t procedure) noexcept {
  return procedure < kProcedures.size() ? kProcedures[procedure] : "UNKNOWN";
}

std::string_view nfs3_status_text(uint32_t status) noexcept {
  const auto found = std::find_if(kStatuses.begin(), kStatuses.end(),
                                  [&](const StatusName& one) { return one.status == status; });
  return found == kStatuses.end() ? "UNKNOWN" : found->name;
}

}  // namespace pktana::app::enterprise
