// SPDX-License-Identifier: Apache-2.0
#include "app/app_layer.h"

#include <algorithm>
#include <new>
#include <utility>

#include "app/dissector_calls.h"
#include "app/host_table.h"
#include "base/prefetch.h"

namespace pktana::app {
namespace {

using flow::AppBasis;
using flow::Direction;
using flow::FlowPacket;

constexpr size_t kStateAlignment = 16;
constexpr size_t kCacheLine = 64;
/// Owner, state and both sides.
constexpr size_t kPrefetchedTalkBytes = 32 + sizeof(Conversation::side);
constexpr size_t kPrefetchedState = 4 * kCacheLine;

size_t state_bytes(const pktana_dissector& dissector) noexcept {
  // In whole units of the alignment: libstdc++'s pools place blocks of 24 bytes at multiples of 8.
  return (std::max<size_t>(dissector.state_bytes, 1) + kStateAlignment - 1) / kStateAlignment *
         kStateAlignment;
}

/// Stands in for a flow whose shard is gone.
class NoFlow final : public flow::HookedFlow {
 public:
  [[nodiscard]] flow::FlowRecord record() const noexcept override { return {}; }
  [[nodiscard]] std::optional<uint32_t> first_sequence(Direction) const noexcept override {
    return std::nullopt;
  }
  void emit(const flow::AppEvent* event, int64_t) noexcept override {
    if (event->drop_reference()) delete event;
  }
};

flow::AppSummary& summary_of(FlowApp& app) {
  if (app.summary == nullptr) app.summary = new flow::AppSummary();
  return *app.summary;
}

}  // namespace

base::Result<std::unique_ptr<AppLayer>> AppLayer::create(const AppOptions& options) {
  auto flows = base::Mapping::anonymous(size_t{options.max_flows} * sizeof(FlowApp));
  if (!flows) return base::Unexpected(flows.error());
  return std::unique_ptr<AppLayer>(new AppLayer(options, std::move(*flows)));
}

AppLayer::AppLayer(const AppOptions& options, base::Mapping flows)
    : registry_(options.registry),
      expectations_(options.expectations),
      wanted_(options.wanted),
      budget_(options.memory_bytes),
      flows_(std::move(flows)) {}

AppLayer::~AppLayer() {
  const auto slots = static_cast<flow::Slot>(flows_.size() / sizeof(FlowApp));
  for (flow::Slot slot = 0; live_ > 0 && slot < slots; ++slot)
    release(slot);
}

AppTotals AppLayer::totals() const noexcept {
  AppTotals totals = totals_;
  totals.misuses = builder_.misuses();
  totals.memory_bytes = budget_.used();
  return totals;
}

bool AppLayer::on_packet(flow::Slot slot, const FlowPacket& packet, Direction direction,
                         flow::HookedFlow& flow) noexcept {
  FlowApp& app = app_of(slot);
  const bool to_server = direction == flow::kToServer;
  const Passage on{.app = app,
                   .flow = flow,
                   .protocol = packet.key.protocol(),
                   .direction = direction,
                   .port = {to_server ? packet.dst_port : packet.src_port,
                            to_server ? packet.src_port : packet.dst_port},
                   .ts_ns = packet.ts_ns};
  if (app.conversation == nullptr) {
    if (packet.payload.empty()) return true;
    begin(on);
    if (on.is_over()) return false;
  }
  if (on.protocol == PKTANA_TCP)
    take_segment(on, packet);
  else
    take_datagram(on, packet);
  return !on.is_over();
}

// PERF NOTE: of a flow that was not seen lately, what is kept here, its conversation and the
// dissector's state miss the cache one after the other, since each leads to the next.
void AppLayer::prefetch(std::span<const flow::Slot> slots) const noexcept {
  for (const flow::Slot slot : slots)
    base::prefetch_for_write(&app_of(slot));
  for (const flow::Slot slot : slots) {
    const auto* const talk = reinterpret_cast<const uint8_t*>(app_of(slot).conversation);
    if (talk == nullptr) continue;
    for (size_t at = 0; at < kPrefetchedTalkBytes; at += kCacheLine)
      base::prefetch_for_write(talk + at);
  }
  for (const flow::Slot slot : slots) {
    const Conversation* const talk = app_of(slot).conversation;
    if (talk == nullptr || talk->owner == nullptr) continue;
    const auto* const state = static_cast<const uint8_t*>(talk->state);
    const size_t bytes = std::min<size_t>(talk->owner->dissector->state_bytes, kPrefetchedState);
    for (size_t at = 0; at < bytes; at += kCacheLine)
      base::prefetch_for_write(state + at);
  }
}

void AppLayer::begin(const Passage& on) noexcept {
  ++totals_.flows_seen;
  ++live_;
  void* memory = pool_.allocate(sizeof(Conversation), alignof(Conversation));
  on.app.conversation = new (memory) Conversation(budget_);
  on.talk().first_direction = on.direction;
  if (expectations_->any()) [[unlikely]]
    claim_announced(on);
}

void AppLayer::claim_announced(const Passage& on) noexcept {
  const flow::FlowRecord record = on.flow.record();
  for (const bool at_src : {false, true}) {
    Announcement announced =
        expectations_->take({.ip_version = record.ip_version,
                             .protocol = record.protocol,
                             .port = at_src ? record.src_port : record.dst_port,
                             .host = at_src ? record.src : record.dst,
                             .peer = at_src ? record.dst : record.src},
                            on.ts_ns);
    if (announced.dissector == nullptr) continue;
    const DissectorEntry* owner = registry_->find(announced.dissector);
    if (owner == nullptr) continue;
    on.talk().note = std::move(announced.note);
    claim(on, *owner, AppBasis::Expected);
    return;
  }
}

void AppLayer::claim(const Passage& on, const DissectorEntry& owner, AppBasis basis) noexcept {
  const pktana_dissector& dissector = *owner.dissector;
  if (on.app.app_proto == nullptr) ++totals_.flows_recognised;
  on.app.app_proto = dissector.name;
  on.app.basis = basis;
  if (!wanted_.need_more_than_recognition(dissector)) {
    let_go(on);
    return;
  }
  Conversation& talk = on.talk();
  talk.owner = &owner;
  talk.state = pool_.allocate(state_bytes(dissector), kStateAlignment);
  std::fill_n(static_cast<uint8_t*>(talk.state), state_bytes(dissector), uint8_t{0});
  FlowCall call(tools(), on.app, on.flow, on.ts_ns);
  if (call_begin(owner, talk.state, &call)) return;
  builder_.abandon();
  pool_.deallocate(talk.state, state_bytes(dissector), kStateAlignment);
  talk.owner = nullptr;
  let_go(on);
}

void AppLayer::dismiss_owner(const Passage& on) noexcept {
  Conversation& talk = on.talk();
  if (talk.owner == nullptr) return;
  const pktana_dissector& dissector = *talk.owner->dissector;
  if (!talk.broken_off) {
    FlowCall call(tools(), on.app, on.flow, on.ts_ns);
    call_end(*talk.owner, talk.state, &call, on.ts_ns);
    builder_.abandon();
  }
  pool_.deallocate(talk.state, state_bytes(dissector), kStateAlignment);
  talk.owner = nullptr;
  talk.state = nullptr;
}

void AppLayer::give_up(const Passage& on) noexcept {
  FlowApp& app = on.app;
  if (app.summary != nullptr && app.summary->app_proto_before != nullptr) {
    // What came behind a change is nothing that we know: the flow stays what it was.
    detach_summary(app);
    app.app_proto = std::exchange(app.summary->app_proto_before, nullptr);
    app.basis = AppBasis::Content;
  } else {
    ++totals_.flows_unknown;
    app.app_proto = "failed";
    if (const char* guess = guess_by_port(*registry_, on.protocol, on.port)) {
      detach_summary(app);
      summary_of(app).app_proto_guess = guess;
      app.basis = AppBasis::Port;
    }
  }
  let_go(on);
}

void AppLayer::let_go(const Passage& on) noexcept {
  dismiss_owner(on);
  end_conversation(on.app);
}

void AppLayer::end_conversation(FlowApp& app) noexcept {
  if (app.conversation == nullptr) return;
  app.conversation->~Conversation();
  pool_.deallocate(app.conversation, sizeof(Conversation), alignof(Conversation));
  app.conversation = nullptr;
}

void AppLayer::describe(flow::Slot slot, flow::FlowRecord& record) noexcept {
  const FlowApp& app = app_of(slot);
  record.app_proto = app.app_proto;
  record.app_basis = app.basis;
  record.app = app.summary;
  if (app.summary != nullptr) app.summary->take_reference();
}

void AppLayer::on_end(flow::Slot slot, int64_t now_ns, flow::HookedFlow& flow) noexcept {
  FlowApp& app = app_of(slot);
  if (app.conversation == nullptr) return;
  const flow::FlowRecord record = flow.record();
  const Passage on{.app = app,
                   .flow = flow,
                   .protocol = record.protocol,
                   .direction = static_cast<Direction>(app.conversation->first_direction),
                   .port = {record.dst_port, record.src_port},
                   .ts_ns = now_ns};
  drain(on.in(flow::kToServer));
  if (!on.is_over()) drain(on.in(flow::kToClient));
  if (on.is_over()) return;
  // What the probes were not sure of, they must decide now.
  if (on.talk().owner == nullptr && on.protocol == PKTANA_TCP) probe_stream(on, {}, true);
  if (on.is_over()) return;
  if (on.talk().owner == nullptr)
    give_up(on);
  else
    let_go(on);
}

void AppLayer::release(flow::Slot slot) noexcept {
  FlowApp& app = app_of(slot);
  if (app.conversation == nullptr && app.app_proto == nullptr && app.summary == nullptr) return;
  --live_;
  if (app.conversation != nullptr) {
    // Its flow is gone without an end: only when a worker is torn down before it has finished.
    NoFlow none;
    let_go({.app = app, .flow = none});
  }
  if (app.summary != nullptr && app.summary->drop_reference()) delete app.summary;
  app = {};
}

}  // namespace pktana::app
