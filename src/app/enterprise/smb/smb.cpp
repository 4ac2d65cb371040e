// SPDX-License-Identifier: Apache-2.0
// SMB 1, 2 and 3 over TCP (RFC 1001 session packets): frames to messages, and the probes for SMB
// and for the NetBIOS session request that may come before it.
#include <algorithm>

#include "app/enterprise/enterprise.h"
#include "app/enterprise/probing.h"
#include "app/enterprise/smb/smb_conversation.h"

namespace pktana::app::enterprise {
namespace {

constexpr size_t kFrameHeader = 4;
constexpr uint8_t kMessage = 0x00, kSessionRequest = 0x81, kPositive = 0x82, kKeepAlive = 0x85;

/// Session packets of one connection. Of each message the first 4 KiB are looked at; the rest, most
/// of it file content, is skipped.
class Smb {
 public:
  pktana_step on_chunk(Flow flow, const Chunk& chunk) noexcept {
    constexpr size_t kLook = 4096;
    if (chunk.bytes.size() < kFrameHeader) return more(0, kFrameHeader);
    const uint8_t type = chunk.bytes[0];
    const size_t whole = kFrameHeader + be24(chunk.bytes, 1);
    if (type != kMessage)
      return type >= kSessionRequest && type <= kKeepAlive ? more(whole) : kDone;
    const size_t needed = std::min(whole, kFrameHeader + kLook);
    if (chunk.bytes.size() < needed && !chunk.ended) return more(0, needed);
    const size_t here = std::min(whole, chunk.bytes.size());
    conversation_.on_message(flow, chunk, chunk.bytes.subspan(kFrameHeader, here - kFrameHeader));
    return more(whole);
  }

  void on_end(Flow flow, int64_t ts_ns) noexcept { conversation_.on_end(flow, ts_ns); }

 private:
  SmbConversation conversation_;
};

/// Session packet that holds a message of SMB 1, 2, or 3 (encrypted, compressed).
pktana_match smb_frame(Bytes bytes) noexcept {
  if (bytes[0] != kMessage) return PKTANA_NO;
  if (bytes.size() < kFrameHeader + 4) return PKTANA_MAYBE;
  const uint8_t mark = bytes[kFrameHeader];
  return be24(bytes, 1) >= 32 && mark >= 0xfc &&
                 text_of(bytes.subspan(kFrameHeader + 1, 3)) == "SMB"
             ? PKTANA_YES
             : PKTANA_NO;
}

pktana_match smb(const Probe& probe) noexcept { return either(probe, smb_frame); }

/// The NetBIOS session request is over when the server accepts; what follows is somebody else's.
class NetbiosSession {
 public:
  pktana_step on_chunk(Flow flow, const Chunk& chunk) noexcept {
    if (chunk.bytes.size() < kFrameHeader) return wait_for(chunk, kFrameHeader);
    const size_t whole = kFrameHeader + be16(chunk.bytes, 2);
    if (chunk.bytes[0] == kSessionRequest) return more(whole);
    if (chunk.bytes[0] != kPositive) return chunk.direction == PKTANA_TO_CLIENT ? kDone : more(0);
    flow.change_protocol(nullptr);
    return change(whole);
  }
};

/// Session request (RFC 1002 section 4.3.2): two names of 32 letters A to P.
pktana_match netbios_session(const Probe& probe) noexcept {
  constexpr size_t kNames = 68, kName = 32;
  const Bytes bytes = probe.to_server();
  if (bytes.empty()) return probe.to_client().empty() ? PKTANA_MAYBE : PKTANA_NO;
  if (bytes[0] != kSessionRequest || (bytes.size() > 1 && bytes[1] > 1)) return PKTANA_NO;
  if (bytes.size() < kFrameHeader + 1 + kName) return PKTANA_MAYBE;
  const Bytes name = bytes.subspan(kFrameHeader + 1, kName);
  return be16(bytes, 2) >= kNames && bytes[kFrameHeader] == kName &&
                 std::all_of(name.begin(), name.end(),
                             [](uint8_t byte) { return byte >= 'A' && byte <= 'P'; })
             ? PKTANA_YES
             : PKTANA_NO;
}

constexpr uint16_t kSmbPorts[] = {445, 139, 0};
constexpr uint16_t kSessionPorts[] = {139, 0};
constexpr const char* kEvents[] = {SmbConversation::kEvent, nullptr};

}  // namespace

const pktana_dissector kSmb =
    dissector_of<Smb>({.name = "smb", .events = kEvents, .tcp_ports = kSmbPorts}, probed<smb>);
const pktana_dissector kNetbiosSession = dissector_of<NetbiosSession>(
    {.name = "netbios-ssn", .tcp_ports = kSessionPorts, .flags = PKTANA_SETS_ATTRIBUTES},
    probed<netbios_session>);

}  // namespace pktana::app::enterprise
