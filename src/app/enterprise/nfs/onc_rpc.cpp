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

/// The first opaque of a call's arguments or of results.
Bytes first_opaque(Bytes bytes, size_t at = 0) noexcept { return take_opaque(bytes, at); }

/// @param body  of an opaque_auth, which is whole.
RpcCredentials read_credentials(uint32_t flavour, Bytes body) noexcept {
  constexpr uint32_t kUnix = 1;
  constexpr size_t kStamp = 4;
  RpcCredentials out{.flavour = flavour};
  size_t at = kStamp;
  if (flavour != kUnix || body.size() < kStamp) return out;
  out.machine = take_opaque(body, at);
  if (body.size() < at + 8) return out;
  out.uid = be32(body, at);
  out.gid = be32(body, at + 4);
  return out;
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
  return RpcCall{
      .xid = be32(bytes, 0),
      .program = be32(bytes, 12),
      .version = be32(bytes, 16),
      .procedure = be32(bytes, 20),
      .credentials = read_credentials(be32(bytes, kCredentials),
                                      bytes.subspan(kCredentials + 8, verifier - kCredentials - 8)),
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

NfsRename nfs3_rename(const RpcCall& call) noexcept {
  size_t at = 0;
  NfsRename names;
  if (take_opaque(call.arguments, at).empty()) return {};
  names.from = text_of(take_opaque(call.arguments, at));
  if (take_opaque(call.arguments, at).empty()) return {};
  names.to = text_of(take_opaque(call.arguments, at));
  return names;
}

Bytes nfs3_handle(const RpcCall& call) noexcept {
  constexpr uint32_t kNull = 0, kFsstat = 18, kPathconf = 20;
  const bool has_none =
      call.procedure == kNull || (call.procedure >= kFsstat && call.procedure <= kPathconf);
  return has_none ? Bytes{} : first_opaque(call.arguments);
}

Bytes nfs3_new_handle(uint32_t procedure, Bytes results) noexcept {
  constexpr uint32_t kLookup = 3, kCreate = 8, kMknod = 11;
  constexpr size_t kStatus = 4, kFollows = 4;
  if (results.size() < kStatus + kFollows || be32(results, 0) != 0) return {};
  if (procedure == kLookup) return first_opaque(results, kStatus);
  const bool makes = procedure >= kCreate && procedure <= kMknod;
  if (!makes || be32(results, kStatus) != 1) return {};
  return first_opaque(results, kStatus + kFollows);
}

uint32_t nfs_handle_hash(Bytes handle) noexcept {
  constexpr uint32_t kPolynomial = 0xedb88320;
  uint32_t crc = ~uint32_t{0};
  for (const uint8_t byte : handle) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit)
      crc = (crc & 1) != 0 ? crc >> 1 ^ kPolynomial : crc >> 1;
  }
  return ~crc;
}

std::string_view rpc_flavour_text(uint32_t flavour) noexcept {
  constexpr auto kNames =
      std::to_array<std::string_view>({"NULL", "UNIX", "SHORT", "DES", "KERB", "RSA", "GSS"});
  return flavour < kNames.size() ? kNames[flavour] : "UNKNOWN";
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
