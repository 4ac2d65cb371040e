// SPDX-License-Identifier: Apache-2.0
// The websocket dissector (RFC 6455): one event a frame; the payload is skipped. Flows come from
// HTTP's Upgrade: there is nothing to recognise a WebSocket by.
#include "app/internet/dissectors.h"
#include "app/reader.h"

namespace pktana::app::internet {

namespace {

constexpr const char* kEvents[] = {"websocket", nullptr};
constexpr size_t kMinHeaderLen = 2;
constexpr uint8_t kLength16 = 126;
constexpr uint8_t kLength64 = 127;
constexpr uint64_t kMaxLength = uint64_t{1} << 48;

struct Frame {
  bool is_final = false;
  uint8_t opcode = 0;
  bool has_mask = false;
  uint32_t mask = 0;
  uint64_t length = 0;
  size_t header_len = 0;
};

// False if the header is not all there.
bool read_frame(Bytes bytes, Frame& frame) noexcept {
  Reader reader(bytes);
  const uint8_t first = reader.u8();
  const uint8_t second = reader.u8();
  frame.is_final = (first & 0x80) != 0;
  frame.opcode = first & 15;
  frame.has_mask = (second & 0x80) != 0;
  frame.length = second & 0x7f;
  if (frame.length == kLength16) {
    frame.length = reader.u16();
  } else if (frame.length == kLength64) {
    frame.length = reader.u32();
    frame.length = frame.length << 32 | reader.u32();
  }
  if (frame.has_mask) frame.mask = reader.u32();
  frame.header_len = reader.at();
  return reader.ok();
}

std::string_view opcode_name(uint8_t opcode) noexcept {
  switch (opcode) {
    case 0:
      return "continuation";
    case 1:
      return "text";
    case 2:
      return "binary";
    case 8:
      return "close";
    case 9:
      return "ping";
    case 10:
      return "pong";
    default:
      return {};
  }
}

class WebsocketFlow {
 public:
  pktana_step on_chunk(const Flow& flow, const Chunk& chunk) noexcept {
    if (!flow.wants("websocket")) return kDone;
    if (lost_[chunk.direction]) return more(chunk.bytes.size());
    uint64_t at = 0;
    Frame frame;
    while (at < chunk.bytes.size() && read_frame(chunk.bytes.subspan(at), frame)) {
      // Beyond what is defined there is no way to tell where the next one begins.
      if (opcode_name(frame.opcode).empty() || frame.length > kMaxLength) return kDone;
      write(flow, chunk, frame);
      at += frame.header_len + frame.length;
    }
    return more(at, kMinHeaderLen);
  }

  pktana_step on_gap(const Flow&, uint8_t direction, uint64_t) noexcept {
    lost_[direction] = true;
    return lost_[0] && lost_[1] ? kDone : more(0);
  }

 private:
  static void write(const Flow& flow, const Chunk& chunk, const Frame& frame) noexcept {
    Event event = flow.event("websocket", chunk.direction, chunk.ts_ns);
    event.flag("fin", frame.is_final);
    if (frame.has_mask) event.number("mask", frame.mask);
    event.text("opcode", opcode_name(frame.opcode));
  }

  bool lost_[2] = {};
};

}  // namespace

constinit const pktana_dissector kWebsocket =
    dissector_of<WebsocketFlow>({.name = "websocket", .events = kEvents}, nullptr);

}  // namespace pktana::app::internet
