// SPDX-License-Identifier: Apache-2.0
// Fuzzes a dissector through the application layer. The input is that of tests/app/seed.h; with
// PKTANA_FUZZ_DISSECTOR=NAME in the environment its first line is not looked at, and all goes to
// that dissector, which is the only one then: runs are not spent on the probes of the others. What
// must hold: no fault, events are balanced, calls make sense, nothing is held at the end.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>

#include "app/app_layer.h"
#include "app/seed.h"
#include "base/bytes.h"
#include "flow/app_tape.h"

namespace {

using namespace pktana;

constexpr flow::Slot kSlot = 0;
constexpr uint32_t kFirst = 0xFFFFF000U;
constexpr size_t kMaxEvents = 100'000;

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

void check_tape(std::span<const uint8_t> tape) {
  flow::TapeReader reader(tape);
  flow::TapeNode node;
  unsigned depth = 0;
  while (reader.next(node)) {
    if (node.kind == flow::TapeKind::End) {
      require(depth > 0, "every end has its begin");
      --depth;
    }
    depth += node.kind == flow::TapeKind::ObjectBegin || node.kind == flow::TapeKind::ArrayBegin;
  }
  require(depth == 0, "every begin has its end");
}

class FuzzedFlow final : public flow::HookedFlow {
 public:
  explicit FuzzedFlow(uint8_t protocol, uint16_t port) : protocol_(protocol), port_(port) {}

  [[nodiscard]] flow::FlowRecord record() const noexcept override {
    flow::FlowRecord record;
    record.ip_version = 4;
    record.protocol = protocol_;
    record.src = {198, 18, 0, 1};
    record.dst = {198, 18, 0, 2};
    record.src_port = 40000;
    record.dst_port = port_;
    return record;
  }
  [[nodiscard]] std::optional<uint32_t> first_sequence(flow::Direction) const noexcept override {
    return kFirst;
  }
  void emit(const flow::AppEvent* event, int64_t) noexcept override {
    require(++events_ < kMaxEvents, "an input of some KiB makes no flood of events");
    // Of a name that was learned the tape is the text.
    if (!event->learned) check_tape(event->tape);
    check_tape(event->beside);
    if (event->drop_reference()) delete event;
  }

 private:
  uint8_t protocol_;
  uint16_t port_;
  size_t events_ = 0;
};

/// The dissector of that name alone.
app::Registry registry_of(const char* name) {
  const app::Registry all = app::Registry::with_builtin();
  const app::DissectorEntry* entry = all.find(name);
  require(entry != nullptr, "PKTANA_FUZZ_DISSECTOR names a dissector");
  app::Registry one;
  require(one.add(*entry->dissector, nullptr).has_value(), "a dissector stands alone");
  return one;
}

struct Target {
  const char* forced = std::getenv("PKTANA_FUZZ_DISSECTOR");
  app::Registry registry = forced != nullptr ? registry_of(forced) : app::Registry::with_builtin();
  app::Expectations expectations;
  std::unique_ptr<app::AppLayer> layer;

  Target() {
    auto made = app::AppLayer::create(
        {.registry = &registry, .expectations = &expectations, .max_flows = 1});
    require(made.has_value(), "the layer can be made");
    layer = std::move(*made);
  }
};

Target& target() {
  static Target made;
  return made;
}

/// One flow, chunk by chunk.
class Drive {
 public:
  Drive(const app::DissectorEntry& owner, uint8_t flags)
      : udp_((flags & app::kSeedUdp) != 0),
        port_(pick_port(*owner.dissector, flags)),
        flow_(udp_ ? PKTANA_UDP : PKTANA_TCP, port_) {
    if ((flags & app::kSeedProbe) != 0) return;
    const flow::FlowRecord record = flow_.record();
    target().expectations.add({.protocol = record.protocol,
                               .port = record.dst_port,
                               .host = record.dst,
                               .peer = record.src},
                              {owner.dissector->name, "RETR name"}, 0);
  }

  void run(std::span<const uint8_t> input) {
    bool wanted = true;
    while (wanted && input.size() >= 2) {
      const auto word = base::load_be<uint16_t>(input.data());
      input = input.subspan(2);
      const auto content = input.first(std::min<size_t>(input.size(), word & app::kSeedLength));
      input = input.subspan(content.size());
      wanted = send(word, content);
    }
    target().layer->on_end(kSlot, now_ns_, flow_);
    target().layer->release(kSlot);
    require(target().layer->totals().memory_bytes == 0, "nothing is held behind the end");
    // An expectation that this input left must not meet the next one.
    const flow::FlowRecord record = flow_.record();
    while (target().expectations.any())
      if (target().expectations.take({.protocol = record.protocol}, int64_t{1} << 60).dissector ==
          nullptr)
        break;
  }

 private:
  [[nodiscard]] uint16_t pick_port(const pktana_dissector& dissector, uint8_t flags) const {
    const uint16_t* ports = udp_ ? dissector.udp_ports : dissector.tcp_ports;
    const bool hinted = (flags & app::kSeedHinted) != 0 && ports != nullptr && *ports != 0;
    return hinted ? *ports : uint16_t{9};
  }

  [[nodiscard]] bool send(uint16_t word, std::span<const uint8_t> content) {
    const auto side = (word & app::kSeedToClient) != 0 ? flow::kToClient : flow::kToServer;
    // In its exact size, where AddressSanitizer sees a read of one byte too many.
    const auto exact = std::make_unique<uint8_t[]>(content.size());
    std::copy(content.begin(), content.end(), exact.get());
    if (!udp_ && (word & app::kSeedGap) != 0) said_[side] += static_cast<uint32_t>(content.size());
    flow::FlowPacket packet;
    packet.key.ports = uint64_t{flow_.record().protocol} << 32 | uint64_t{4} << 40;
    packet.ts_ns = ++now_ns_;
    packet.src_port = side == flow::kToServer ? uint16_t{40000} : port_;
    packet.dst_port = side == flow::kToServer ? port_ : uint16_t{40000};
    packet.payload = {exact.get(), content.size()};
    packet.payload_len = static_cast<uint32_t>(content.size());
    if (!udp_) {
      packet.tcp_seq = kFirst + said_[side];
      packet.tcp_ack = kFirst + said_[1 - side];
      packet.tcp_flags = (word & app::kSeedFin) != 0 ? 0x11 : 0x10;
      said_[side] += packet.payload_len;
    }
    return target().layer->on_packet(kSlot, packet, side, flow_);
  }

  bool udp_;
  uint16_t port_;
  FuzzedFlow flow_;
  int64_t now_ns_ = 0;
  uint32_t said_[2] = {};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::span<const uint8_t> input(data, size);
  const auto line = std::find(input.begin(), input.end(), '\n');
  if (line == input.end() || input.end() - line < 2) return 0;
  const auto name_len = static_cast<size_t>(line - input.begin());
  std::string_view name(reinterpret_cast<const char*>(data), name_len);
  if (target().forced != nullptr) name = target().forced;
  const app::DissectorEntry* owner = target().registry.find(name);
  if (owner == nullptr) return 0;
  Drive(*owner, input[name_len + 1]).run(input.subspan(name_len + 2));
  return 0;
}
