// SPDX-License-Identifier: Apache-2.0
// Frames of HTTP/2 (RFC 9113 sections 4 and 6). Pure parsing.
#pragma once

#include "app/reader.h"

namespace pktana::app::internet::http2 {

inline constexpr size_t kFrameHeaderLen = 9;
inline constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

enum class FrameType : uint8_t {
  Data = 0,
  Headers = 1,
  Priority = 2,
  RstStream = 3,
  Settings = 4,
  PushPromise = 5,
  GoAway = 7,
  Continuation = 9,
};

enum Flag : uint8_t {
  EndStream = 0x01,
  Ack = 0x01,
  EndHeaders = 0x04,
  Padded = 0x08,
  HasPriority = 0x20
};

/// Lifetime: borrows the bytes.
struct Frame {
  FrameType type = FrameType::Data;
  uint8_t flags = 0;
  uint32_t stream = 0;
  uint32_t length = 0;  ///< of the payload, as the header says
  Bytes payload;        ///< what is there of it

  [[nodiscard]] bool has(Flag flag) const noexcept { return (flags & flag) != 0; }
  [[nodiscard]] size_t total_len() const noexcept { return kFrameHeaderLen + length; }
  [[nodiscard]] bool is_whole() const noexcept { return payload.size() == length; }
};

/// False if the nine bytes of the frame's header are not there.
[[nodiscard]] bool read_frame(Bytes bytes, Frame& frame) noexcept;

/// What HEADERS and PUSH_PROMISE carry in front of their header block.
struct BlockStart {
  Bytes block;
  bool has_weight = false;
  uint8_t weight = 0;
  uint32_t promised_stream = 0;
};

/// Padding, priority and promised stream taken off. False if the frame is too short for them.
[[nodiscard]] bool read_block_start(const Frame& frame, BlockStart& start) noexcept;

/// A SETTINGS frame of known identifiers that is no acknowledgement: how a server begins.
[[nodiscard]] bool is_first_settings(Bytes bytes) noexcept;

/// "SETTINGSENABLEPUSH", as EVE writes it; empty for an unknown one.
[[nodiscard]] std::string_view setting_name(uint16_t id) noexcept;
/// "NOERROR", as EVE writes it; empty for an unknown one.
[[nodiscard]] std::string_view error_name(uint32_t code) noexcept;

}  // namespace pktana::app::internet::http2
