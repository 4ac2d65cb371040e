// SPDX-License-Identifier: Apache-2.0
#include "tools/traffic.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/bytes.h"

namespace pktana::tests {
namespace {

using base::load_be;
using base::store_be;

constexpr uint32_t kEthernet = 14, kVlan = 4, kIpv4 = 20, kUdp = 8, kTcp = 20;
constexpr uint8_t kProtocolTcp = 6;
constexpr uint64_t kLifeFrame = 7;  // SYN, SYN-ACK, ACK ... FIN, ACK, FIN, ACK
constexpr uint64_t kHandshake = 3;
constexpr uint8_t kFin = 0x01, kSyn = 0x02, kPsh = 0x08, kAck = 0x10;

uint32_t add_words(const uint8_t* p, uint32_t len, uint32_t sum) noexcept {
  for (uint32_t i = 0; i + 1 < len; i += 2)
    sum += load_be<uint16_t>(p + i);
  return sum;
}

uint16_t fold_checksum(uint32_t sum) noexcept {
  while (sum > 0xffff)
    sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<uint16_t>(~sum);
}

uint32_t put_link_header(uint8_t* p, const TrafficOptions& options, Direction direction) noexcept {
  constexpr uint8_t kMacs[] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};
  const bool forward = direction == Direction::Forward;
  std::memcpy(p, kMacs + (forward ? 6 : 0), 6);
  std::memcpy(p + 6, kMacs + (forward ? 0 : 6), 6);
  uint32_t at = 12;
  for (const uint16_t id : options.vlans) {
    store_be<uint16_t>(p + at, 0x8100);
    store_be<uint16_t>(p + at + 2, id);
    at += kVlan;
  }
  store_be<uint16_t>(p + at, 0x0800);
  return at + 2;
}

void put_ipv4(uint8_t* p, uint32_t total, uint8_t protocol, uint16_t id, uint32_t src,
              uint32_t dst) noexcept {
  std::memset(p, 0, kIpv4);
  p[0] = 0x45;
  store_be<uint16_t>(p + 2, static_cast<uint16_t>(total));
  store_be<uint16_t>(p + 4, id);
  p[8] = 64;
  p[9] = protocol;
  store_be<uint32_t>(p + 12, src);
  store_be<uint32_t>(p + 16, dst);
  store_be<uint16_t>(p + 10, fold_checksum(add_words(p, kIpv4, 0)));
}

}  // namespace

FlowTuple flow_tuple(const TrafficOptions& options, uint64_t flow) noexcept {
  const auto low = static_cast<uint32_t>(flow & 0xffff);
  const auto mixed = (low * 40503U) & 0xffff;
  return {0xC6120000U + low, 0xC6130000U + mixed,
          static_cast<uint16_t>(20000 + (flow >> 16) % 40000), options.port};
}

Traffic::Traffic(TrafficOptions options) : options_(std::move(options)) {
  options_.flows = std::max<uint64_t>(options_.flows, 1);
  if (options_.tcp_life) options_.protocol = kProtocolTcp;
  options_.both_directions |= options_.tcp_life;
  const uint32_t headers = kEthernet + kIpv4 + (options_.protocol == kProtocolTcp ? kTcp : kUdp);
  options_.frame_bytes = std::clamp(options_.frame_bytes, headers, kMaxFrameBytes);
  flow_steps_ = options_.packets / options_.flows;
  remainder_ = options_.packets % options_.flows;
  if (options_.tcp_life) {
    flow_steps_ = std::max(flow_steps_, kLifeFrame);
    remainder_ = 0;
  }
  if (options_.concurrent == 0 || remainder_ != 0) options_.concurrent = options_.flows;
}

PacketPlace Traffic::place(uint64_t number) const noexcept {
  const uint64_t steps = flow_steps_ + (remainder_ != 0 ? 1 : 0);
  const uint64_t first = number / (options_.concurrent * steps) * options_.concurrent;
  const uint64_t width = std::min(options_.concurrent, options_.flows - first);
  const uint64_t inside = number - first * steps;
  PacketPlace place{first + inside % width, inside / width};
  place.direction = direction(place.step);
  return place;
}

Direction Traffic::direction(uint64_t step) const noexcept {
  if (!options_.both_directions) return Direction::Forward;
  if (!options_.tcp_life) return step % 2 == 0 ? Direction::Forward : Direction::Reply;
  const uint64_t data = flow_steps_ - kLifeFrame;
  if (step < kHandshake) return step == 1 ? Direction::Reply : Direction::Forward;
  if (step < kHandshake + data)
    return (step - kHandshake) % 2 == 0 ? Direction::Forward : Direction::Reply;
  const uint64_t closing = step - kHandshake - data;  // FIN ->, <- ACK, <- FIN, ACK ->
  return closing == 0 || closing == 3 ? Direction::Forward : Direction::Reply;
}

uint32_t Traffic::payload_len(uint64_t step) const noexcept {
  const uint32_t headers = kEthernet + kIpv4 + (options_.protocol == kProtocolTcp ? kTcp : kUdp);
  const bool data =
      !options_.tcp_life || (step >= kHandshake && step < kHandshake + flow_steps_ - kLifeFrame);
  return data ? options_.frame_bytes - headers : 0;
}

void Traffic::put_tcp(uint8_t* header, const PacketPlace& place) const noexcept {
  std::memset(header, 0, kTcp);
  const uint64_t data = options_.tcp_life ? flow_steps_ - kLifeFrame : 0;
  const uint64_t payload = payload_len(kHandshake);
  const uint64_t step = place.step;
  // Data packets of either direction that were sent before this one.
  const uint64_t past =
      options_.tcp_life ? std::min(step < kHandshake ? 0 : step - kHandshake, data) : step;
  const uint64_t forward_past = options_.both_directions ? (past + 1) / 2 : past;
  const uint64_t reply_past = options_.both_directions ? past / 2 : 0;
  const auto isn = static_cast<uint32_t>(place.flow * 2654435761U + 1000);
  uint32_t forward_seq = isn + static_cast<uint32_t>(forward_past * payload);
  uint32_t reply_seq = (isn ^ 0x5a5a5a5a) + static_cast<uint32_t>(reply_past * payload);
  uint8_t flags = kAck | (payload_len(step) != 0 ? kPsh : 0);
  const uint64_t closing = step - kHandshake - data;
  if (options_.tcp_life) {
    if (step == 0) flags = kSyn;
    if (step == 1) flags = kSyn | kAck;
    if (step > 0) ++forward_seq;
    if (step > 1) ++reply_seq;
    if (step >= kHandshake + data) {
      if (closing == 0 || closing == 2) flags = kFin | kAck;
      if (closing > 0) ++forward_seq;
      if (closing > 2) ++reply_seq;
    }
  }
  const bool forward = place.direction == Direction::Forward;
  store_be<uint32_t>(header + 4, forward ? forward_seq : reply_seq);
  store_be<uint32_t>(header + 8, (flags & kAck) == 0 ? 0 : forward ? reply_seq : forward_seq);
  header[12] = kTcp / 4 << 4;
  header[13] = flags;
  store_be<uint16_t>(header + 14, 64240);
}

void Traffic::build(const PacketPlace& place, Frame& frame) const noexcept {
  const bool tcp = options_.protocol == kProtocolTcp;
  const uint32_t payload = payload_len(place.step);
  const uint32_t transport_len = (tcp ? kTcp : kUdp) + payload;
  FlowTuple tuple = flow_tuple(options_, place.flow);
  if (place.direction == Direction::Reply) {
    std::swap(tuple.src, tuple.dst);
    std::swap(tuple.src_port, tuple.dst_port);
  }
  uint8_t* p = frame.bytes.data();
  const uint32_t network = put_link_header(p, options_, place.direction);
  put_ipv4(p + network, kIpv4 + transport_len, options_.protocol, static_cast<uint16_t>(place.step),
           tuple.src, tuple.dst);
  uint8_t* transport = p + network + kIpv4;
  if (tcp) {
    put_tcp(transport, place);
  } else {
    std::memset(transport, 0, kUdp);
    store_be<uint16_t>(transport + 4, static_cast<uint16_t>(transport_len));
  }
  store_be<uint16_t>(transport, tuple.src_port);
  store_be<uint16_t>(transport + 2, tuple.dst_port);
  std::memset(transport + transport_len - payload, 0, payload);
  // The payload is zeros and adds nothing.
  uint32_t sum = add_words(p + network + 12, 8, options_.protocol + transport_len);
  sum = add_words(transport, transport_len - payload, sum);
  store_be<uint16_t>(transport + (tcp ? 16 : 6), fold_checksum(sum));
  frame.len = network + kIpv4 + transport_len;
  const auto pad_to = static_cast<uint32_t>(60 + options_.vlans.size() * kVlan);
  if (frame.len < pad_to) {
    std::memset(p + frame.len, 0, pad_to - frame.len);
    frame.len = pad_to;
  }
}

std::string ipv4_text(uint32_t a) {
  return std::to_string(a >> 24) + '.' + std::to_string(a >> 16 & 255) + '.' +
         std::to_string(a >> 8 & 255) + '.' + std::to_string(a & 255);
}

}  // namespace pktana::tests
