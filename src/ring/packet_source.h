// SPDX-License-Identifier: Apache-2.0
// Interface of everything that packets come from: capture files and the rings of one worker. The
// engine's worker loop is its only user.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "ring/packet_ref.h"

namespace pktana::ring {

/// What the kernel counted for the rings of a source (packet(7), PACKET_STATISTICS), summed over
/// its life.
struct RingStatistics {
  uint64_t packets = 0;  ///< seen by the sockets' filters: handed to the ring or dropped
  uint64_t drops = 0;    ///< no room in the ring
  uint64_t freezes = 0;  ///< times the kernel found its next block not yet returned
};

/// Of one interface.
struct SourceStatistics {
  uint16_t source_id = 0;
  RingStatistics ring;
};

/// Adds to the entry of the same source, or a new one.
void add_to(std::vector<SourceStatistics>& sources, const SourceStatistics& more);

struct Batch {
  enum class State : uint8_t {
    Ready,  ///< more may follow at once
    Idle,   ///< live: nothing more is there now (the batch may be empty: the wait timed out)
    End,    ///< file: this was the last batch
  };
  std::span<const PacketRef> packets;
  State state = State::Ready;
  /// Live: the kernel dropped packets at some time since the last batch without this mark, up to
  /// the end of this one. It may be set where that was somewhat earlier, never too late.
  bool lossy = false;
};

class PacketSource {
 public:
  virtual ~PacketSource() = default;

  /// The next packets; invalidates all that was lent before. Live sources wait up to their poll
  /// timeout when there is nothing. A file that is cut or broken gives every whole record first,
  /// then an Error that says where and why, once; after that, or after End, State::End with no
  /// packets.
  [[nodiscard]] virtual base::Result<Batch> next_batch() = 0;

  /// Reads the kernel's counters (clears them there) and returns the 64-bit sums. None: the source
  /// has no ring, its losses are unknown. One thread only: the worker's.
  [[nodiscard]] virtual std::optional<RingStatistics> statistics() { return std::nullopt; }

  /// The same by interface, as of the last statistics(); none without rings.
  [[nodiscard]] virtual std::vector<SourceStatistics> statistics_by_source() const { return {}; }

  /// The share of the ring's blocks that wait to be read, of the ring where it is greatest: 0 to 1.
  /// None without rings. As statistics(): the worker's thread only.
  [[nodiscard]] virtual std::optional<double> fill() const { return std::nullopt; }

  /// Live: stop taking new packets, let what is in the ring be drained by next_batch(). Files: no
  /// effect.
  virtual void stop_intake() noexcept {}
};

}  // namespace pktana::ring
