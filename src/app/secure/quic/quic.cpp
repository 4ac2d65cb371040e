// SPDX-License-Identifier: Apache-2.0
#include "app/secure/quic/quic.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include "app/secure/digest.h"
#include "app/secure/quic/google_hello.h"
#include "app/secure/quic/quic_event.h"
#include "app/secure/quic/quic_frames.h"
#include "app/secure/quic/quic_keys.h"
#include "app/secure/quic/quic_packet.h"
#include "app/secure/tls/fingerprint.h"
#include "app/secure/vpn/vpn.h"
#include "base/bytes.h"

namespace pktana::app::secure {
namespace {

constexpr unsigned kMaxDatagrams = 64;   // looked at for the hellos
constexpr unsigned kMaxPackets = 16;     // of a datagram
constexpr unsigned kMaxDerivations = 8;  // of keys; each costs some 20 us
constexpr uint32_t kMaxHello = 65536;    // bytes of handshake kept of each side
constexpr unsigned kMaxShort = 8;        // packets with a short header that prove the flow
constexpr size_t kMinShort = 21;         // bytes of the smallest such packet
constexpr uint8_t kClientHelloType = 1;
constexpr uint8_t kServerHelloType = 2;

// What is needed until the hellos are read.
struct Work {
  QuicInitialKeys keys;
  std::array<uint8_t, kMaxQuicId> id{};  // that the keys are made of
  size_t id_bytes = 0;
  uint32_t version = 0;  // and their salt
  bool has_keys = false;
  unsigned derivations = 0;
  RangeBuffer from_client{kMaxHello};
  RangeBuffer from_server{kMaxHello};
};

// A flow that begins in the middle, with short headers (RFC 9000 section 17.3): form and fixed bit
// must be right, the rest of the first byte vary, since it is masked, and one side's connection id
// repeat, or many packets be right.
class ShortHeaders {
 public:
  enum class Finding { Open, Proven, Refuted };
  [[nodiscard]] static bool fits(Bytes datagram) noexcept {
    if (datagram.size() < kMinShort || (datagram[0] & 0xC0) != 0x40) return false;
    return !looks_like_openvpn_reset(datagram);  // a server's answer begins alike
  }
  [[nodiscard]] Finding take(uint8_t direction, Bytes datagram) noexcept {
    if (!fits(datagram)) return Finding::Refuted;
    const auto id = base::load_raw<uint64_t>(datagram.data() + 1);
    varied_ = varied_ || (count_ > 0 && datagram[0] != first_);
    repeated_ = repeated_ || (seen_[direction] && id == id_[direction]);
    first_ = datagram[0];
    id_[direction] = id;
    seen_[direction] = true;
    ++count_;
    if (varied_ && (repeated_ || count_ >= kMaxShort)) return Finding::Proven;
    return count_ >= kMaxShort ? Finding::Refuted : Finding::Open;
  }

 private:
  uint64_t id_[2] = {};
  bool seen_[2] = {};
  bool varied_ = false;
  bool repeated_ = false;
  uint8_t first_ = 0;
  unsigned count_ = 0;
};

// The state of one flow. Which end is the client follows from whose keys open its packets.
class Quic {
 public:
  pktana_step on_chunk(Flow flow, const Chunk& chunk) noexcept;
  void on_end(Flow flow, int64_t ts_ns) noexcept {
    if (!told_ && version_ != 0 && flow.wants("quic"))
      flow.event("quic", PKTANA_TO_SERVER, ts_ns).text("version", quic_version_text(version_));
  }

 private:
  void take_packet(const Chunk& chunk, const QuicPacket& packet);
  Bytes open(uint8_t direction, const QuicPacket& packet);
  bool derive(const QuicPacket& packet);
  void follow_version(uint32_t version);
  void take_client_stream(Flow flow, const Chunk& chunk);
  void take_server_stream(Flow flow, const Chunk& chunk);
  void tell_google_hello(Flow flow, const Chunk& chunk, const GoogleHello& hello);

  std::unique_ptr<Work> work_;
  ShortHeaders short_;
  uint32_t version_ = 0;
  unsigned datagrams_ = 0;
  uint8_t client_direction_ = PKTANA_TO_SERVER;
  bool client_known_ = false;
  bool has_long_header_ = false;
  bool has_client_hello_ = false;
  bool has_server_hello_ = false;
  bool finished_ = false;
  bool told_ = false;
};

// The body of the next handshake message; nothing if it is not whole or another one.
std::optional<Bytes> next_message(Reader& stream, uint8_t type) noexcept {
  const uint8_t actual = stream.u8();
  const Bytes body = stream.vector24();
  if (!stream.ok() || actual != type) return std::nullopt;
  return body;
}

std::optional<ServerHello> next_server_hello(Reader& stream) noexcept {
  const auto body = next_message(stream, kServerHelloType);
  return body ? parse_server_hello(*body) : std::nullopt;
}

pktana_step Quic::on_chunk(Flow flow, const Chunk& chunk) noexcept {
  if (++datagrams_ > kMaxDatagrams) return kDone;
  Reader datagram(chunk.bytes);
  for (unsigned i = 0; i < kMaxPackets; ++i) {
    const auto packet = next_quic_packet(datagram);
    if (!packet) break;
    has_long_header_ = true;
    if (packet->version != 0) version_ = packet->version;
    if (packet->type == QuicType::Initial) take_packet(chunk, *packet);
  }
  if (work_) {
    take_client_stream(flow, chunk);
    take_server_stream(flow, chunk);
    finished_ = has_client_hello_ && has_server_hello_;
  }
  const auto google = parse_google_quic(chunk.bytes);
  if (google && !knows_quic_version(google->version)) {
    version_ = google->version;
    if (const auto hello = find_google_hello(google->payload))
      tell_google_hello(flow, chunk, *hello);
  }
  if (version_ == 0 && !has_long_header_) {
    const auto finding = short_.take(chunk.direction, chunk.bytes);
    if (finding == ShortHeaders::Finding::Refuted) return kReject;
    if (finding == ShortHeaders::Finding::Proven) return kDone;
  }
  return finished_ ? kDone : more(0);
}

bool Quic::derive(const QuicPacket& packet) {
  Work& work = *work_;
  const Bytes id = packet.destination_id;
  const bool same = work.has_keys && std::ranges::equal(id, Bytes(work.id).first(work.id_bytes));
  if (same || work.derivations >= kMaxDerivations) return false;
  ++work.derivations;
  QuicInitialKeys keys;
  if (!derive_initial_keys(packet.version, id, keys)) return false;
  if (open_initial(packet, keys.client).empty()) return false;
  work.keys = keys;
  work.id_bytes = id.size();
  std::ranges::copy(id, work.id.begin());
  work.version = packet.version;
  work.has_keys = true;
  return true;
}

// The server may answer in another version, with that one's salt (RFC 9368 section 2.3).
void Quic::follow_version(uint32_t version) {
  Work& work = *work_;
  if (version == work.version || work.derivations >= kMaxDerivations) return;
  ++work.derivations;
  QuicInitialKeys keys;
  if (!derive_initial_keys(version, Bytes(work.id).first(work.id_bytes), keys)) return;
  work.keys = keys;
  work.version = version;
}

Bytes Quic::open(uint8_t direction, const QuicPacket& packet) {
  Work& work = *work_;
  if (work.has_keys) {
    follow_version(packet.version);
    const bool client = direction == client_direction_;
    const Bytes plain = open_initial(packet, client ? work.keys.client : work.keys.server);
    if (!plain.empty() || !client) return plain;
  }
  // The client's first packet; or its first one behind a Retry or another choice of version.
  if (!derive(packet)) return {};
  if (client_known_) work.from_client.clear();
  client_known_ = true;
  client_direction_ = direction;
  return open_initial(packet, work.keys.client);
}

void Quic::take_packet(const Chunk& chunk, const QuicPacket& packet) {
  if (!work_) work_ = std::make_unique<Work>();
  const Bytes plain = open(chunk.direction, packet);
  if (plain.empty()) return;
  const bool client = chunk.direction == client_direction_;
  collect_crypto(plain, client ? work_->from_client : work_->from_server);
}

void Quic::take_client_stream(Flow flow, const Chunk& chunk) {
  if (has_client_hello_) return;
  if (const auto google = find_google_hello(work_->from_client.contiguous())) {
    tell_google_hello(flow, chunk, *google);
    return;
  }
  Reader stream(work_->from_client.contiguous());
  const auto body = next_message(stream, kClientHelloType);
  const auto hello = body ? parse_client_hello(*body, false) : std::nullopt;
  if (!hello) return;
  has_client_hello_ = true;
  const std::string_view name = text_of(hello->server_name);
  const std::string ja3 = ja3_string(*hello);
  const std::string hash = ja3_hash(ja3);
  const std::string ja4 = ja4_string(*hello, 'q');
  if (!name.empty()) flow.set_name(name, PKTANA_NAME_QUIC_SNI);
  flow.set_fingerprint("ja3", hash);
  flow.set_fingerprint("ja4", ja4);
  if (hello->has_ech) flow.set_fingerprint("ech", "outer");
  if (!flow.wants("quic")) return;
  told_ = true;
  Event event = flow.event("quic", chunk.direction, chunk.ts_ns);
  event.text("version", quic_version_text(version_));
  event.text_if("sni", name);
  {
    Object object = event.object("ja3");
    object.text("hash", hash);
    object.text("string", ja3);
  }
  event.text("ja4", ja4);
  put_quic_extensions(event, hello->extensions, true);
}

void Quic::take_server_stream(Flow flow, const Chunk& chunk) {
  if (has_server_hello_) return;
  Reader stream(work_->from_server.contiguous());
  auto hello = next_server_hello(stream);
  if (hello && hello->retry) hello = next_server_hello(stream);
  if (!hello || hello->retry) return;
  has_server_hello_ = true;
  const std::string ja3s = ja3s_string(*hello);
  const std::string hash = ja3_hash(ja3s);
  flow.set_fingerprint("ja3s", hash);
  if (!flow.wants("quic")) return;
  told_ = true;
  Event event = flow.event("quic", chunk.direction, chunk.ts_ns);
  event.text("version", quic_version_text(version_));
  {
    Object object = event.object("ja3s");
    object.text("hash", hash);
    object.text("string", ja3s);
  }
  put_quic_extensions(event, hello->extensions, false);
}

void Quic::tell_google_hello(Flow flow, const Chunk& chunk, const GoogleHello& hello) {
  has_client_hello_ = has_server_hello_ = finished_ = true;
  if (!hello.server_name.empty()) flow.set_name(hello.server_name, PKTANA_NAME_QUIC_SNI);
  if (!flow.wants("quic")) return;
  told_ = true;
  Event event = flow.event("quic", chunk.direction, chunk.ts_ns);
  event.text("version", quic_version_text(version_));
  event.text_if("sni", hello.server_name);
  event.text_if("ua", hello.user_agent);
  // The two digits of the version, then the tags.
  const std::string string =
      std::to_string((version_ >> 8 & 15) * 10 + (version_ & 15)) + ',' + hello.tags;
  Array list = event.array("cyu");
  Object cyu = list.object(nullptr);
  cyu.text("hash", to_hex(md5(bytes_of(string))));
  cyu.text("string", string);
}

pktana_match probe_quic(const pktana_probe* raw) {
  const Probe probe(*raw);
  Reader datagram(probe.latest());
  const auto packet = next_quic_packet(datagram);
  if (packet && packet->version != 0) return PKTANA_YES;
  if (packet) {  // version negotiation: one of the versions must be known
    Reader versions(
        packet->whole.subspan(7 + packet->destination_id.size() + packet->source_id.size()));
    while (versions.left() >= 4)
      if (knows_quic_version(versions.u32())) return PKTANA_YES;
    return PKTANA_NO;
  }
  if (parse_google_quic(probe.latest())) return PKTANA_YES;
  // Without a version only on its ports, and until on_chunk has seen more.
  return probe.hinted() && ShortHeaders::fits(probe.latest()) ? PKTANA_YES : PKTANA_NO;
}

constexpr const char* kEvents[] = {"quic", nullptr};
constexpr uint16_t kPorts[] = {443, 8443, 784, 853, 8853, 0};

}  // namespace

constinit const pktana_dissector kQuic = dissector_of<Quic>({.name = "quic",
                                                             .events = kEvents,
                                                             .udp_ports = kPorts,
                                                             .protocols = PKTANA_ON_UDP,
                                                             .flags = PKTANA_SETS_ATTRIBUTES,
                                                             .priority = 30},
                                                            probe_quic);

}  // namespace pktana::app::secure
