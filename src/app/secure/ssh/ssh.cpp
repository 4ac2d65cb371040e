// SPDX-License-Identifier: Apache-2.0
#include "app/secure/ssh/ssh.h"

#include <algorithm>
#include <string>

#include "app/secure/digest.h"
#include "app/secure/ssh/ssh_messages.h"

namespace pktana::app::secure {
namespace {

constexpr size_t kMaxPreBanner = 8192;  // lines of a server before its identification
constexpr unsigned kMaxPackets = 8;     // before KEXINIT, which should be the first
constexpr uint64_t kSkipAll = uint64_t{1} << 40;

struct Side {
  std::string protocol;
  std::string software;
  std::string hassh;
  size_t pre_banner = 0;
  unsigned packets = 0;
  bool finished = false;  // has nothing more to say in clear
};

// The state of one flow; the flow's initiator is taken for the client.
class Ssh {
 public:
  pktana_step on_chunk(Flow flow, const Chunk& chunk) noexcept {
    Side& side = side_[chunk.direction];
    last_ns_ = chunk.ts_ns;
    uint64_t consumed = 0;
    uint64_t need = 0;
    while (!side.finished && need == 0 && consumed < chunk.bytes.size()) {
      const Bytes bytes = chunk.bytes.subspan(static_cast<size_t>(consumed));
      if (side.protocol.empty())
        take_line(side, bytes, consumed, need);
      else
        take_packet(flow, chunk.direction, bytes, consumed, need);
    }
    if (side_[0].finished && side_[1].finished) return kDone;  // on_end tells
    return side.finished ? more(kSkipAll) : more(consumed, need);
  }
  pktana_step on_gap(Flow, uint8_t direction, uint64_t) noexcept {
    side_[direction].finished = true;
    return side_[1 - direction].finished ? kDone : more(0);
  }
  void on_end(Flow flow, int64_t ts_ns) noexcept {
    if (!flow.wants("ssh") || (side_[0].protocol.empty() && side_[1].protocol.empty())) return;
    Event event = flow.event("ssh", PKTANA_TO_SERVER, last_ns_ != 0 ? last_ns_ : ts_ns);
    put_side(event, "client", side_[PKTANA_TO_SERVER]);
    put_side(event, "server", side_[PKTANA_TO_CLIENT]);
  }

 private:
  void take_line(Side& side, Bytes bytes, uint64_t& consumed, uint64_t& need) {
    const std::string_view text = text_of(bytes);
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) {
      need = bytes.size() + 1;
      side.finished = bytes.size() > kMaxSshLine;
      return;
    }
    std::string_view line = text.substr(0, end);
    consumed += end + 1;
    side.pre_banner += end + 1;
    while (line.ends_with('\r'))
      line.remove_suffix(1);
    const auto banner = parse_ssh_banner(line);
    if (banner) {
      side.protocol = banner->protocol;
      side.software = banner->software;
      side.finished = !speaks_ssh2(side.protocol);
    } else {
      side.finished = side.pre_banner > kMaxPreBanner;
    }
  }

  void take_packet(Flow flow, uint8_t direction, Bytes bytes, uint64_t& consumed, uint64_t& need) {
    Side& side = side_[direction];
    constexpr size_t kPacketHeader = 6;
    if (bytes.size() < kPacketHeader) {
      need = kPacketHeader;
      return;
    }
    const auto packet = parse_ssh_packet(bytes);
    if (!packet || side.packets >= kMaxPackets) {
      side.finished = true;
      return;
    }
    if (!packet->whole) {
      need = packet->bytes;
      return;
    }
    ++side.packets;
    consumed += packet->bytes;
    if (packet->type != kSshKexInit) return;
    const bool server = direction == PKTANA_TO_CLIENT;
    side.hassh = hassh_string(packet->body, server);
    side.finished = true;
    if (!side.hassh.empty())
      flow.set_fingerprint(server ? "hassh_server" : "hassh", to_hex(md5(bytes_of(side.hassh))));
  }

  static void put_side(Fields& event, const char* key, const Side& side) {
    if (side.protocol.empty()) return;
    Object object = event.object(key);
    object.text("proto_version", side.protocol);
    object.text("software_version", side.software);
    if (side.hassh.empty()) return;
    Object hassh = object.object("hassh");
    hassh.text("hash", to_hex(md5(bytes_of(side.hassh))));
    hassh.text("string", side.hassh);
  }

  Side side_[2];
  int64_t last_ns_ = 0;
};

bool is_printable(Bytes bytes) noexcept {
  return std::ranges::all_of(
      bytes, [](uint8_t c) { return (c >= 32 && c < 127) || c == '\r' || c == '\n' || c == '\t'; });
}

pktana_match probe_ssh(const pktana_probe* raw) {
  constexpr std::string_view kPrefix = "SSH-";
  const Probe probe(*raw);
  const std::string_view text = text_of(probe.latest());
  if (text.starts_with(kPrefix) && text.size() > kPrefix.size())
    return text[kPrefix.size()] == '1' || text[kPrefix.size()] == '2' ? PKTANA_YES : PKTANA_NO;
  if (kPrefix.starts_with(text.substr(0, kPrefix.size()))) return PKTANA_MAYBE;
  // A server may say lines before it names itself; its client may not.
  if (probe.direction() != PKTANA_TO_CLIENT || !probe.to_server().empty()) return PKTANA_NO;
  if (text.find("\nSSH-2.0-") != std::string_view::npos) return PKTANA_YES;
  return is_printable(probe.latest()) ? PKTANA_MAYBE : PKTANA_NO;
}

constexpr const char* kEvents[] = {"ssh", nullptr};
constexpr uint16_t kPorts[] = {22, 2222, 830, 0};

}  // namespace

constinit const pktana_dissector kSsh = dissector_of<Ssh>({.name = "ssh",
                                                           .events = kEvents,
                                                           .tcp_ports = kPorts,
                                                           .protocols = PKTANA_ON_TCP,
                                                           .flags = PKTANA_SETS_ATTRIBUTES,
                                                           .priority = 30},
                                                          probe_ssh);

}  // namespace pktana::app::secure
