// SPDX-License-Identifier: Apache-2.0
#include "app/enterprise/mqtt/mqtt_message.h"

#include <algorithm>

#include "app/enterprise/probing.h"

namespace pktana::app::enterprise {
namespace {

constexpr uint8_t kLevelWithProperties = 5;
constexpr unsigned kMaxTopics = 64;

constexpr const char* kNames[] = {"",          "connect",  "connack",     "publish",
                                  "puback",    "pubrec",   "pubrel",      "pubcomp",
                                  "subscribe", "suback",   "unsubscribe", "unsuback",
                                  "pingreq",   "pingresp", "disconnect",  "auth"};

/// Reads fields one behind another; what is not there reads as 0 or empty.
class Cursor {
 public:
  explicit Cursor(Bytes rest) noexcept : rest_(rest) {}

  [[nodiscard]] Bytes rest() const noexcept { return rest_; }
  uint8_t byte() noexcept {
    const Bytes one = take(1);
    return one.empty() ? 0 : one[0];
  }
  uint16_t number() noexcept {
    const Bytes two = take(2);
    return two.size() < 2 ? 0 : be16(two, 0);
  }
  /// Length in two bytes, then so many.
  std::string_view text() noexcept { return text_of(take(number())); }
  void skip_properties(uint8_t level) noexcept {
    constexpr int kMaxLengthBytes = 4;
    if (level < kLevelWithProperties) return;
    size_t len = 0;
    for (int i = 0; i < kMaxLengthBytes; ++i) {
      const uint8_t part = byte();
      len |= size_t{part & 0x7fu} << (7 * i);
      if (part < 0x80) break;
    }
    (void)take(len);
  }

 private:
  Bytes take(size_t len) noexcept {
    const Bytes taken = rest_.first(std::min(len, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }
  Bytes rest_;
};

void show_connect(Fields& out, Cursor in) noexcept {
  constexpr uint8_t kUser = 0x80, kPassword = 0x40, kWillRetain = 0x20, kWill = 0x04;
  constexpr uint8_t kCleanSession = 0x02;
  out.text("protocol_string", in.text());
  const uint8_t level = in.byte();
  out.number("protocol_version", level);
  const uint8_t flags = in.byte();
  (void)in.number();  // keep alive
  in.skip_properties(level);
  out.text("client_id", in.text());
  {
    Object object = out.object("flags");
    object.flag("username", (flags & kUser) != 0);
    object.flag("password", (flags & kPassword) != 0);
    object.flag("will_retain", (flags & kWillRetain) != 0);
    object.flag("will", (flags & kWill) != 0);
    object.flag("clean_session", (flags & kCleanSession) != 0);
  }
  if ((flags & kWill) != 0) {
    Object will = out.object("will");
    in.skip_properties(level);
    will.text("topic", in.text());
    will.text("message", in.text());
  }
  if ((flags & kUser) != 0) out.text("username", in.text());
  if ((flags & kPassword) != 0) out.text("password", in.text());
}

void show_publish(Fields& out, const MqttHeader& header, Bytes body, uint8_t level) noexcept {
  Cursor in(body);
  out.text("topic", in.text());
  if (header.qos > 0) out.number("message_id", in.number());
  in.skip_properties(level);
  out.text("message", text_of(in.rest()));
  if (body.size() == header.body_len) return;
  out.flag("truncated", true);
  out.number("skipped_length", header.body_len - body.size());
}

void show_subscribe(Fields& out, Cursor in, uint8_t level, bool has_options) noexcept {
  constexpr uint8_t kQos = 0x03;
  out.number("message_id", in.number());
  in.skip_properties(level);
  Array topics = out.array("topics");
  for (unsigned i = 0; i < kMaxTopics && !in.rest().empty(); ++i) {
    const std::string_view topic = in.text();
    if (!has_options) {
      topics.add(topic);
      continue;
    }
    Object object = topics.object(nullptr);
    object.text("topic", topic);
    object.number("qos", in.byte() & kQos);
  }
}

void show_granted(Fields& out, Cursor in, uint8_t level, const char* key) noexcept {
  out.number("message_id", in.number());
  in.skip_properties(level);
  if (in.rest().empty()) return;
  Array codes = out.array(key);
  for (unsigned i = 0; i < kMaxTopics && !in.rest().empty(); ++i)
    codes.add_number(in.byte());
}

void show_body(Fields& out, const MqttHeader& header, Bytes body, uint8_t level) noexcept {
  Cursor in(body);
  switch (header.type) {
    case MqttType::Connect:
      return show_connect(out, in);
    case MqttType::Connack:
      out.flag("session_present", (in.byte() & 1) != 0);
      return out.number("return_code", in.byte());
    case MqttType::Publish:
      return show_publish(out, header, body, level);
    case MqttType::Puback:
    case MqttType::Pubrec:
    case MqttType::Pubrel:
    case MqttType::Pubcomp:
      out.number("message_id", in.number());
      if (!in.rest().empty()) out.number("reason_code", in.byte());
      return;
    case MqttType::Subscribe:
      return show_subscribe(out, in, level, true);
    case MqttType::Unsubscribe:
      return show_subscribe(out, in, level, false);
    case MqttType::Suback:
      return show_granted(out, in, level, "qos_granted");
    case MqttType::Unsuback:
      return show_granted(out, in, level, "reason_codes");
    case MqttType::Disconnect:
      if (!in.rest().empty()) out.number("reason_code", in.byte());
      return;
    default:
      return;
  }
}

}  // namespace

MqttHeaderResult parse_mqtt_header(Bytes bytes) noexcept {
  constexpr size_t kMaxLengthBytes = 4;
  if (bytes.empty()) return {};
  const uint8_t type = bytes[0] >> 4;
  MqttHeader header{.type = static_cast<MqttType>(type),
                    .qos = static_cast<uint8_t>(bytes[0] >> 1 & 0x03),
                    .dup = (bytes[0] & 0x08) != 0,
                    .retain = (bytes[0] & 0x01) != 0};
  if (type == 0 || header.qos > 2) return {{}, true};
  for (size_t i = 0; i < kMaxLengthBytes; ++i) {
    if (bytes.size() < i + 2) return {};
    header.body_len |= size_t{bytes[i + 1] & 0x7fu} << (7 * i);
    header.head_len = i + 2;
    if (bytes[i + 1] < 0x80) return {header, false};
  }
  return {{}, true};
}

std::optional<uint8_t> mqtt_connect_level(Bytes body) noexcept {
  Cursor in(body);
  const std::string_view name = in.text();
  const uint8_t level = in.byte();
  const bool known =
      (name == "MQTT" && (level == 4 || level == 5)) || (name == "MQIsdp" && level == 3);
  if (!known) return {};
  return level;
}

uint16_t mqtt_packet_id(const MqttHeader& header, Bytes body) noexcept {
  Cursor in(body);
  switch (header.type) {
    case MqttType::Publish:
      if (header.qos == 0) return 0;
      (void)in.text();
      return in.number();
    case MqttType::Puback:
    case MqttType::Pubrec:
    case MqttType::Pubrel:
    case MqttType::Pubcomp:
    case MqttType::Subscribe:
    case MqttType::Suback:
    case MqttType::Unsubscribe:
    case MqttType::Unsuback:
      return in.number();
    default:
      return 0;
  }
}

void show_mqtt(Fields& event, const MqttHeader& header, Bytes body, uint8_t level) noexcept {
  Object out = event.object(kNames[static_cast<uint8_t>(header.type)]);
  out.number("qos", header.qos);
  out.flag("retain", header.retain);
  out.flag("dup", header.dup);
  show_body(out, header, body, level);
}

}  // namespace pktana::app::enterprise
