// SPDX-License-Identifier: Apache-2.0
// Between decoding and the flow table, for fragments only: holds them until their datagram is whole
// or given up, decodes what came together, tunnels within it too, and says what is to be counted.
#pragma once

#include <optional>

#include "base/result.h"
#include "flow/encapsulation.h"
#include "flow/flow_packet.h"
#include "flow/reassembler.h"
#include "parse/packet.h"

namespace pktana::engine {

/// What becomes of the frames that were held: the worker.
class FragmentCounter {
 public:
  virtual ~FragmentCounter() = default;

  /// They belong to this flow. `packet.encapsulation` is borrowed for the call.
  virtual void count_fragments(const flow::FlowPacket& packet) noexcept = 0;
  /// The same frames belong to this outer flow too (FragmentOptions::outer_too).
  virtual void count_outer(const flow::FlowPacket& packet) noexcept = 0;
  /// The frame or frames with this FlowPacket::number count as those with the other do.
  virtual void join_frames(uint64_t number, uint64_t with) noexcept = 0;
  /// What they came together to is undecodable; `frames` says how many they were.
  virtual void count_undecodable(const parse::Packet& packet,
                                 const flow::FlowPacket& frames) noexcept = 0;
};

struct FragmentOptions {
  parse::DecodeOptions decode;
  flow::KeyOptions key;
  base::HashSecret secret;
  bool outer_too = false;  ///< datagrams that hold a tunnel count in their own flow as well
};

/// Every worker of a run over files has one and gives it every fragment: what each of them knows is
/// the same, whoever counts it.
class FragmentStage {
 public:
  [[nodiscard]] static base::Result<FragmentStage> create(const FragmentOptions& options);

  /// @param packet a fragment as decoded; what it came to is decoded in its place.
  /// @param now_ns packet time.
  void take(parse::Packet& packet, const flow::PacketMeta& meta, int64_t now_ns,
            FragmentCounter& counter) noexcept;
  /// Gives up what is incomplete for too long.
  void expire(int64_t now_ns, FragmentCounter& counter) noexcept;
  /// Gives up all: nothing more will come.
  void finish(FragmentCounter& counter) noexcept;

  [[nodiscard]] uint64_t held_frames() const noexcept { return reassembler_.held_frames(); }
  [[nodiscard]] uint64_t held_bytes() const noexcept { return reassembler_.held_bytes(); }
  [[nodiscard]] const flow::ReassemblyTotals& totals() const noexcept {
    return reassembler_.totals();
  }

 private:
  /// Fragments within fragments: each layer around them is one of at most so many.
  static constexpr unsigned kMaxLevels = parse::kMaxOuterLayers + 1;

  FragmentStage(const FragmentOptions& options, flow::Reassembler reassembler);

  /// FlowPacket of a packet, with frames that are already known.
  void describe(const parse::Packet& packet, const flow::FlowPacket& frames) noexcept;
  /// The datagram once more, in its own flow: `outer_` is the fragment that made it whole.
  void count_outer(const flow::FlowPacket& frames, FragmentCounter& counter) noexcept;

  FragmentOptions options_;
  flow::Reassembler reassembler_;
  parse::Packet outer_;
  flow::FlowPacket flow_;  ///< what the present packet counts as
  flow::Encapsulation around_;
};

/// Whether the packet lies in another IP packet.
[[nodiscard]] bool has_outer_ip(const parse::Packet& packet) noexcept;

}  // namespace pktana::engine
