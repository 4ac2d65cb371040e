// SPDX-License-Identifier: Apache-2.0
// MQTT over TCP: a packet and what answers it (CONNACK, SUBACK, PUBACK ...) are one mqtt event.
#include <algorithm>
#include <vector>

#include "app/enterprise/enterprise.h"
#include "app/enterprise/mqtt/mqtt_message.h"
#include "app/enterprise/probing.h"

namespace pktana::app::enterprise {
namespace {

constexpr const char* kEvent = "mqtt";
constexpr size_t kMaxBody = 4096;  ///< kept of a packet; a longer one says that it is cut
constexpr size_t kMaxOpen = 16;    ///< packets that wait for an answer

class Mqtt {
 public:
  pktana_step on_chunk(Flow flow, const Chunk& chunk) noexcept {
    const MqttHeaderResult found = parse_mqtt_header(chunk.bytes);
    if (found.is_malformed) return kDone;
    if (!found.header) return wait_for(chunk);
    const MqttHeader& header = *found.header;
    const size_t kept = std::min(header.body_len, kMaxBody);
    if (chunk.bytes.size() < header.head_len + kept) return wait_for(chunk, header.head_len + kept);
    take(flow, chunk, header, chunk.bytes.subspan(header.head_len, kept));
    return more(header.head_len + header.body_len);
  }

  void on_end(Flow flow, int64_t ts_ns) noexcept {
    for (const Open& open : open_)
      show(flow, open, ts_ns);
    open_.clear();
  }

 private:
  struct Packet {
    MqttHeader header;
    std::vector<uint8_t> body;
  };
  struct Open {
    uint8_t direction = PKTANA_TO_SERVER;
    uint16_t id = 0;
    std::vector<Packet> packets;
  };

  static bool is_opening(const MqttHeader& header) noexcept {
    switch (header.type) {
      case MqttType::Connect:
      case MqttType::Publish:
      case MqttType::Subscribe:
      case MqttType::Unsubscribe:
      case MqttType::Pingreq:
      case MqttType::Pingresp:
      case MqttType::Disconnect:
      case MqttType::Auth:
        return true;
      default:
        return false;
    }
  }

  /// Whether nothing belongs behind `last` any more.
  static bool is_complete(const MqttHeader& last) noexcept {
    switch (last.type) {
      case MqttType::Connect:
      case MqttType::Subscribe:
      case MqttType::Unsubscribe:
      case MqttType::Pubrec:
      case MqttType::Pubrel:
        return false;
      case MqttType::Publish:
        return last.qos == 0;
      default:
        return true;
    }
  }

  /// Whether a packet of this kind may follow one of that kind.
  static bool follows(MqttType next, const MqttHeader& last) noexcept {
    switch (next) {
      case MqttType::Connack:
        return last.type == MqttType::Connect;
      case MqttType::Puback:
        return last.type == MqttType::Publish && last.qos == 1;
      case MqttType::Pubrec:
        return last.type == MqttType::Publish && last.qos == 2;
      case MqttType::Pubrel:
        return last.type == MqttType::Pubrec;
      case MqttType::Pubcomp:
        return last.type == MqttType::Pubrel;
      case MqttType::Suback:
        return last.type == MqttType::Subscribe;
      case MqttType::Unsuback:
        return last.type == MqttType::Unsubscribe;
      default:
        return false;
    }
  }

  void take(const Flow& flow, const Chunk& chunk, const MqttHeader& header, Bytes body) noexcept {
    if (header.type == MqttType::Connect) level_ = mqtt_connect_level(body).value_or(level_);
    const uint16_t id = mqtt_packet_id(header, body);
    auto open = open_.end();
    if (!is_opening(header))
      open = std::find_if(open_.begin(), open_.end(), [&](const Open& one) {
        return one.id == id && follows(header.type, one.packets.back().header);
      });
    if (open == open_.end()) {
      if (open_.size() == kMaxOpen) {
        show(flow, open_.front(), chunk.ts_ns);
        open_.erase(open_.begin());
      }
      open_.push_back({.direction = chunk.direction, .id = id});
      open = open_.end() - 1;
    }
    open->packets.push_back({header, {body.begin(), body.end()}});
    if (!is_complete(header)) return;
    show(flow, *open, chunk.ts_ns);
    open_.erase(open);
  }

  void show(const Flow& flow, const Open& open, int64_t ts_ns) const noexcept {
    if (!flow.wants(kEvent)) return;
    Event event = flow.event(kEvent, open.direction, ts_ns);
    for (const Packet& packet : open.packets)
      show_mqtt(event, packet.header, packet.body, level_);
  }

  std::vector<Open> open_;  ///< oldest first
  uint8_t level_ = 4;
};

/// A CONNECT, with the protocol's name.
pktana_match mqtt_connect(Bytes bytes) noexcept {
  const MqttHeaderResult found = parse_mqtt_header(bytes);
  if (found.is_malformed || bytes[0] != 0x10) return PKTANA_NO;
  if (!found.header) return PKTANA_MAYBE;
  constexpr size_t kNameAndLevel = 2 + 6 + 1;
  if (found.header->body_len < kNameAndLevel) return PKTANA_NO;
  const Bytes body = bytes.subspan(found.header->head_len);
  if (body.size() < kNameAndLevel) return PKTANA_MAYBE;
  return mqtt_connect_level(body) ? PKTANA_YES : PKTANA_NO;
}

/// Packets one behind another, each with the flags and the length that its kind must have.
pktana_match mqtt_packets(Bytes bytes) noexcept {
  constexpr unsigned kEnough = 2;
  unsigned count = 0;
  while (!bytes.empty() && count < kEnough) {
    const MqttHeaderResult found = parse_mqtt_header(bytes);
    if (found.is_malformed) return PKTANA_NO;
    if (!found.header) return PKTANA_MAYBE;
    const MqttHeader& header = *found.header;
    const uint8_t flags = bytes[0] & 0x0f;
    const bool ping = header.type == MqttType::Pingreq || header.type == MqttType::Pingresp;
    const bool asks = header.type == MqttType::Subscribe || header.type == MqttType::Unsubscribe ||
                      header.type == MqttType::Pubrel;
    if (header.type != MqttType::Publish && flags != (asks ? 2 : 0)) return PKTANA_NO;
    if (ping ? header.body_len != 0 : header.body_len < 2) return PKTANA_NO;
    const size_t whole = header.head_len + header.body_len;
    if (bytes.size() < whole) return PKTANA_MAYBE;
    bytes = bytes.subspan(whole);
    ++count;
  }
  return count >= kEnough ? PKTANA_YES : PKTANA_MAYBE;
}

pktana_match mqtt(const Probe& probe) noexcept {
  const pktana_match connect = either(probe, mqtt_connect);
  // Picked up behind it: two packets of each side.
  return connect != PKTANA_NO ? connect : both(probe, mqtt_packets);
}

constexpr uint16_t kPorts[] = {1883, 0};
constexpr const char* kEvents[] = {kEvent, nullptr};

}  // namespace

const pktana_dissector kMqtt = dissector_of<Mqtt>(
    {.name = "mqtt", .events = kEvents, .tcp_ports = kPorts, .priority = 120}, probed<mqtt>);

}  // namespace pktana::app::enterprise
