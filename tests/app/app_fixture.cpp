// SPDX-License-Identifier: Apache-2.0
#include "app/app_fixture.h"

#include <algorithm>
#include <cstdio>

#include "flow/app_tape.h"
#include "support/catch.h"

namespace pktana::app {
namespace {

constexpr flow::Slot kSlot = 3;
constexpr uint32_t kFirst[2] = {1001, 0xFFFFFF00U};  ///< the responder's numbers wrap soon
constexpr int64_t kStepNs = 1'000'000;

const Registry& builtin_registry() {
  static const Registry registry = Registry::with_builtin();
  return registry;
}

std::string value_text(const flow::TapeNode& node) {
  switch (node.kind) {
    case flow::TapeKind::Text:
      return '"' + std::string(node.text) + '"';
    case flow::TapeKind::Uint:
      return std::to_string(node.number);
    case flow::TapeKind::Int:
      return std::to_string(node.signed_number);
    case flow::TapeKind::Real:
      return std::to_string(node.real);
    case flow::TapeKind::Bool:
      return node.number != 0 ? "true" : "false";
    case flow::TapeKind::ObjectBegin:
      return "{";
    case flow::TapeKind::ArrayBegin:
      return "[";
    case flow::TapeKind::End:
      break;
  }
  return {};
}

std::string learned_text(const flow::LearnedName& learned) {
  std::string text = "learned ";
  const size_t bytes = learned.ip_version == 4 ? 4 : 16;
  for (size_t i = 0; i < bytes; ++i) {
    char hex[3];
    std::snprintf(hex, sizeof hex, "%02x", learned.address[i]);
    text += hex;
  }
  return text + ' ' + std::string(learned.name) + ' ' + std::to_string(learned.ttl_s);
}

}  // namespace

std::string tape_text(std::span<const uint8_t> tape) {
  std::string text = "{";
  std::string ends;
  flow::TapeReader reader(tape);
  flow::TapeNode node;
  while (reader.next(node)) {
    if (node.kind == flow::TapeKind::End) {
      REQUIRE(!ends.empty());
      text += ends.back();
      ends.pop_back();
      continue;
    }
    if (text.back() != '{' && text.back() != '[') text += ',';
    if (node.key != nullptr) text += '"' + std::string(node.key) + "\":";
    text += value_text(node);
    if (node.kind == flow::TapeKind::ObjectBegin) ends += '}';
    if (node.kind == flow::TapeKind::ArrayBegin) ends += ']';
  }
  REQUIRE(ends.empty());
  return text + '}';
}

Talk::Talk(const TalkOptions& options) : options_(options), now_ns_(support::kStart) {
  auto layer = AppLayer::create(
      {.registry = options.registry != nullptr ? options.registry : &builtin_registry(),
       .expectations = options.expectations != nullptr ? options.expectations : &own_expectations_,
       .wanted = options.wanted,
       .max_flows = kSlot + 1});
  REQUIRE(layer);
  layer_ = std::move(*layer);
}

Talk::~Talk() {
  end();
  layer_->release(kSlot);
}

flow::FlowPacket Talk::packet(flow::Direction side) const {
  flow::FlowPacket packet;
  packet.key.ports = uint64_t{options_.protocol} << 32 | uint64_t{4} << 40;
  packet.ts_ns = now_ns_;
  const bool to_server = side == flow::kToServer;
  packet.src_port = to_server ? options_.client_port : options_.server_port;
  packet.dst_port = to_server ? options_.server_port : options_.client_port;
  if (options_.protocol == PKTANA_TCP) packet.tcp_seq = kFirst[side] + said_[side];
  return packet;
}

void Talk::send(flow::FlowPacket packet, flow::Direction side) {
  now_ns_ += kStepNs;
  packet.ts_ns = now_ns_;
  if (wanted_) wanted_ = layer_->on_packet(kSlot, packet, side, *this);
}

void Talk::say(flow::Direction side, std::span<const uint8_t> bytes) {
  flow::FlowPacket said = packet(side);
  said.payload = bytes;
  said.payload_len = static_cast<uint32_t>(bytes.size());
  said_[side] += said.payload_len;
  send(said, side);
}

void Talk::in_pieces(flow::Direction side, std::span<const uint8_t> bytes, size_t piece) {
  for (; !bytes.empty(); bytes = bytes.subspan(std::min(piece, bytes.size())))
    say(side, bytes.first(std::min(piece, bytes.size())));
}

void Talk::segment(flow::Direction side, uint32_t place, std::span<const uint8_t> bytes) {
  flow::FlowPacket said = packet(side);
  said.tcp_seq = kFirst[side] + place;
  said.payload = bytes;
  said.payload_len = static_cast<uint32_t>(bytes.size());
  said_[side] = std::max(said_[side], place + said.payload_len);
  send(said, side);
}

void Talk::acknowledge(flow::Direction side, uint32_t place) {
  const flow::Direction peer = side == flow::kToServer ? flow::kToClient : flow::kToServer;
  flow::FlowPacket ack = packet(side);
  ack.tcp_flags = 0x10;
  ack.tcp_ack = kFirst[peer] + place;
  send(ack, side);
}

void Talk::lose(flow::Direction side, uint32_t count) { said_[side] += count; }

void Talk::cut(flow::Direction side, std::span<const uint8_t> captured, uint32_t sent) {
  flow::FlowPacket said = packet(side);
  said.payload = captured;
  said.payload_len = sent;
  said.payload_cut = true;
  said_[side] += sent;
  send(said, side);
}

void Talk::fin(flow::Direction side) {
  flow::FlowPacket said = packet(side);
  said.tcp_flags = 0x11;
  send(said, side);
}

void Talk::end() {
  if (ended_) return;
  ended_ = true;
  layer_->on_end(kSlot, now_ns_, *this);
}

flow::FlowRecord Talk::record() const noexcept {
  flow::FlowRecord record;
  record.flow_id = 77;
  record.start_ns = support::kStart;
  record.ip_version = 4;
  record.protocol = options_.protocol;
  record.src = {198, 18, 0, 1};
  record.dst = {198, 18, 0, 2};
  record.src_port = options_.client_port;
  record.dst_port = options_.server_port;
  return record;
}

std::optional<uint32_t> Talk::first_sequence(flow::Direction direction) const noexcept {
  return kFirst[direction];
}

void Talk::emit(const flow::AppEvent* event, int64_t ts_ns) noexcept {
  times_.push_back(ts_ns);
  if (event->learned) {
    events_.push_back(learned_text(*event->learned));
  } else {
    std::string text = (event->to_client ? "<" : "") + std::string(event->name);
    text += tape_text(event->tape);
    if (!event->beside.empty()) text += " beside" + tape_text(event->beside);
    if (event->cut) text += " cut";
    events_.push_back(std::move(text));
  }
  if (event->drop_reference()) delete event;
}

flow::FlowRecord Talk::described() {
  flow::FlowRecord record = this->record();
  layer_->describe(kSlot, record);
  return record;
}

std::string Talk::app_proto() {
  const auto record = described();
  std::string text = record.app_proto == nullptr ? "" : record.app_proto;
  flow::drop_belongings({&record, 1});
  return text;
}

std::string Talk::app_proto_before() {
  const auto record = described();
  std::string text;
  if (record.app != nullptr && record.app->app_proto_before != nullptr)
    text = record.app->app_proto_before;
  flow::drop_belongings({&record, 1});
  return text;
}

std::string Talk::guess() {
  const auto record = described();
  std::string text;
  if (record.app != nullptr && record.app->app_proto_guess != nullptr)
    text = record.app->app_proto_guess;
  flow::drop_belongings({&record, 1});
  return text;
}

std::string Talk::name() {
  const auto record = described();
  std::string text = record.app == nullptr ? "" : record.app->name;
  flow::drop_belongings({&record, 1});
  return text;
}

flow::NameSource Talk::name_source() {
  const auto record = described();
  const auto source = record.app == nullptr ? flow::NameSource::None : record.app->name_source;
  flow::drop_belongings({&record, 1});
  return source;
}

std::string Talk::fingerprint(std::string_view kind) {
  const auto record = described();
  std::string text;
  if (record.app != nullptr)
    for (const flow::Fingerprint& one : record.app->fingerprints)
      if (one.kind == kind) text = one.text;
  flow::drop_belongings({&record, 1});
  return text;
}

}  // namespace pktana::app
