// SPDX-License-Identifier: Apache-2.0
#include "app/secure/ike/ike.h"

#include <array>
#include <string>
#include <vector>

#include "app/secure/digest.h"
#include "app/secure/ike/ike_message.h"
#include "app/secure/ike/ike_names.h"

namespace pktana::app::secure {
namespace {

constexpr unsigned kMaxEvents = 256;      // of a flow
constexpr unsigned kMaxOthers = 32;       // ESP and encrypted messages, until it is given up
constexpr unsigned kMaxPayloads = 32;     // of a message
constexpr size_t kMaxAttributes = 64;     // of a message
constexpr uint16_t kFirstStatus = 16384;  // notifications below are errors
constexpr uint16_t kKeyLength = 14;

std::string spi_text(uint64_t spi) {
  std::array<uint8_t, 8> bytes{};
  base::store_be(bytes.data(), spi);
  return to_hex(bytes);
}

struct Attribute {
  std::string_view key;
  std::string_view value;
  uint64_t raw;
};
using Attributes = std::vector<Attribute>;

void put_attributes(Fields& fields, const char* key, const Attributes& attributes) {
  if (attributes.empty()) return;
  Array list = fields.array(key);
  for (const Attribute& attribute : attributes) {
    Object object = list.object(nullptr);
    object.text("key", attribute.key);
    object.text("value", attribute.value.empty() ? std::string_view("Unknown") : attribute.value);
    object.number("raw", attribute.raw);
  }
}

void take_transform1(Bytes body, Attributes& attributes) {
  Reader in(body);
  in.take(4);  // number, id, reserved
  IkeAttribute attribute;
  while (attributes.size() < kMaxAttributes && next_ike_attribute(in, attribute)) {
    const auto names = ike1_attribute_names(attribute.type, attribute.value);
    if (!names.key.empty()) attributes.push_back({names.key, names.value, attribute.value});
  }
}

// The attributes of all transforms in the body of an IKEv1 SA payload.
Attributes attributes1(Bytes body) {
  Attributes attributes;
  Reader in(body);
  in.take(8);  // domain of interpretation, situation
  IkePayloads proposals(kIke1Proposal, in.rest());
  IkePayloadView proposal;
  while (attributes.size() < kMaxAttributes && proposals.next(proposal)) {
    Reader head(proposal.body);
    head.take(2);  // number, protocol
    const uint8_t spi_bytes = head.u8();
    head.u8();  // number of transforms
    head.take(spi_bytes);
    IkePayloads transforms(kIke1Transform, head.rest());
    IkePayloadView transform;
    while (transforms.next(transform))
      take_transform1(transform.body, attributes);
  }
  return attributes;
}

// The attributes of the first proposal of an IKEv2 SA payload.
Attributes attributes2(Bytes body) {
  Attributes attributes;
  Reader proposal(body);
  proposal.take(6);  // last, reserved, length, number, protocol
  const uint8_t spi_bytes = proposal.u8();
  const uint8_t count = proposal.u8();
  proposal.take(spi_bytes);
  for (unsigned i = 0; i < count && attributes.size() < kMaxAttributes; ++i) {
    proposal.take(2);  // last, reserved
    const uint16_t length = proposal.u16();
    Reader in(proposal.take(length < 4U ? proposal.left() + 1 : length - 4U));
    const uint8_t type = in.u8();
    in.u8();
    const uint16_t id = in.u16();
    if (!in.ok() || !proposal.ok()) break;
    const std::string_view key = ike2_transform_key(type);
    if (!key.empty()) attributes.push_back({key, ike2_transform_name(type, id), id});
    IkeAttribute attribute;
    while (next_ike_attribute(in, attribute))
      if (attribute.type == kKeyLength)
        attributes.push_back({"sa_key_length", {}, attribute.value});
  }
  return attributes;
}

// What an event needs of a message's payloads.
struct Contents {
  std::vector<std::string_view> names;
  std::vector<Bytes> vendor_ids;
  std::vector<std::string_view> notifies;
  uint64_t errors = 0;
  bool has_association = false;
  Bytes association;
  Bytes key_exchange;
  Bytes nonce;
};

void take_notify(Bytes body, Contents& contents) {
  Reader in(body);
  in.take(2);  // protocol, size of the SPI
  const uint16_t type = in.u16();
  if (!in.ok()) return;
  if (type < kFirstStatus) ++contents.errors;
  const std::string_view name = ike_notify_name(type);
  contents.notifies.push_back(name.empty() ? std::string_view("UNKNOWN") : name);
}

Contents contents_of(const IkeMessage& message) {
  Contents contents;
  IkePayloads payloads(message.first_payload, message.payloads);
  IkePayloadView payload;
  for (unsigned i = 0; i < kMaxPayloads && payloads.next(payload); ++i) {
    const std::string_view name = ike_payload_name(message.major, payload.type);
    contents.names.push_back(name.empty() ? std::string_view("Unknown") : name);
    if (payload.type == kIke1Sa || payload.type == kIke2Sa) {
      contents.has_association = true;
      contents.association = payload.body;
      if (message.major == 1)
        contents.names.insert(contents.names.end(), {"Proposal", "Transform"});
    }
    if (payload.type == kIke1KeyExchange) contents.key_exchange = payload.body;
    if (payload.type == kIke1Nonce) contents.nonce = payload.body;
    if (payload.type == kIke1VendorId) contents.vendor_ids.push_back(payload.body);
    if (payload.type == kIke2Notify) take_notify(payload.body, contents);
  }
  if (message.major == 2) contents.names.emplace_back("NoNextPayload");
  return contents;
}

void put_names(Fields& fields, const char* key, const std::vector<std::string_view>& names) {
  if (names.empty()) return;
  Array list = fields.array(key);
  for (const std::string_view name : names)
    list.add(name);
}

void put_exchange(Object& side, const Contents& contents) {
  if (!contents.key_exchange.empty()) {
    side.text("key_exchange_payload", to_hex(contents.key_exchange));
    side.number("key_exchange_payload_length", contents.key_exchange.size());
  }
  if (!contents.nonce.empty()) {
    side.text("nonce_payload", to_hex(contents.nonce));
    side.number("nonce_payload_length", contents.nonce.size());
  }
}

void put_ike1(Fields& event, const Contents& contents, bool from_client) {
  Object object = event.object("ikev1");
  Reader association(contents.association);
  if (contents.has_association) object.number("doi", association.u32());
  object.flag("encrypted_payloads", false);
  const bool exchange = !contents.key_exchange.empty() || !contents.nonce.empty();
  if (exchange || (from_client && contents.has_association)) {
    Object side = object.object(from_client ? "client" : "server");
    put_exchange(side, contents);
    if (from_client) put_attributes(side, "proposals", attributes1(contents.association));
  }
  if (contents.vendor_ids.empty()) return;
  Array vendors = object.array("vendor_ids");
  for (const Bytes id : contents.vendor_ids)
    vendors.add(to_hex(id));
}

void put_ike2(Fields& event, const Contents& contents) {
  Object object = event.object("ikev2");
  object.number("errors", contents.errors);
  put_names(object, "notify", contents.notifies);
}

// The state of one flow.
class Ike {
 public:
  pktana_step on_chunk(Flow flow, const Chunk& chunk) noexcept {
    const auto message = parse_ike(chunk.bytes);
    if (!message) return ++others_ >= kMaxOthers ? kDone : more(0);
    others_ = 0;
    if (message->encrypted()) return more(0);
    if (++events_ > kMaxEvents) return kDone;
    if (flow.wants("ike")) tell(flow, chunk, *message);
    return more(0);
  }

 private:
  static void tell(Flow flow, const Chunk& chunk, const IkeMessage& message);

  unsigned events_ = 0;
  unsigned others_ = 0;
};

void Ike::tell(Flow flow, const Chunk& chunk, const IkeMessage& message) {
  const Contents contents = contents_of(message);
  const bool v1 = message.major == 1;
  // IKEv1 has no flag for it; both sides use port 500, the flow's initiator is the client.
  const bool from_client = v1 ? chunk.direction == PKTANA_TO_SERVER : message.from_initiator();
  Event event = flow.event("ike", chunk.direction, chunk.ts_ns);
  event.number("version_major", message.major);
  event.number("version_minor", message.minor);
  event.text("init_spi", spi_text(message.initiator_spi));
  event.text("resp_spi", spi_text(message.responder_spi));
  event.number("message_id", message.message_id);
  event.number("exchange_type", message.exchange);
  if (!v1) event.text("role", from_client ? "initiator" : "responder");
  if (!from_client)
    put_attributes(event, "attributes",
                   v1 ? attributes1(contents.association) : attributes2(contents.association));
  put_names(event, "payload", contents.names);
  if (v1)
    put_ike1(event, contents, from_client);
  else
    put_ike2(event, contents);
}

pktana_match probe_ike(const pktana_probe* raw) {
  return parse_ike(Probe(*raw).latest()) ? PKTANA_YES : PKTANA_NO;
}

constexpr const char* kEvents[] = {"ike", nullptr};
constexpr uint16_t kPorts[] = {500, 4500, 0};

}  // namespace

constinit const pktana_dissector kIke = dissector_of<Ike>(
    {.name = "ike", .events = kEvents, .udp_ports = kPorts, .protocols = PKTANA_ON_UDP}, probe_ike);

}  // namespace pktana::app::secure
