// SPDX-License-Identifier: Apache-2.0
// NFS over TCP and UDP: one nfs event for each call of version 3 that is answered and names
// something; other versions, and other programs of ONC RPC ("sunrpc"), are recognised only.
#include <algorithm>
#include <string>
#include <vector>

#include "app/enterprise/enterprise.h"
#include "app/enterprise/nfs/onc_rpc.h"
#include "app/enterprise/probing.h"
#include "app/internet/text.h"

namespace pktana::app::enterprise {
namespace {

constexpr const char* kEvent = "nfs";
constexpr size_t kMark = 4;     ///< record mark in TCP: last fragment, length (RFC 5531 section 11)
constexpr size_t kLook = 1024;  ///< of each record; the rest is file content
constexpr size_t kMaxOpen = 64;
constexpr size_t kMaxNames = 64;

class Nfs {
 public:
  pktana_step on_chunk(Flow flow, const Chunk& chunk) noexcept {
    if (flow.info().protocol == PKTANA_UDP) {
      take(flow, chunk, chunk.bytes);
      return more(0);
    }
    constexpr uint32_t kLength = 0x7fffffff;
    if (chunk.bytes.size() < kMark) return wait_for(chunk, kMark);
    const size_t whole = kMark + (be32(chunk.bytes, 0) & kLength);
    const size_t needed = std::min(whole, kMark + kLook);
    if (chunk.bytes.size() < needed && !chunk.ended) return more(0, needed);
    const size_t here = std::min(needed, chunk.bytes.size());
    take(flow, chunk, chunk.bytes.subspan(kMark, here - kMark));
    return more(whole);
  }

 private:
  struct Open {
    uint32_t xid = 0, version = 0, procedure = 0;
    uint64_t id = 0;
    uint8_t direction = PKTANA_TO_SERVER;
    std::string filename = {}, rename_from = {}, rename_to = {};
    bool has_handle = false;
    uint32_t handle = 0;
    RpcCredentials credentials = {};  ///< without `machine`
    std::string machine = {};
  };
  /// A name that the flow has shown for a handle.
  struct KnownName {
    uint32_t handle;
    std::string name;
  };

  /// What is asked all the time and tells nothing.
  static bool is_noise(uint32_t procedure) noexcept {
    constexpr uint32_t kGetattr = 1, kRead = 6, kWrite = 7, kCommit = 21;
    return procedure == kGetattr || procedure == kRead || procedure == kWrite ||
           procedure == kCommit;
  }

  void take(const Flow& flow, const Chunk& chunk, Bytes record) noexcept {
    if (const auto call = parse_rpc_call(record)) {
      ++calls_;
      if (call->program != kRpcNfs || call->version != 3) return;
      if (is_noise(call->procedure)) return;
      if (open_.size() == kMaxOpen) open_.erase(open_.begin());
      open_.push_back(opened(*call, chunk.direction));
    } else if (const auto reply = parse_rpc_reply(record)) {
      const auto open = std::find_if(open_.begin(), open_.end(),
                                     [&](const Open& one) { return one.xid == reply->xid; });
      if (open == open_.end()) return;
      if (reply->is_accepted) show(flow, *open, *reply, chunk.ts_ns);
      learn(nfs3_new_handle(open->procedure, reply->results), open->filename);
      open_.erase(open);
    }
  }

  [[nodiscard]] Open opened(const RpcCall& call, uint8_t direction) const noexcept {
    constexpr uint32_t kRename = 14;
    Open open{
        .xid = call.xid,
        .version = call.version,
        .procedure = call.procedure,
        .id = calls_,
        .direction = direction,
        .filename = std::string(nfs3_filename(call)),
        .credentials = {call.credentials.flavour, {}, call.credentials.uid, call.credentials.gid},
        .machine = std::string(text_of(call.credentials.machine))};
    const Bytes handle = nfs3_handle(call);
    open.has_handle = !handle.empty();
    open.handle = nfs_handle_hash(handle);
    if (open.filename.empty() && open.has_handle) open.filename = name_of(open.handle);
    if (call.procedure != kRename) return open;
    const NfsRename names = nfs3_rename(call);
    open.rename_from = names.from;
    open.rename_to = names.to;
    return open;
  }

  [[nodiscard]] std::string name_of(uint32_t handle) const noexcept {
    const auto known = std::find_if(names_.begin(), names_.end(),
                                    [&](const KnownName& one) { return one.handle == handle; });
    return known == names_.end() ? std::string() : known->name;
  }

  void learn(Bytes handle, const std::string& name) noexcept {
    if (handle.empty() || name.empty()) return;
    const uint32_t hash = nfs_handle_hash(handle);
    std::erase_if(names_, [&](const KnownName& one) { return one.handle == hash; });
    if (names_.size() == kMaxNames) names_.erase(names_.begin());
    names_.push_back({hash, name});
  }

  static void show(const Flow& flow, const Open& open, const RpcReply& reply,
                   int64_t ts_ns) noexcept {
    if (!flow.wants(kEvent)) return;
    Event event = flow.event(kEvent, open.direction, ts_ns);
    event.number("version", open.version);
    event.text("procedure", nfs3_procedure_text(open.procedure));
    event.text("filename", open.filename);
    if (open.has_handle) event.text("hhash", internet::short_hex(open.handle).view());
    event.number("id", open.id);
    event.flag("file_tx", false);
    event.text("type", "response");
    const uint32_t status = reply.results.size() < 4 ? 0 : be32(reply.results, 0);
    event.text("status", nfs3_status_text(status));
    if (!open.rename_from.empty()) {
      Object rename = event.object("rename");
      rename.text("from", open.rename_from);
      rename.text("to", open.rename_to);
    }
    show_rpc(event, open);
  }

  /// Only answers that were accepted are told.
  static void show_rpc(Event& event, const Open& open) noexcept {
    Object rpc = event.object_beside("rpc");
    rpc.number("xid", open.xid);
    rpc.text("status", "ACCEPTED");
    rpc.text("auth_type", rpc_flavour_text(open.credentials.flavour));
    if (!open.credentials.is_unix()) return;
    Object creds = rpc.object("creds");
    creds.text("machine_name", open.machine);
    creds.number("uid", open.credentials.uid);
    creds.number("gid", open.credentials.gid);
  }

  std::vector<KnownName> names_;  ///< oldest first
  std::vector<Open> open_;
  uint64_t calls_ = 0;
};

/// @param is_nfs  whether NFS is asked for, or any of the other programs.
pktana_match call_in(Bytes bytes, bool is_nfs) noexcept {
  constexpr size_t kProgram = 12, kLeast = 40;
  constexpr uint32_t kFirstProgram = 100000, kLastProgram = 400000;
  if (bytes.size() < kLeast) return PKTANA_MAYBE;
  if (be32(bytes, 4) != 0 || be32(bytes, 8) != 2) return PKTANA_NO;
  const uint32_t program = be32(bytes, kProgram);
  if (program < kFirstProgram || program > kLastProgram || be32(bytes, kProgram + 4) > 100 ||
      be32(bytes, kProgram + 8) > 1000)
    return PKTANA_NO;
  if ((program == kRpcNfs) != is_nfs) return PKTANA_NO;
  if (parse_rpc_call(bytes)) return PKTANA_YES;
  // Credentials and verifier may not be all there yet.
  constexpr size_t kCredentialsLen = 28, kMaxAuth = 400;
  const uint32_t len = be32(bytes, kCredentialsLen);
  const bool is_short = bytes.size() < kCredentialsLen + 4 + len + 8 + kMaxAuth;
  return len <= kMaxAuth && is_short ? PKTANA_MAYBE : PKTANA_NO;
}

/// A record mark, and a call that is not longer.
template <bool kIsNfs>
pktana_match record(Bytes bytes) noexcept {
  constexpr uint32_t kLast = 0x80000000, kMaxRecord = 0x400000;
  if (bytes.size() <= kMark) return PKTANA_MAYBE;
  const uint32_t mark = be32(bytes, 0);
  const uint32_t len = mark & ~kLast;
  if ((mark & kLast) == 0 || len < 40 || len > kMaxRecord) return PKTANA_NO;
  return call_in(bytes.subspan(kMark), kIsNfs);
}

template <bool kIsNfs>
pktana_match rpc(const Probe& probe) noexcept {
  if (probe.is_tcp()) return either(probe, record<kIsNfs>);
  return call_in(probe.latest(), kIsNfs) == PKTANA_YES ? PKTANA_YES : PKTANA_NO;
}

constexpr uint16_t kNfsPorts[] = {2049, 0};
constexpr uint16_t kRpcPorts[] = {111, 0};
constexpr const char* kEvents[] = {kEvent, nullptr};
constexpr uint32_t kOnBoth = PKTANA_ON_TCP | PKTANA_ON_UDP;

}  // namespace

const pktana_dissector kNfs = dissector_of<Nfs>({.name = "nfs",
                                                 .events = kEvents,
                                                 .tcp_ports = kNfsPorts,
                                                 .udp_ports = kNfsPorts,
                                                 .protocols = kOnBoth},
                                                probed<rpc<true>>);
const pktana_dissector kSunrpc = recogniser(
    {.name = "sunrpc", .tcp_ports = kRpcPorts, .udp_ports = kRpcPorts, .protocols = kOnBoth},
    probed<rpc<false>>);

}  // namespace pktana::app::enterprise
