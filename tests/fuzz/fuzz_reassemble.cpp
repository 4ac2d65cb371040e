// SPDX-License-Identifier: Apache-2.0
// Fuzzes the way of fragments: any sequence of IP packets, at any times, ends with every frame
// counted once or held, and none held when all is over. reassemble_input.h says what the input is.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "base/bytes.h"
#include "engine/fragment_stage.h"
#include "fuzz/reassemble_input.h"
#include "parse/link_type.h"
#include "parse/packet.h"

namespace {

using namespace pktana;

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

class Counter final : public engine::FragmentCounter {
 public:
  void count_fragments(const flow::FlowPacket& packet) noexcept override {
    require(packet.packets > 0, "no frame is counted");
    require(packet.first_ns <= packet.ts_ns, "a datagram ends before it begins");
    frames += packet.packets;
    bytes += packet.wire_len;
  }
  void count_outer(const flow::FlowPacket& packet) noexcept override {
    require(packet.packets > 0, "no frame is counted again");
  }
  void join_frames(uint64_t number, uint64_t with) noexcept override {
    require(number == 0 && with == 0, "no frame is joined that was not numbered");
  }
  void count_undecodable(const parse::Packet&, const flow::FlowPacket& packet) noexcept override {
    frames += packet.packets;
    bytes += packet.wire_len;
  }

  uint64_t frames = 0;
  uint64_t bytes = 0;
};

engine::FragmentStage make_stage() {
  auto stage = engine::FragmentStage::create(
      {.decode = {}, .key = {}, .secret = {.word = {1, 2, 3, 4}}, .outer_too = true});
  require(stage.has_value(), "no memory");
  return std::move(*stage);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static engine::FragmentStage stage = make_stage();  // empty again at the end of each input
  Counter counter;
  uint64_t frames = 0;
  uint64_t bytes = 0;
  int64_t now_ns = 0;
  parse::Packet packet;
  while (size > fuzz::kReassembleHeaderLen) {
    const auto said = base::load_be<uint16_t>(data);
    now_ns += fuzz::kTimeStepNs * data[2];
    data += fuzz::kReassembleHeaderLen;
    size -= fuzz::kReassembleHeaderLen;
    const size_t len = said < size ? said : size;
    parse::decode(static_cast<uint16_t>(parse::LinkType::Raw), {data, len},
                  static_cast<uint32_t>(len), {}, packet);
    data += len;
    size -= len;
    if (packet.verdict != parse::Verdict::Ip || packet.fragment == parse::Fragment::None) continue;
    const auto wire_len = static_cast<uint32_t>(len);
    stage.take(packet, {.ts_ns = now_ns, .wire_len = wire_len}, now_ns, counter);
    ++frames;
    bytes += wire_len;
    require(counter.frames + stage.held_frames() == frames, "a frame is lost or counted twice");
    require(counter.bytes + stage.held_bytes() == bytes, "bytes are lost or counted twice");
  }
  stage.finish(counter);
  require(stage.held_frames() == 0, "something is held when all is over");
  require(counter.frames == frames, "not every frame was counted");
  // What is kept for late copies must not show in the next input.
  stage.expire(now_ns + flow::Reassembler::kTimeoutNs, counter);
  return 0;
}
