// SPDX-License-Identifier: Apache-2.0
// How workers that read the same files share the flows: each packet is counted by one of them, and
// most packets of the others are told from one's own at a glance, without being decoded.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/keyed_hash.h"
#include "flow/flow_key.h"
#include "parse/packet.h"
#include "ring/packet_ref.h"

namespace pktana::engine {

struct ShareOptions {
  unsigned index = 0;
  unsigned count = 1;
  /// All flows between two hosts are one worker's: one of them may announce another (FTP, TFTP).
  bool by_hosts = false;
  base::HashSecret secret{};
  flow::KeyOptions key{};
  parse::DecodeOptions decode{};
};

/// One worker's part. One thread.
class Share {
 public:
  explicit Share(const ShareOptions& options) noexcept : options_(options) {}

  [[nodiscard]] bool is_all() const noexcept { return options_.count == 1; }
  /// The first worker speaks for what belongs to no flow.
  [[nodiscard]] bool is_first() const noexcept { return options_.index == 0; }

  /// @param hash hash_key() of `key`.
  [[nodiscard]] bool has(const flow::FlowKey& key, uint64_t hash) const noexcept {
    if (is_all()) return true;
    const uint64_t spread = options_.by_hosts ? hash_of_hosts(key) : hash;
    return ((spread >> 16 & 0xFFFF) * options_.count >> 16) == options_.index;
  }

  /// True only if decode() would find a whole TCP or UDP packet with no VLAN tag, tunnel or
  /// fragment about it, in a flow that has() denies. False says nothing.
  [[nodiscard]] bool is_plainly_anothers(const ring::PacketRef& ref) const noexcept;

  struct Pick {
    std::span<const ring::PacketRef> own;  ///< all but those that are plainly another's
    size_t taken = 0;                      ///< of the packets given, at least one
  };
  /// Picks one's own out of the first of `packets`, as far as time does not go back in them. Where
  /// not all that were taken are own, none of them made a leap or a step back as PacketClock has
  /// it: told only of the own ones and then of the last taken, it will be right at each of them.
  /// @param packets not empty. @param now_ns of the PacketClock.
  /// Lifetime: `own` until the next call.
  // PERF NOTE: in a loop of its own, without a branch on whose packet it is, which nobody can
  // predict, and then groups of 32 of one's own. Samples of a run of two workers over 10 M packets:
  // decoding and keys 1186 -> 522, the glances 426.
  [[nodiscard]] Pick pick(std::span<const ring::PacketRef> packets, int64_t now_ns) noexcept;

 private:
  [[nodiscard]] uint64_t hash_of_hosts(const flow::FlowKey& key) const noexcept {
    return base::keyed_hash(options_.secret,
                            {key.address[0], key.address[1], key.address[2], key.address[3], 0, 0});
  }

  ShareOptions options_;
  std::array<ring::PacketRef, 256> own_;
};

}  // namespace pktana::engine
