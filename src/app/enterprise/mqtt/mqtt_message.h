// SPDX-License-Identifier: Apache-2.0
// MQTT control packets (3.1, 3.1.1 and 5.0): the fixed header, and the fields of each kind written
// into events. Pure apart from the event.
#pragma once

#include <optional>

#include "app/dissector.h"

namespace pktana::app::enterprise {

enum class MqttType : uint8_t {
  Connect = 1,
  Connack = 2,
  Publish = 3,
  Puback = 4,
  Pubrec = 5,
  Pubrel = 6,
  Pubcomp = 7,
  Subscribe = 8,
  Suback = 9,
  Unsubscribe = 10,
  Unsuback = 11,
  Pingreq = 12,
  Pingresp = 13,
  Disconnect = 14,
  Auth = 15,
};

/// Fixed header (5.0 section 2.1).
struct MqttHeader {
  MqttType type = MqttType::Connect;
  uint8_t qos = 0;
  bool dup = false;
  bool retain = false;
  size_t head_len = 0;
  size_t body_len = 0;
};

/// `is_malformed`: type 0, QoS 3, or a length of more than four bytes. Neither: not all there yet.
struct MqttHeaderResult {
  std::optional<MqttHeader> header;
  bool is_malformed = false;
};
[[nodiscard]] MqttHeaderResult parse_mqtt_header(Bytes bytes) noexcept;

/// Protocol level of a CONNECT (3, 4, 5); nothing if its name is none of MQTT's.
[[nodiscard]] std::optional<uint8_t> mqtt_connect_level(Bytes body) noexcept;

/// The packet identifier that an answer repeats; 0 for kinds without one.
[[nodiscard]] uint16_t mqtt_packet_id(const MqttHeader& header, Bytes body) noexcept;

/// Writes the packet as an object named by its kind.
/// @param body  what was kept of it; may be cut.
/// @param level  of the connection's CONNECT: from 5 on there are properties.
void show_mqtt(Fields& event, const MqttHeader& header, Bytes body, uint8_t level) noexcept;

}  // namespace pktana::app::enterprise
