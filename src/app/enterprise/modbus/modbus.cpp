// SPDX-License-Identifier: Apache-2.0
// Modbus/TCP: a request and the response that repeats its transaction and unit are one modbus
// event.
#include <algorithm>
#include <vector>

#include "app/enterprise/enterprise.h"
#include "app/enterprise/modbus/modbus_message.h"
#include "app/enterprise/probing.h"

namespace pktana::app::enterprise {
namespace {

constexpr const char* kEvent = "modbus";
constexpr uint16_t kPort = 502;
constexpr size_t kMaxOpen = 32;  ///< requests that wait for an answer

class Modbus {
 public:
  pktana_step on_chunk(Flow flow, const Chunk& chunk) noexcept {
    if (chunk.bytes.size() < kModbusHeader) return wait_for(chunk, kModbusHeader);
    const size_t whole = modbus_length(chunk.bytes);
    if (whole == 0) return kDone;
    if (chunk.bytes.size() < whole) return wait_for(chunk, whole);
    take(flow, chunk, parse_modbus(chunk.bytes.first(whole)));
    return more(whole);
  }

  void on_end(Flow flow, int64_t ts_ns) noexcept {
    for (const Open& open : open_)
      show(flow, &open, nullptr, ts_ns);
    open_.clear();
  }

 private:
  struct Open {
    ModbusMessage message;
    std::vector<uint8_t> data;  ///< what `message.data` is when it is shown
    uint64_t id = 0;
  };

  void take(const Flow& flow, const Chunk& chunk, const ModbusMessage& message) noexcept {
    if (chunk.direction == asking_.of(flow)) {
      if (open_.size() == kMaxOpen) {
        show(flow, &open_.front(), nullptr, chunk.ts_ns);
        open_.erase(open_.begin());
      }
      open_.push_back({message, {message.data.begin(), message.data.end()}, ++count_});
      return;
    }
    const auto open = std::find_if(open_.begin(), open_.end(), [&](const Open& one) {
      return one.message.transaction_id == message.transaction_id &&
             one.message.unit_id == message.unit_id && one.message.code() == message.code();
    });
    if (open == open_.end()) {
      ++count_;
      return show(flow, nullptr, &message, chunk.ts_ns);
    }
    show(flow, &*open, &message, chunk.ts_ns);
    open_.erase(open);
  }

  void show(const Flow& flow, const Open* open, const ModbusMessage* response,
            int64_t ts_ns) noexcept {
    if (!flow.wants(kEvent)) return;
    Event event =
        flow.event(kEvent, open != nullptr ? asking_.of(flow) : other(asking_.of(flow)), ts_ns);
    event.number("id", open != nullptr ? open->id : count_);
    if (open != nullptr) {
      Object object = event.object("request");
      ModbusMessage request = open->message;
      request.data = open->data;
      show_modbus(object, request, ModbusSide::Request);
    }
    if (response == nullptr) return;
    Object object = event.object("response");
    show_modbus(object, *response, ModbusSide::Response);
  }

  std::vector<Open> open_;  ///< oldest first
  uint64_t count_ = 0;
  AskingSide asking_{kPort};
};

/// Transaction, protocol 0, length, unit, function.
pktana_match modbus_message(Bytes bytes) noexcept {
  constexpr size_t kLeast = kModbusHeader + 2;
  if (bytes.size() < kLeast) return PKTANA_MAYBE;
  const uint8_t function = bytes[7] & 0x7f;
  const bool known = (function >= 1 && function <= 8) || (function >= 11 && function <= 17) ||
                     (function >= 20 && function <= 24) || function == 43 || function == 90;
  const size_t whole = modbus_length(bytes);
  if (whole == 0 || !known) return PKTANA_NO;
  // An exception is one byte more; reads and single writes have a fixed length.
  constexpr size_t kException = kModbusHeader + 3;
  if ((bytes[7] & 0x80) != 0) return whole == kException ? PKTANA_YES : PKTANA_NO;
  return bytes.size() >= whole ? PKTANA_YES : PKTANA_MAYBE;
}

pktana_match modbus(const Probe& probe) noexcept {
  if (probe.hinted()) return either(probe, modbus_message);
  const pktana_match match = both(probe, modbus_message);
  if (match != PKTANA_YES) return match;
  const Bytes request = probe.to_server();
  const Bytes reply = probe.to_client();
  // The answer repeats transaction, unit and function.
  return be16(request, 0) == be16(reply, 0) && request[6] == reply[6] &&
                 request[7] == (reply[7] & 0x7f)
             ? PKTANA_YES
             : PKTANA_NO;
}

constexpr uint16_t kPorts[] = {kPort, 0};
constexpr const char* kEvents[] = {kEvent, nullptr};

}  // namespace

const pktana_dissector kModbus = dissector_of<Modbus>(
    {.name = "modbus", .events = kEvents, .tcp_ports = kPorts, .priority = 150}, probed<modbus>);

}  // namespace pktana::app::enterprise
