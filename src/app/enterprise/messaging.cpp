// SPDX-License-Identifier: Apache-2.0
// Recognition of message queues and chat: AMQP 0-9-1 and 1.0, Kafka, OpenWire, STOMP, ZMTP, NATS,
// CoAP, IRC, XMPP.
#include <array>

#include "app/enterprise/enterprise.h"
#include "app/enterprise/probing.h"

namespace pktana::app::enterprise {
namespace {

/// AMQP: "AMQP" and four numbers; or, picked up in the middle, a 0-9-1 frame of a known method.
pktana_match amqp_message(Bytes bytes) noexcept {
  constexpr size_t kFrameHeader = 7;
  constexpr uint8_t kFrameEnd = 0xce;
  constexpr uint8_t kMethodFrame = 1, kContentHeader = 2, kBody = 3, kHeartbeat = 8;
  if (bytes[0] == 'A') {
    const pktana_match match = begins_with(bytes, "AMQP");
    if (match != PKTANA_YES || bytes.size() < 8) return std::min(match, PKTANA_MAYBE);
    return bytes[4] <= 3 && bytes[5] <= 1 && bytes[6] <= 9 && bytes[7] <= 10 ? PKTANA_YES
                                                                             : PKTANA_NO;
  }
  const uint8_t type = bytes[0];
  if (type != kMethodFrame && type != kContentHeader && type != kBody && type != kHeartbeat)
    return PKTANA_NO;
  if (bytes.size() < kFrameHeader + 1) return PKTANA_MAYBE;
  const uint64_t len = be32(bytes, 3);
  if (len > 0x20000) return PKTANA_NO;
  const bool whole = bytes.size() > kFrameHeader + len;
  if (whole && bytes[kFrameHeader + len] != kFrameEnd) return PKTANA_NO;
  if (!whole) return bytes.size() < PKTANA_PROBE_BYTES ? PKTANA_MAYBE : PKTANA_NO;
  if (type == kHeartbeat) return len == 0 ? PKTANA_YES : PKTANA_NO;
  if (len < 4) return PKTANA_NO;
  const uint16_t group = be16(bytes, kFrameHeader);
  return group % 10 == 0 && group >= 10 && group <= 90 ? PKTANA_YES : PKTANA_NO;
}

pktana_match amqp(const Probe& probe) noexcept { return either(probe, amqp_message); }

/// Kafka request header: length, API key, its version, correlation id, client id.
pktana_match kafka_request(Bytes bytes) noexcept {
  constexpr size_t kHeader = 14;
  constexpr uint16_t kMaxKey = 80, kMaxVersion = 20, kMaxClientId = 256;
  if (bytes.size() < kHeader) return PKTANA_MAYBE;
  const uint32_t len = be32(bytes, 0);
  if (len < kHeader - 4 || len > 100'000'000) return PKTANA_NO;
  if (be16(bytes, 4) > kMaxKey || be16(bytes, 6) > kMaxVersion || be32(bytes, 8) > 0x7fffffff)
    return PKTANA_NO;
  const uint16_t id_len = be16(bytes, 12);
  if (id_len == 0xffff) return PKTANA_MAYBE;  // no client id: not enough to go by
  if (id_len == 0 || id_len > kMaxClientId || kHeader - 4u + id_len > len) return PKTANA_NO;
  const Bytes id = bytes.subspan(kHeader, std::min<size_t>(id_len, bytes.size() - kHeader));
  if (!all_printable(id)) return PKTANA_NO;
  return id.size() == id_len ? PKTANA_YES : PKTANA_MAYBE;
}

/// The answer repeats the correlation id.
bool kafka_answers(Bytes request, Bytes reply) noexcept {
  return reply.size() >= 8 && request.size() >= 12 && be32(reply, 4) == be32(request, 8);
}

pktana_match kafka(const Probe& probe) noexcept {
  for (const uint8_t side : kSides) {
    const Bytes request = probe.first(side);
    const Bytes reply = probe.first(other(side));
    const pktana_match match = request.empty() ? PKTANA_NO : kafka_request(request);
    if (match == PKTANA_NO) continue;
    if (!reply.empty() && reply.size() >= 8)
      return kafka_answers(request, reply) ? PKTANA_YES : PKTANA_NO;
    return probe.hinted() && reply.empty() ? match : PKTANA_MAYBE;
  }
  return PKTANA_NO;
}

/// OpenWire: length, type 1 (WIREFORMAT_INFO), "ActiveMQ", version.
pktana_match openwire_message(Bytes bytes) noexcept {
  constexpr size_t kMagic = 5;
  if (bytes.size() <= kMagic) return bytes[0] == 0 ? PKTANA_MAYBE : PKTANA_NO;
  if (be16(bytes, 0) != 0 || bytes[4] != 1) return PKTANA_NO;
  return begins_with(bytes.subspan(kMagic), "ActiveMQ");
}

pktana_match openwire(const Probe& probe) noexcept { return either(probe, openwire_message); }

/// STOMP: a command line, then header lines.
pktana_match stomp_message(Bytes bytes) noexcept {
  constexpr auto kCommands = std::to_array<std::string_view>(
      {"CONNECT\n", "CONNECT\r\n", "STOMP\n", "STOMP\r\n", "CONNECTED\n", "CONNECTED\r\n"});
  pktana_match best = PKTANA_NO;
  for (const std::string_view command : kCommands)
    best = std::max(best, begins_with(bytes, command));
  if (best != PKTANA_YES) return best;
  constexpr auto kHeaders = std::to_array<std::string_view>(
      {"accept-version:", "host:", "login:", "version:", "heart-beat:", "session:", "server:"});
  const std::string_view text = text_of(bytes);
  const std::string_view rest = text.substr(text.find('\n') + 1);
  pktana_match header = PKTANA_NO;
  for (const std::string_view name : kHeaders)
    header = std::max(header, begins_with(bytes.last(rest.size()), name));
  return header;
}

pktana_match stomp(const Probe& probe) noexcept { return either(probe, stomp_message); }

/// ZMTP greeting (23/ZMTP): signature ff, 8 bytes of padding or length, 7f; version 0 to 3.
pktana_match zmtp_greeting(Bytes bytes) noexcept {
  constexpr size_t kSignature = 10;
  if (bytes[0] != 0xff) return PKTANA_NO;
  if (bytes.size() < kSignature + 1) return PKTANA_MAYBE;
  if (bytes[9] != 0x7f || bytes[kSignature] > 3 || be32(bytes, 1) != 0) return PKTANA_NO;
  if (bytes[kSignature] < 3) return PKTANA_YES;
  if (bytes.size() < kSignature + 6) return PKTANA_MAYBE;
  const std::string_view mechanism = text_of(bytes.subspan(kSignature + 2, 4));
  return mechanism == "NULL" || mechanism == "PLAI" || mechanism == "CURV" || mechanism == "GSSA"
             ? PKTANA_YES
             : PKTANA_NO;
}

pktana_match zmtp(const Probe& probe) noexcept { return either(probe, zmtp_greeting); }

pktana_match nats_message(Bytes bytes) noexcept {
  return std::max(begins_with(bytes, "INFO {\"server_id\":"),
                  std::max(begins_with(bytes, "CONNECT {\"verbose\":"),
                           begins_with(bytes, "CONNECT {\"tls_required\":")));
}

pktana_match nats(const Probe& probe) noexcept { return either(probe, nats_message); }

struct CoapOptions {
  bool hold = false;      ///< they run to the payload marker or the end
  bool has_path = false;  ///< a Uri-Host or Uri-Path of printable text is among them
};

/// The options of a CoAP message (RFC 7252 section 3.1).
CoapOptions parse_coap_options(Bytes bytes) noexcept {
  constexpr unsigned kMaxOptions = 32;
  constexpr uint32_t kMaxNumber = 65000;
  constexpr uint8_t kMarker = 0xff;
  constexpr uint32_t kUriHost = 3, kUriPath = 11;
  CoapOptions out;
  uint32_t number = 0;
  size_t at = 0;
  for (unsigned i = 0; i < kMaxOptions && at < bytes.size(); ++i) {
    const uint8_t head = bytes[at++];
    if (head == kMarker) {
      out.hold = at < bytes.size();
      return out;
    }
    std::array<uint32_t, 2> parts = {uint32_t{head} >> 4, head & 0x0fu};
    for (uint32_t& part : parts) {
      if (part == 15) return out;
      const size_t extra = part == 13 ? 1 : part == 14 ? 2 : 0;
      if (bytes.size() - at < extra) return out;
      if (extra == 1) part = 13u + bytes[at];
      if (extra == 2) part = 269u + be16(bytes, at);
      at += extra;
    }
    number += parts[0];
    if (number == 0 || number > kMaxNumber || bytes.size() - at < parts[1]) return out;
    const Bytes value = bytes.subspan(at, parts[1]);
    const bool names = number == kUriHost || number == kUriPath;
    out.has_path = out.has_path || (names && !value.empty() && all_printable(value));
    at += parts[1];
  }
  out.hold = at == bytes.size();
  return out;
}

/// CoAP (RFC 7252 section 3): version 1, type, token length, a code that exists, options.
pktana_match coap(const Probe& probe) noexcept {
  constexpr size_t kHeader = 4;
  const Bytes bytes = probe.latest();
  if (bytes.size() < kHeader || bytes[0] >> 6 != 1) return PKTANA_NO;
  const uint8_t token = bytes[0] & 0x0f;
  const uint8_t code = bytes[1];
  if (token > 8 || bytes.size() < kHeader + token) return PKTANA_NO;
  if (code == 0)  // empty: a ping, or a bare acknowledgement
    return probe.hinted() && bytes.size() == kHeader && token == 0 ? PKTANA_YES : PKTANA_NO;
  const uint8_t group = code >> 5;
  const uint8_t detail = code & 0x1f;
  const bool request = group == 0 && detail <= 7;
  const bool reply = (group == 2 && (detail <= 5 || detail == 31)) ||
                     (group == 4 && detail <= 29) || (group == 5 && detail <= 8);
  const CoapOptions options = parse_coap_options(bytes.subspan(kHeader + token));
  if ((!request && !reply) || !options.hold) return PKTANA_NO;
  // Elsewhere than on its port a request must name what it wants.
  return probe.hinted() || (request && options.has_path) ? PKTANA_YES : PKTANA_NO;
}

/// IRC (RFC 2812): a client's NICK, USER, PASS or CAP line; a server's ":name NOTICE", ":name NNN".
pktana_match irc_line(Bytes bytes) noexcept {
  const std::string_view text = text_of(bytes);
  const size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  constexpr auto kFirst = std::to_array<std::string_view>(
      {"NICK ", "USER ", "CAP LS", "NOTICE AUTH ", "NOTICE * ", "ERROR :Closing Link"});
  pktana_match best = PKTANA_NO;
  for (const std::string_view word : kFirst)
    best = std::max(best, begins_with(bytes, word));
  if (best == PKTANA_YES) {
    if (end == std::string_view::npos) return PKTANA_MAYBE;
    // USER is a command of FTP and POP3 too; there it has one argument, here four.
    if (line.starts_with("USER ") && std::count(line.begin(), line.end(), ' ') < 4)
      return PKTANA_NO;
    // NICK too may be anybody's word: the line behind it tells.
    if (!line.starts_with("NICK ")) return PKTANA_YES;
    const Bytes next = bytes.subspan(end + 1);
    return next.empty() ? PKTANA_MAYBE : begins_with(next, "USER ");
  }
  if (best == PKTANA_MAYBE || text[0] != ':') return best;
  if (end == std::string_view::npos) return line.size() < 512 ? PKTANA_MAYBE : PKTANA_NO;
  const size_t space = line.find(' ');
  if (space == std::string_view::npos || space < 2) return PKTANA_NO;
  const std::string_view word = line.substr(space + 1);
  if (word.starts_with("NOTICE ") || word.starts_with("PRIVMSG ") || word.starts_with("JOIN "))
    return PKTANA_YES;
  return decimal_at(word).digits == 3 && word.substr(3).starts_with(' ') ? PKTANA_YES : PKTANA_NO;
}

pktana_match irc(const Probe& probe) noexcept { return either(probe, irc_line); }

/// The opening of an XMPP stream (RFC 6120 section 4.2), also of one whose client leaves the XML
/// declaration out.
pktana_match xmpp_opening(Bytes bytes) noexcept {
  constexpr std::string_view kStream = "<stream:stream";
  const pktana_match declared = begins_with(bytes, "<?xml ");
  if (declared == PKTANA_MAYBE) return PKTANA_MAYBE;
  if (declared == PKTANA_NO) return begins_with(bytes, kStream);
  constexpr size_t kMaxDeclaration = 128;
  const std::string_view text = text_of(bytes.first(std::min(bytes.size(), kMaxDeclaration)));
  if (text.find(kStream) != std::string_view::npos) return PKTANA_YES;
  return text.size() < kMaxDeclaration ? PKTANA_MAYBE : PKTANA_NO;
}

pktana_match xmpp(const Probe& probe) noexcept { return either(probe, xmpp_opening); }

constexpr uint16_t kAmqpPorts[] = {5672, 0};
constexpr uint16_t kKafkaPorts[] = {9092, 9093, 0};
constexpr uint16_t kOpenwirePorts[] = {61616, 0};
constexpr uint16_t kStompPorts[] = {61613, 0};
constexpr uint16_t kNatsPorts[] = {4222, 0};
constexpr uint16_t kCoapPorts[] = {5683, 0};
constexpr uint16_t kIrcPorts[] = {6667, 6666, 6668, 6669, 7000, 0};
constexpr uint16_t kXmppPorts[] = {5222, 5269, 0};

}  // namespace

const pktana_dissector kAmqp = recogniser({.name = "amqp", .tcp_ports = kAmqpPorts}, probed<amqp>);
const pktana_dissector kKafka =
    recogniser({.name = "kafka", .tcp_ports = kKafkaPorts, .priority = 140}, probed<kafka>);
const pktana_dissector kOpenwire =
    recogniser({.name = "openwire", .tcp_ports = kOpenwirePorts}, probed<openwire>);
const pktana_dissector kStomp =
    recogniser({.name = "stomp", .tcp_ports = kStompPorts}, probed<stomp>);
const pktana_dissector kZmtp = recogniser({.name = "zmtp"}, probed<zmtp>);
const pktana_dissector kNats = recogniser({.name = "nats", .tcp_ports = kNatsPorts}, probed<nats>);
const pktana_dissector kCoap = recogniser(
    {.name = "coap", .udp_ports = kCoapPorts, .protocols = PKTANA_ON_UDP, .priority = 150},
    probed<coap>);
const pktana_dissector kIrc = recogniser({.name = "irc", .tcp_ports = kIrcPorts}, probed<irc>);
const pktana_dissector kXmpp = recogniser({.name = "xmpp", .tcp_ports = kXmppPorts}, probed<xmpp>);

}  // namespace pktana::app::enterprise
