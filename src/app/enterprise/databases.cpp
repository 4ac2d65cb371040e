// SPDX-License-Identifier: Apache-2.0
// Recognition of database protocols: MySQL, Redis, MongoDB, MS-SQL (TDS), memcached, DB2 (DRDA),
// Cassandra (CQL and its gossip), Oracle (TNS).
#include <array>

#include "app/enterprise/enterprise.h"
#include "app/enterprise/probing.h"

namespace pktana::app::enterprise {
namespace {

/// Greeting of a MySQL or MariaDB server: packet of sequence number 0, protocol version 10, version
/// text, thread id, 8 bytes of salt, 0; or the error packet of a server that refuses.
pktana_match mysql_greeting(Bytes bytes) noexcept {
  constexpr size_t kHeader = 4;
  constexpr size_t kMaxVersion = 80;
  constexpr size_t kBehindVersion = 1 + 4 + 8 + 1;
  if (bytes.size() <= kHeader) return PKTANA_MAYBE;
  const uint32_t len = le24(bytes, 0);
  if (bytes[3] != 0 || len < 20 || len > 300) return PKTANA_NO;
  if (bytes[kHeader] == 0xff) {  // error: code, text
    constexpr size_t kText = kHeader + 3;
    if (bytes.size() < kHeader + len) return PKTANA_MAYBE;
    const uint16_t code = le16(bytes, kHeader + 1);
    return code >= 1000 && code < 5000 && all_printable(bytes.subspan(kText, len - 3)) ? PKTANA_YES
                                                                                       : PKTANA_NO;
  }
  if (bytes[kHeader] != 10) return PKTANA_NO;
  const Bytes rest = bytes.subspan(kHeader + 1);
  const auto end = std::find(rest.begin(), rest.end(), uint8_t{0});
  const auto version_len = static_cast<size_t>(end - rest.begin());
  const Bytes version = rest.first(version_len);
  if (version_len > kMaxVersion || !all_printable(version)) return PKTANA_NO;
  if (!version.empty() && (version[0] < '3' || version[0] > '9') && version[0] != '1')
    return PKTANA_NO;
  if (rest.size() < version_len + kBehindVersion) return PKTANA_MAYBE;
  if (version_len < 3 || text_of(version).find('.') == std::string_view::npos) return PKTANA_NO;
  return rest[version_len + kBehindVersion - 1] == 0 ? PKTANA_YES : PKTANA_NO;
}

pktana_match mysql(const Probe& probe) noexcept { return either(probe, mysql_greeting); }

/// A client that wants TLS answers the greeting with the first 32 bytes of its login only, with
/// CLIENT_SSL among the capabilities (MySQL's protocol manual, "SSLRequest").
class Mysql {
 public:
  pktana_step on_chunk(const Flow& flow, const Chunk& chunk) noexcept {
    constexpr size_t kHeader = 4, kLogin = 32, kPacket = kHeader + kLogin;
    constexpr uint32_t kClientSsl = 0x0800;
    if (chunk.direction == PKTANA_TO_CLIENT) return more(chunk.bytes.size());
    if (chunk.bytes.size() < kHeader + 2) return more(0, kHeader + 2);
    const bool is_request = le24(chunk.bytes, 0) == kLogin && chunk.bytes[3] == 1 &&
                            (le16(chunk.bytes, kHeader) & kClientSsl) != 0;
    if (!is_request) return kDone;
    if (chunk.bytes.size() < kPacket) return more(0, kPacket);
    flow.change_protocol("tls");
    return change(kPacket);
  }
};

/// RESP array of bulk strings, as clients send: *N\r\n$L\r\n followed by L bytes and \r\n.
pktana_match redis_request(Bytes bytes) noexcept {
  const std::string_view text = text_of(bytes);
  constexpr uint32_t kMaxItems = 100000;
  if (text[0] != '*') return PKTANA_NO;
  const Decimal items = decimal_at(text.substr(1));
  size_t at = 1 + items.digits;
  if (at < text.size() && (items.digits == 0 || items.value == 0 || items.value > kMaxItems))
    return PKTANA_NO;
  const pktana_match line = begins_with(bytes.subspan(at), "\r\n$");
  if (line != PKTANA_YES) return line;
  at += 3;
  const Decimal len = decimal_at(text.substr(at));
  at += len.digits;
  if (at < text.size() && len.digits == 0) return PKTANA_NO;
  const pktana_match end = begins_with(bytes.subspan(at), "\r\n");
  if (end != PKTANA_YES) return end;
  at += 2;
  const size_t word = std::min<size_t>(len.value, text.size() - at);
  if (!all_printable(bytes.subspan(at, word))) return PKTANA_NO;
  return word == len.value && len.value > 0 ? begins_with(bytes.subspan(at + word), "\r\n")
                                            : PKTANA_MAYBE;
}

/// Whether it is one of the reply lines that a server gives: +text, -ERR, :number, $number,
/// *number.
pktana_match redis_reply(Bytes bytes) noexcept {
  constexpr std::string_view kKinds = "+-:$*%~_,#";
  if (kKinds.find(static_cast<char>(bytes[0])) == std::string_view::npos) return PKTANA_NO;
  const size_t end = text_of(bytes).find("\r\n");
  return end == std::string_view::npos ? PKTANA_MAYBE : PKTANA_YES;
}

/// A command on a line of its own, as people and scripts send it ("PING", "PUBLISH channel text").
pktana_match redis_inline(Bytes bytes) noexcept {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"PING\r\n",   "INFO\r\n", "MONITOR\r\n", "QUIT\r\n", "COMMAND\r\n", "GET ",
       "SET ",       "DEL ",     "AUTH ",       "INFO ",    "KEYS ",       "PUBLISH ",
       "SUBSCRIBE ", "LPUSH ",   "RPUSH ",      "INCR ",    "SELECT ",     "CONFIG ",
       "CLIENT ",    "EXISTS ",  "HGET ",       "HSET "});
  pktana_match best = PKTANA_NO;
  for (const std::string_view word : kWords)
    best = std::max(best, begins_with(bytes, word));
  // GET and SET are words of others too; those end their line with a version or a colon.
  const std::string_view text = text_of(bytes);
  const std::string_view line = text.substr(0, text.find("\r\n"));
  return line.find(" HTTP/") != std::string_view::npos ||
                 line.find(" RTSP/") != std::string_view::npos
             ? PKTANA_NO
             : best;
}

pktana_match redis(const Probe& probe) noexcept {
  for (const uint8_t side : kSides) {
    const Bytes asked = probe.first(side);
    if (asked.empty()) continue;
    const Bytes answered = probe.first(other(side));
    const pktana_match request = redis_request(asked);
    if (request == PKTANA_MAYBE) return PKTANA_MAYBE;
    const pktana_match reply = answered.empty() ? PKTANA_MAYBE : redis_reply(answered);
    // Push messages and pipelines make long flows with one side only: a request is enough.
    if (request == PKTANA_YES) return reply == PKTANA_NO ? PKTANA_NO : PKTANA_YES;
    if (redis_inline(asked) != PKTANA_NO) return std::min(redis_inline(asked), reply);
  }
  return PKTANA_NO;
}

/// MongoDB wire message: length, request id, response to, operation code, all little-endian.
pktana_match mongodb_message(Bytes bytes) noexcept {
  constexpr uint32_t kMaxMessage = 48'000'000;
  constexpr size_t kHeader = 16;
  if (bytes.size() < kHeader) return PKTANA_MAYBE;
  const uint32_t len = le32(bytes, 0);
  if (len < kHeader + 4 || len > kMaxMessage) return PKTANA_NO;
  const uint32_t operation = le32(bytes, 12);
  if (bytes.size() < kHeader + 5) return PKTANA_MAYBE;
  switch (operation) {
    case 2013:  // OP_MSG: flags, sections of kind 0 or 1
      return (le32(bytes, 16) & ~uint32_t{0x10003}) == 0 && bytes[20] <= 1 ? PKTANA_YES : PKTANA_NO;
    case 2012:  // OP_COMPRESSED wraps another
      return le32(bytes, 16) == 2013 || (le32(bytes, 16) >= 2001 && le32(bytes, 16) <= 2007)
                 ? PKTANA_YES
                 : PKTANA_NO;
    case 2004: {  // OP_QUERY: flags, "database.collection"
      const Bytes name = bytes.subspan(kHeader + 4);
      const auto end = std::find(name.begin(), name.end(), uint8_t{0});
      return all_printable({name.begin(), end}) && (le32(bytes, 16) & ~uint32_t{0xfe}) == 0
                 ? PKTANA_YES
                 : PKTANA_NO;
    }
    case 1: {  // OP_REPLY: flags, cursor id, number, number of documents
      constexpr size_t kReply = kHeader + 20;
      if (bytes.size() < kReply) return PKTANA_MAYBE;
      return len >= kReply && le32(bytes, 16) < 16 && le32(bytes, 8) != 0 &&
                     le32(bytes, 32) < 0x10000
                 ? PKTANA_YES
                 : PKTANA_NO;
    }
    case 2001:  // update, insert, get more, delete, kill cursors: zero, then a name or a number
    case 2002:
    case 2005:
    case 2006:
    case 2007:
      return le32(bytes, 16) == 0 || (operation == 2002 && le32(bytes, 16) == 1) ? PKTANA_YES
                                                                                 : PKTANA_NO;
    default:
      return PKTANA_NO;
  }
}

pktana_match mongodb(const Probe& probe) noexcept { return either(probe, mongodb_message); }

/// TDS packet (MS-TDS 2.2.3): type, status, length, process id, packet number, window 0.
pktana_match tds_packet(Bytes bytes) noexcept {
  constexpr size_t kHeader = 8;
  constexpr uint8_t kBatch = 1, kRpc = 3, kReply = 4, kAttention = 6, kBulk = 7, kTransaction = 14;
  constexpr uint8_t kLogin7 = 16, kPrelogin = 18;
  constexpr uint8_t kEndOfMessage = 1;
  if (bytes.size() < kHeader) return PKTANA_MAYBE;
  const uint16_t len = be16(bytes, 2);
  if (len < kHeader || bytes[1] > 0x1f || bytes[7] != 0) return PKTANA_NO;
  const Bytes body = bytes.subspan(kHeader);
  const bool whole_alone = (bytes[1] & kEndOfMessage) != 0 && bytes.size() == len;
  switch (bytes[0]) {
    case kPrelogin:  // first option is the version: token 0, offset, length 6
      if (body.size() < 5) return PKTANA_MAYBE;
      return body[0] == 0 && be16(body, 3) == 6 && be16(body, 1) < len ? PKTANA_YES : PKTANA_NO;
    case kLogin7:  // length of the whole, TDS version 7.x
      if (body.size() < 8) return PKTANA_MAYBE;
      return body[7] >= 0x70 && body[7] <= 0x75 && le32(body, 0) >= 86 && le32(body, 0) < 0x20000
                 ? PKTANA_YES
                 : PKTANA_NO;
    case kBatch:
    case kRpc:
    case kTransaction:  // headers first: their length, then that of the first, then its type
      if (body.size() < 10) return whole_alone ? PKTANA_NO : PKTANA_MAYBE;
      if (le32(body, 0) >= 18 && le32(body, 0) <= 256 && le32(body, 4) <= le32(body, 0) &&
          le16(body, 8) >= 1 && le16(body, 8) <= 3)
        return PKTANA_YES;
      // Before TDS 7.2 there were none: text in UTF-16, of a procedure's name with its length.
      if (bytes[0] == kRpc)
        return whole_alone && le16(body, 0) <= 128 && body[3] == 0 && body[5] == 0 &&
                       is_printable(body[2]) && is_printable(body[4])
                   ? PKTANA_YES
                   : PKTANA_NO;
      return whole_alone && body[1] == 0 && body[3] == 0 && is_printable(body[0]) ? PKTANA_YES
                                                                                  : PKTANA_NO;
    case kAttention:
      return len == kHeader && whole_alone ? PKTANA_YES : PKTANA_NO;
    case kBulk:  // COLMETADATA token
      if (body.empty()) return PKTANA_MAYBE;
      return body[0] == 0x81 ? PKTANA_YES : PKTANA_NO;
    case kReply:
      if (body.empty()) return PKTANA_MAYBE;
      return bytes[1] <= 1 && body[0] >= 0x79 && (bytes.size() >= len || len == 4096) ? PKTANA_YES
                                                                                      : PKTANA_NO;
    default:
      return PKTANA_NO;
  }
}

pktana_match tds(const Probe& probe) noexcept {
  // Packets without a magic number: elsewhere than on its ports only the log-in is proof.
  if (probe.hinted()) return either(probe, tds_packet);
  const Bytes first = probe.to_server();
  if (first.empty()) return PKTANA_MAYBE;
  return first[0] == 18 || first[0] == 16 ? tds_packet(first) : PKTANA_NO;
}

/// memcached's text commands and binary header.
pktana_match memcached_message(Bytes bytes) noexcept {
  constexpr auto kCommands = std::to_array<std::string_view>(
      {"get ",       "gets ",      "set ",      "add ",     "replace ",    "append ",
       "prepend ",   "cas ",       "delete ",   "incr ",    "decr ",       "touch ",
       "gat ",       "gats ",      "stats\r\n", "stats ",   "version\r\n", "flush_all",
       "verbosity ", "STAT ",      "VALUE ",    "VERSION ", "STORED\r\n",  "NOT_STORED\r\n",
       "END\r\n",    "DELETED\r\n"});
  constexpr size_t kBinaryHeader = 24;
  if (bytes[0] == 0x80 || bytes[0] == 0x81) {
    if (bytes.size() < kBinaryHeader) return PKTANA_MAYBE;
    return bytes[1] <= 0x48 && bytes[5] == 0 && be32(bytes, 8) >= be16(bytes, 2) + bytes[4] &&
                   be32(bytes, 8) < 0x200000 && (bytes[0] == 0x81 || be16(bytes, 6) == 0)
               ? PKTANA_YES
               : PKTANA_NO;
  }
  pktana_match best = PKTANA_NO;
  for (const std::string_view command : kCommands)
    best = std::max(best, begins_with(bytes, command));
  if (best != PKTANA_YES) return best;
  const size_t end = text_of(bytes).find("\r\n");
  return end == std::string_view::npos     ? PKTANA_MAYBE
         : all_printable(bytes.first(end)) ? PKTANA_YES
                                           : PKTANA_NO;
}

pktana_match memcached(const Probe& probe) noexcept {
  constexpr size_t kUdpFrame = 8;  // request id, sequence number, count, reserved
  if (probe.is_tcp())
    return probe.hinted() ? either(probe, memcached_message) : both(probe, memcached_message);
  const Bytes bytes = probe.latest();
  if (bytes.size() <= kUdpFrame || be16(bytes, 6) != 0 || be16(bytes, 4) == 0 ||
      be16(bytes, 2) >= be16(bytes, 4) || !probe.hinted())
    return PKTANA_NO;
  return memcached_message(bytes.subspan(kUdpFrame)) == PKTANA_YES ? PKTANA_YES : PKTANA_NO;
}

/// DRDA's data stream structure: length, 0xd0, format, correlation id, length, code point.
pktana_match drda_message(Bytes bytes) noexcept {
  constexpr uint16_t kExchange = 0x1041, kExchangeReply = 0x1443, kAccess = 0x106d;
  constexpr uint16_t kAccessReply = 0x14ac, kOpenReply = 0x2205, kSqlCard = 0x2408;
  if (bytes.size() < 10) return bytes.size() > 2 && bytes[2] != 0xd0 ? PKTANA_NO : PKTANA_MAYBE;
  const uint16_t code = be16(bytes, 8);
  if (bytes[2] != 0xd0 || (bytes[3] & 0x0f) > 4 || be16(bytes, 6) + 6 != be16(bytes, 0))
    return PKTANA_NO;
  return code == kExchange || code == kExchangeReply || code == kAccess || code == kAccessReply ||
                 code == kOpenReply || code == kSqlCard
             ? PKTANA_YES
             : PKTANA_NO;
}

pktana_match drda(const Probe& probe) noexcept { return either(probe, drda_message); }

/// CQL frame (native protocol 1 to 5): version, flags, stream, operation, length; or the magic
/// number of Cassandra's own nodes.
pktana_match cassandra_message(Bytes bytes) noexcept {
  constexpr uint32_t kNodeMagic = 0xca552dfa;
  if (bytes.size() < 4) return PKTANA_MAYBE;
  if (be32(bytes, 0) == kNodeMagic) return PKTANA_YES;
  const uint8_t version = bytes[0] & 0x7f;
  const bool reply = (bytes[0] & 0x80) != 0;
  if (version < 1 || version > 6 || (bytes[1] & ~0x1f) != 0) return PKTANA_NO;
  const size_t header = version < 3 ? 8 : 9;
  if (bytes.size() < header) return PKTANA_MAYBE;
  const uint8_t operation = bytes[header - 5];
  const uint32_t len = be32(bytes, header - 4);
  constexpr uint8_t kError = 0, kStartup = 1, kReady = 2, kAuthenticate = 3, kOptions = 5,
                    kSupported = 6;
  if (reply) {
    if (operation == kReady && len == 0 && bytes.size() == header) return PKTANA_YES;
    if (operation == kSupported || operation == kAuthenticate || operation == kError)
      return len > 2 && len < 0x4000 && bytes.size() == header + len ? PKTANA_YES : PKTANA_NO;
    return PKTANA_NO;
  }
  if (operation == kOptions && len == 0) return bytes.size() == header ? PKTANA_YES : PKTANA_NO;
  if (operation != kStartup || len < 20 || len > 0x1000) return PKTANA_NO;
  return text_of(bytes.subspan(header)).find("CQL_VERSION") != std::string_view::npos ? PKTANA_YES
         : bytes.size() < header + len                                                ? PKTANA_MAYBE
                                                                                      : PKTANA_NO;
}

pktana_match cassandra(const Probe& probe) noexcept {
  const pktana_match match =
      probe.hinted() ? either(probe, cassandra_message) : both(probe, cassandra_message);
  return match;
}

/// Oracle TNS CONNECT (with its connect descriptor), or what answers it.
pktana_match tns_packet(Bytes bytes) noexcept {
  constexpr size_t kConnectHeader = 34;
  if (bytes.size() < 8) return PKTANA_MAYBE;
  const uint16_t len = be16(bytes, 0);
  if (bytes[4] != 1 || be16(bytes, 2) != 0 || be16(bytes, 6) != 0 || len < kConnectHeader)
    return PKTANA_NO;
  if (bytes.size() < len) return PKTANA_MAYBE;
  const std::string_view text = text_of(bytes.first(len));
  return text.find("(DESCRIPTION") != std::string_view::npos ||
                 text.find("(CONNECT_DATA") != std::string_view::npos ||
                 text.find("(COMMAND=") != std::string_view::npos
             ? PKTANA_YES
             : PKTANA_NO;
}

pktana_match tns(const Probe& probe) noexcept { return either(probe, tns_packet); }

constexpr uint16_t kMysqlPorts[] = {3306, 3307, 33060, 0};
constexpr uint16_t kRedisPorts[] = {6379, 6380, 26379, 0};
constexpr uint16_t kMongodbPorts[] = {27017, 27018, 27019, 0};
constexpr uint16_t kTdsPorts[] = {1433, 1434, 0};
constexpr uint16_t kMemcachedPorts[] = {11211, 0};
constexpr uint16_t kDrdaPorts[] = {446, 50000, 523, 1527, 0};
constexpr uint16_t kCassandraPorts[] = {9042, 7000, 0};
constexpr uint16_t kTnsPorts[] = {1521, 1522, 1526, 0};

}  // namespace

const pktana_dissector kMysql = dissector_of<Mysql>(
    {.name = "mysql", .tcp_ports = kMysqlPorts, .flags = PKTANA_SETS_ATTRIBUTES}, probed<mysql>);
const pktana_dissector kRedis =
    recogniser({.name = "redis", .tcp_ports = kRedisPorts}, probed<redis>);
const pktana_dissector kMongodb =
    recogniser({.name = "mongodb", .tcp_ports = kMongodbPorts}, probed<mongodb>);
const pktana_dissector kTds =
    recogniser({.name = "tds", .tcp_ports = kTdsPorts, .priority = 140}, probed<tds>);
const pktana_dissector kMemcached = recogniser({.name = "memcached",
                                                .tcp_ports = kMemcachedPorts,
                                                .udp_ports = kMemcachedPorts,
                                                .protocols = PKTANA_ON_TCP | PKTANA_ON_UDP},
                                               probed<memcached>);
const pktana_dissector kDrda = recogniser({.name = "drda", .tcp_ports = kDrdaPorts}, probed<drda>);
const pktana_dissector kCassandra = recogniser(
    {.name = "cassandra", .tcp_ports = kCassandraPorts, .priority = 140}, probed<cassandra>);
const pktana_dissector kTns = recogniser({.name = "tns", .tcp_ports = kTnsPorts}, probed<tns>);

}  // namespace pktana::app::enterprise
