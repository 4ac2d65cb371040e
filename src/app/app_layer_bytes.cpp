// SPDX-License-Identifier: Apache-2.0
// The way of payload through the application layer: TCP in order, to the probes, to the owner.
#include <algorithm>

#include "app/app_layer.h"
#include "app/dissector.h"
#include "app/dissector_calls.h"
#include "app/host_table.h"
#include "flow/sequence.h"
#include "parse/tcp.h"

namespace pktana::app {
namespace {

using flow::AppBasis;
using flow::Direction;
using flow::FlowPacket;

/// A segment so far from where the SYN said that the stream begins was not the first one.
constexpr int32_t kMaxFirstAhead = 1 << 20;

/// Sequence number of the segment's first byte of content.
uint32_t content_seq(const FlowPacket& packet) noexcept {
  return packet.tcp_seq + ((packet.tcp_flags & parse::kTcpSyn) != 0 ? 1 : 0);
}

uint32_t stream_begin(const FlowPacket& packet, Direction direction,
                      const flow::HookedFlow& flow) noexcept {
  const uint32_t seq = content_seq(packet);
  const auto first = flow.first_sequence(direction);
  if (!first || (packet.tcp_flags & parse::kTcpSyn) != 0) return seq;
  const auto ahead = flow::seq_delta(seq, *first);
  return ahead >= 0 && ahead < kMaxFirstAhead ? *first : seq;
}

}  // namespace

void AppLayer::take_segment(const Passage& on, const FlowPacket& packet) noexcept {
  Stream& stream = on.side().stream;
  const uint32_t seq = content_seq(packet);
  if (!stream.begun()) stream.begin(stream_begin(packet, on.direction, on.flow));
  if ((packet.tcp_flags & parse::kTcpFin) != 0) stream.set_end(seq + packet.payload_len);
  const auto fresh = stream.accept(seq, packet.payload);
  if (!fresh.empty()) take_bytes(on, fresh);
  if (on.is_over()) return;
  // The part of an in-order segment that the capture cut off.
  const auto captured = static_cast<uint32_t>(packet.payload.size());
  const uint32_t cut = packet.payload_len - captured;
  if (cut > 0 && stream.next_seq() == seq + captured) {
    stream.skip(cut);
    close_gap(on, cut);
    if (on.is_over()) return;
  }
  take_early(on);
  if (on.is_over()) return;
  const Passage back = on.in(flow::opposite(on.direction));
  if ((packet.tcp_flags & parse::kTcpAck) != 0 && back.side().stream.begun()) {
    if (const uint64_t missing = back.side().stream.take_gap(packet.tcp_ack)) {
      close_gap(back, missing);
      if (!back.is_over()) take_early(back);
      if (back.is_over()) return;
    }
  }
  if (!stream.ended() || on.side().end_shown) return;
  on.side().end_shown = true;
  if (on.talk().owner != nullptr) show(on, {});
}

void AppLayer::take_early(const Passage& on) noexcept {
  Stream& stream = on.side().stream;
  std::vector<uint8_t> early;
  while (!on.is_over()) {
    if (stream.take_next_early(early)) {
      take_bytes(on, early);
      continue;
    }
    const uint64_t missing = stream.take_gap_if_full();
    if (missing == 0) return;
    close_gap(on, missing);
  }
}

void AppLayer::drain(const Passage& on) noexcept {
  while (const uint64_t missing = on.side().stream.take_last_gap()) {
    close_gap(on, missing);
    if (on.is_over()) return;
    take_early(on);
    if (on.is_over()) return;
  }
}

void AppLayer::take_bytes(const Passage& on, std::span<const uint8_t> bytes) noexcept {
  Side& side = on.side();
  const auto skipped = static_cast<size_t>(std::min<uint64_t>(side.skip, bytes.size()));
  side.skip -= skipped;
  side.offset += skipped;
  bytes = bytes.subspan(skipped);
  if (bytes.empty()) return;
  if (on.talk().owner == nullptr)
    probe_stream(on, bytes, false);
  else
    show(on, bytes);
}

void AppLayer::close_gap(const Passage& on, uint64_t missing) noexcept {
  Side& side = on.side();
  ++totals_.gaps;
  totals_.gap_bytes += missing;
  const uint64_t unwanted = std::min(side.skip, missing);
  side.skip -= unwanted;
  side.offset += unwanted;
  missing -= unwanted;
  if (missing == 0) return;
  if (on.talk().owner == nullptr) {
    // What the probes have seen of this flow is all that they will see.
    probe_stream(on, {}, true);
    if (on.is_over() || on.talk().owner == nullptr) return;
  }
  side.offset += side.pending.size() + missing;
  side.pending.clear();
  side.need = 0;
  tell_gap(on, missing);
}

void AppLayer::tell_gap(const Passage& on, uint64_t missing) noexcept {
  FlowCall call(tools(), on.app, on.flow, on.ts_ns);
  const pktana_step step =
      call_gap(*on.talk().owner, on.talk().state, &call, {on.direction, missing});
  builder_.abandon();
  change_to_ = call.next_dissector();
  on.talk().broken_off = step.verdict == kBrokenOff;
  if (step.verdict == PKTANA_REJECT || step.verdict == PKTANA_CHANGE)
    replace_owner(on, step.verdict);
  else if (step.verdict != PKTANA_MORE)
    let_go(on);
}

void AppLayer::probe_stream(const Passage& on, std::span<const uint8_t> bytes,
                            bool ended) noexcept {
  Conversation& talk = on.talk();
  Pending& pending = on.side().pending;
  if (!bytes.empty() && !pending.append(bytes, PKTANA_PENDING_BYTES)) {
    ++totals_.memory_refusals;
    ended = true;
  }
  const bool enough =
      ++talk.probed_packets >= kMaxProbedPackets || pending.size() >= PKTANA_PROBE_BYTES;
  const auto outcome =
      ask_probes(*registry_, talk,
                 {.protocol = PKTANA_TCP,
                  .direction = on.direction,
                  .ended = ended || enough,
                  .port = on.port,
                  .first = {talk.side[0].pending.bytes(), talk.side[1].pending.bytes()}});
  if (outcome.state == ProbeOutcome::State::Claimed) {
    claim(on, *outcome.owner, AppBasis::Content);
    if (!on.is_over()) show_pending(on);
  } else if (outcome.state == ProbeOutcome::State::Unknown) {
    give_up(on);
  }
}

void AppLayer::show_pending(const Passage& on) noexcept {
  const auto first = static_cast<Direction>(on.talk().first_direction);
  for (const Direction direction : {first, flow::opposite(first)}) {
    if (on.is_over() || on.talk().owner == nullptr) return;
    const Passage its = on.in(direction);
    if (!its.side().pending.empty() || its.side().end_shown) show(its, {});
  }
}

bool AppLayer::join(const Passage& on, std::span<const uint8_t>& bytes) noexcept {
  Pending& pending = on.side().pending;
  if (pending.empty()) return true;
  if (!bytes.empty() && !pending.append(bytes, PKTANA_PENDING_BYTES)) {
    ++totals_.memory_refusals;
    close_gap(on, bytes.size());
    return false;
  }
  bytes = pending.bytes();
  return true;
}

void AppLayer::show(const Passage& on, std::span<const uint8_t> bytes) noexcept {
  while (true) {
    if (!join(on, bytes)) return;
    Side& side = on.side();
    const pktana_step step = bytes.size() < side.need && !side.end_shown
                                 ? more(0, side.need)
                                 : call_owner(on, bytes, false);
    if (!settle(on, bytes, step)) return;
    bytes = {};
  }
}

pktana_step AppLayer::call_owner(const Passage& on, std::span<const uint8_t> view,
                                 bool cut) noexcept {
  const pktana_chunk chunk{.size = sizeof(pktana_chunk),
                           .direction = on.direction,
                           .ended = on.side().end_shown ? uint8_t{1} : uint8_t{0},
                           .cut = cut ? uint8_t{1} : uint8_t{0},
                           .reserved = 0,
                           .data = view.data(),
                           .len = view.size(),
                           .offset = on.side().offset,
                           .ts_ns = on.ts_ns};
  FlowCall call(tools(), on.app, on.flow, on.ts_ns);
  const pktana_step step = call_chunk(*on.talk().owner, on.talk().state, &call, chunk);
  builder_.abandon();
  on.talk().broken_off = step.verdict == kBrokenOff;
  change_to_ = call.next_dissector();
  return step;
}

bool AppLayer::settle(const Passage& on, std::span<const uint8_t> view,
                      const pktana_step& step) noexcept {
  if (step.verdict == PKTANA_DONE || step.verdict > PKTANA_CHANGE) {
    let_go(on);
    return false;
  }
  Side& side = on.side();
  const auto consumed = static_cast<size_t>(std::min<uint64_t>(step.consumed, view.size()));
  side.offset += consumed;
  side.skip = step.consumed - consumed;
  side.need = step.verdict == PKTANA_MORE ? step.need : 0;
  if (!side.pending.empty()) {
    side.pending.consume(consumed);
  } else if (!side.pending.append(view.subspan(consumed), PKTANA_PENDING_BYTES)) {
    ++totals_.memory_refusals;
    close_gap(on, view.size() - consumed);
    return false;
  }
  if (step.verdict != PKTANA_MORE) {
    replace_owner(on, step.verdict);
    return false;
  }
  return consumed > 0 && !side.pending.empty();
}

void AppLayer::replace_owner(const Passage& on, uint32_t verdict) noexcept {
  Conversation& talk = on.talk();
  FlowApp& app = on.app;
  const DissectorIndex before = registry_->index_of(*talk.owner);
  const char* next = change_to_;
  dismiss_owner(on);
  talk.probed_packets = 0;
  if (verdict == PKTANA_REJECT) {
    ++totals_.rejected;
    --totals_.flows_recognised;
    talk.refused.set(before);
    app.app_proto = nullptr;
    next = nullptr;
  } else {
    talk.refused.reset();
    detach_summary(app);
    if (app.summary == nullptr) app.summary = new flow::AppSummary();
    app.summary->app_proto_before = app.app_proto;
  }
  if (++talk.changes > kMaxChanges) {
    if (verdict == PKTANA_REJECT)
      give_up(on);
    else
      let_go(on);
    return;
  }
  const DissectorEntry* owner = next == nullptr ? nullptr : registry_->find(next);
  if (owner != nullptr) claim(on, *owner, AppBasis::Content);
  if (on.is_over() || on.protocol != PKTANA_TCP) return;
  if (talk.owner != nullptr)
    show_pending(on);
  else if (!talk.side[0].pending.empty() || !talk.side[1].pending.empty())
    probe_stream(on, {}, false);
}

void AppLayer::take_datagram(const Passage& on, const FlowPacket& packet) noexcept {
  if (packet.payload.empty()) return;
  // Twice at most: a dissector may give the datagram back, or leave it to the next protocol.
  for (int turn = 0; turn < 2 && !on.is_over(); ++turn) {
    Conversation& talk = on.talk();
    if (talk.owner == nullptr) {
      ProbeInput input{
          .protocol = PKTANA_UDP, .direction = on.direction, .ended = false, .port = on.port};
      input.first[on.direction] = packet.payload;
      const auto outcome = ask_probes(*registry_, talk, input);
      if (outcome.state != ProbeOutcome::State::Claimed) {
        if (++talk.probed_packets >= kMaxProbedPackets) give_up(on);
        return;
      }
      claim(on, *outcome.owner, AppBasis::Content);
      if (on.is_over()) return;
    }
    const pktana_step step = call_owner(on, packet.payload, packet.payload_cut);
    ++on.side().offset;
    if (step.verdict == PKTANA_MORE) return;
    if (step.verdict == PKTANA_REJECT || step.verdict == PKTANA_CHANGE)
      replace_owner(on, step.verdict);
    else
      let_go(on);
    const bool is_left = step.verdict == PKTANA_CHANGE && step.consumed == 0;
    if (step.verdict != PKTANA_REJECT && !is_left) return;
  }
}

}  // namespace pktana::app
