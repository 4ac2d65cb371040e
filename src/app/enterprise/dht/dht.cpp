// SPDX-License-Identifier: Apache-2.0
// BitTorrent's distributed hash table (KRPC, BEP 5 and BEP 32): one bittorrent_dht event for each
// query, response and error.
#include "app/enterprise/dht/bencode.h"
#include "app/enterprise/enterprise.h"
#include "app/enterprise/probing.h"
#include "app/internet/text.h"
#include "app/secure/digest.h"

namespace pktana::app::enterprise {
namespace {

constexpr const char* kEvent = "bittorrent_dht";
constexpr size_t kId = 20;
constexpr size_t kPort = 2;
constexpr unsigned kMaxNodes = 32;  ///< shown of a response
constexpr size_t kMaxHex = 128;     ///< bytes shown of a token or transaction

struct DhtMessage {
  Bytes transaction, version, query, kind;
  Bytes arguments, results, error;  ///< inside of the dictionary or list
};

/// One value for a key of one letter; others are passed over.
bool take_field(BencodeReader& in, Bytes key, DhtMessage& out) noexcept {
  if (key.size() != 1) return in.skip();
  switch (key[0]) {
    case 't':
      return in.string(out.transaction);
    case 'v':
      return in.string(out.version);
    case 'q':
      return in.string(out.query);
    case 'y':
      return in.string(out.kind);
    case 'a':
      return in.dictionary(out.arguments);
    case 'r':
      return in.dictionary(out.results);
    case 'e':
      return in.list(out.error);
    default:
      return in.skip();
  }
}

/// False if it is no dictionary that says its kind and transaction.
bool parse(Bytes bytes, DhtMessage& out) noexcept {
  Bytes inside;
  if (!BencodeReader(bytes).dictionary(inside)) return false;
  BencodeReader in(inside);
  while (!in.empty()) {
    Bytes key;
    if (!in.string(key) || !take_field(in, key, out)) return false;
  }
  return out.kind.size() == 1 && !out.transaction.empty();
}

void put_hex(Fields& out, const char* key, Bytes bytes) noexcept {
  out.text(key, secure::to_hex(bytes.first(std::min(bytes.size(), kMaxHex))));
}

/// Address and port, or nothing if it has no such length.
void show_peer(Fields& out, Bytes bytes) noexcept {
  out.text("ip", internet::address_text(bytes.first(bytes.size() - kPort)).view());
  out.number("port", be16(bytes, bytes.size() - kPort));
}

/// @param each  bytes of a node: id, address, port.
void show_nodes(Fields& out, const char* key, Bytes nodes, size_t each) noexcept {
  if (nodes.size() < each) return;
  Array array = out.array(key);
  for (unsigned i = 0; i < kMaxNodes && nodes.size() >= each; ++i) {
    Object object = array.object(nullptr);
    put_hex(object, "id", nodes.first(kId));
    show_peer(object, nodes.subspan(kId, each - kId));
    nodes = nodes.subspan(each);
  }
}

void show_values(Fields& out, Bytes list) noexcept {
  constexpr size_t kPeer4 = 6, kPeer6 = 18;
  BencodeReader in(list);
  Array array = out.array("values");
  Bytes peer;
  for (unsigned i = 0; i < kMaxNodes && !in.empty() && in.string(peer); ++i) {
    if (peer.size() != kPeer4 && peer.size() != kPeer6) continue;
    Object object = array.object(nullptr);
    show_peer(object, peer);
  }
}

void show_argument(Fields& out, std::string_view key, BencodeReader& in) noexcept {
  constexpr const char* kTexts[] = {"id", "target", "info_hash", "token"};
  constexpr const char* kNumbers[] = {"implied_port", "port"};
  for (const char* name : kTexts) {
    Bytes value;
    if (key != name || !is_decimal_digit(in.next()) || !in.string(value)) continue;
    return put_hex(out, name, value);
  }
  for (const char* name : kNumbers) {
    int64_t value = 0;
    if (key != name || in.next() != 'i' || !in.number(value)) continue;
    return out.number(name, static_cast<uint64_t>(std::max<int64_t>(value, 0)));
  }
  (void)in.skip();
}

void show_result(Fields& out, std::string_view key, BencodeReader& in) noexcept {
  constexpr size_t kNode4 = kId + 4 + kPort, kNode6 = kId + 16 + kPort;
  Bytes value;
  if (key == "values" && in.next() == 'l') {
    if (in.list(value)) show_values(out, value);
  } else if (!is_decimal_digit(in.next())) {
    (void)in.skip();
  } else if (!in.string(value)) {
    return;
  } else if (key == "id" || key == "token") {
    put_hex(out, key == "id" ? "id" : "token", value);
  } else if (key == "nodes") {
    show_nodes(out, "nodes", value, kNode4);
  } else if (key == "nodes6") {
    show_nodes(out, "nodes6", value, kNode6);
  }
}

template <typename ShowField>
void show_dictionary(Fields& out, const char* name, Bytes inside, ShowField show_field) noexcept {
  Object object = out.object(name);
  BencodeReader in(inside);
  Bytes key;
  while (!in.empty() && in.string(key))
    show_field(object, text_of(key), in);
}

void show_error(Fields& out, Bytes list) noexcept {
  BencodeReader in(list);
  int64_t number = 0;
  Bytes text;
  if (!in.number(number) || !in.string(text)) return;
  Object error = out.object("error");
  error.number("num", static_cast<uint64_t>(std::max<int64_t>(number, 0)));
  error.text("msg", text_of(text));
}

/// Without one EVE's schema has no place for a response.
bool has_id(Bytes results) noexcept {
  return text_of(results).find("2:id") != std::string_view::npos;
}

class Dht {
 public:
  pktana_step on_chunk(Flow flow, const Chunk& chunk) noexcept {
    DhtMessage message;
    // uTP and DHT share a port: what is none of it is passed over.
    if (!flow.wants(kEvent) || chunk.cut || !parse(chunk.bytes, message)) return more(0);
    Event event = flow.event(kEvent, chunk.direction, chunk.ts_ns);
    put_hex(event, "transaction_id", message.transaction);
    if (!message.version.empty()) put_hex(event, "client_version", message.version);
    if (message.kind[0] == 'q') {
      event.text("request_type", text_of(message.query));
      show_dictionary(event, "request", message.arguments, show_argument);
    } else if (message.kind[0] == 'r' && has_id(message.results)) {
      show_dictionary(event, "response", message.results, show_result);
    } else if (message.kind[0] == 'e') {
      show_error(event, message.error);
    }
    return more(0);
  }
};

/// A dictionary that says its kind, a transaction, and what belongs to its kind.
pktana_match dht(const Probe& probe) noexcept {
  DhtMessage message;
  const Bytes bytes = probe.latest();
  if (bytes.size() < 16 || bytes[0] != 'd' || !parse(bytes, message)) return PKTANA_NO;
  const bool whole = (message.kind[0] == 'q' && !message.query.empty()) ||
                     (message.kind[0] == 'r' && !message.results.empty()) ||
                     (message.kind[0] == 'e' && !message.error.empty());
  return whole ? PKTANA_YES : PKTANA_NO;
}

constexpr const char* kEvents[] = {kEvent, nullptr};

}  // namespace

const pktana_dissector kBittorrentDht = dissector_of<Dht>(
    {.name = "bittorrent-dht", .events = kEvents, .protocols = PKTANA_ON_UDP}, probed<dht>);

}  // namespace pktana::app::enterprise
