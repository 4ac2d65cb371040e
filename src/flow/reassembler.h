// SPDX-License-Identifier: Apache-2.0
// Puts IPv4 and IPv6 fragments together that the kernel did not: those in capture files and inside
// tunnels. Keeps what their frames are to count as until the flow is known. Bounded in memory and
// in packet time; all memory is reserved at start. One worker's own.
//
// Overlaps. IPv4: the bytes that came first stay; a fragment that contradicts a known end is left
// out. IPv6: any overlap but an exact duplicate spoils the datagram for good (RFC 5722, RFC 8200
// section 4.5). Frames of a spoiled, incomplete or evicted datagram count in the flow of its first
// fragment, or, if that never came, in the flow without ports.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/clock.h"
#include "base/keyed_hash.h"
#include "base/mapping.h"
#include "base/result.h"
#include "flow/encapsulation.h"
#include "flow/flow_key.h"
#include "flow/flow_packet.h"
#include "parse/fragment.h"
#include "parse/packet.h"

namespace pktana::flow {

/// Datagrams by what became of them, and what their fragments met.
struct ReassemblyTotals {
  uint64_t fragments = 0;
  uint64_t reassembled = 0;
  uint64_t timed_out = 0;   ///< incomplete for kTimeoutNs, or at the end
  uint64_t evicted = 0;     ///< incomplete when another one needed the room
  uint64_t spoiled = 0;     ///< impossible lengths, or an IPv6 overlap
  uint64_t overlaps = 0;    ///< fragments that told other bytes than one before
  uint64_t duplicates = 0;  ///< fragments that brought nothing new, late ones included

  ReassemblyTotals& operator+=(const ReassemblyTotals& other) noexcept;
};

class Reassembler {
 public:
  static constexpr uint32_t kMaxDatagrams = 512;  ///< at a time: 34 MB in all
  static constexpr int64_t kTimeoutNs = 30 * base::kNsPerSecond;
  /// A fragment that comes so much later than the last one of its datagram is a copy of it.
  static constexpr int64_t kLingerNs = base::kNsPerSecond / 10;
  /// Frames of one datagram: a sound one has at most half as many.
  static constexpr uint32_t kMaxFrames = 16384;
  static constexpr uint32_t kMaxPayload = 65535;
  static constexpr uint32_t kMaxHeader = 512;  ///< of IPv6: the chain before the fragment header

  enum class Outcome : uint8_t {
    Held,   ///< its frames count later
    Whole,  ///< see datagram() and frames()
    Known,  ///< count frames() now: a late copy, or one that can't be held
  };

  [[nodiscard]] static base::Result<Reassembler> create(const base::HashSecret& secret,
                                                        KeyOptions options);

  /// Takes one fragment. release_one() must have made room if is_full().
  /// @param packet fragment First or Later.
  /// @param as what it is to count as if nothing better will be known: its own addresses and, of a
  ///        first fragment, ports; with the frames that it came in.
  [[nodiscard]] Outcome add(const parse::Packet& packet, const FlowPacket& as) noexcept;

  /// The IP packet that is whole, header first. Lifetime: until a slot is released or the next
  /// add().
  [[nodiscard]] base::Bytes datagram() const noexcept { return datagram_; }
  /// Its length; more than datagram() where frames were cut.
  [[nodiscard]] uint32_t datagram_len() const noexcept { return datagram_len_; }
  /// After Outcome::Held: FlowPacket::number of the frames that it is held with.
  [[nodiscard]] uint64_t held_number() const noexcept { return held_number_; }
  /// The frames of the datagram. Lifetime: until the next call that is not const.
  [[nodiscard]] const FlowPacket& frames() const noexcept { return frames_; }
  /// What the whole datagram counted as: late copies of its fragments go there too.
  void settle(const FlowPacket& counted) noexcept;

  [[nodiscard]] bool is_full() const noexcept { return free_head_ == kNone; }
  /// Frees one slot. True if frames were held there: frames() is to be counted.
  [[nodiscard]] bool release_one() noexcept;
  /// The next datagram whose time is over; the same. False when there is none.
  [[nodiscard]] bool release_expired(int64_t now_ns) noexcept;
  /// The next incomplete one, whatever its age; the same.
  [[nodiscard]] bool release_any() noexcept;

  [[nodiscard]] bool is_idle() const noexcept { return open_.head == kNone && done_.head == kNone; }
  /// Frames that wait, and their bytes.
  [[nodiscard]] uint64_t held_frames() const noexcept { return held_frames_; }
  [[nodiscard]] uint64_t held_bytes() const noexcept { return held_bytes_; }
  [[nodiscard]] const ReassemblyTotals& totals() const noexcept { return totals_; }

 private:
  using Number = uint32_t;
  static constexpr Number kNone = 0xFFFFFFFFU;
  static constexpr uint32_t kBuckets = 1024;

  /// Addresses in the packet's direction, identification, protocol (IPv4), and where it was seen.
  struct Key {
    std::array<uint64_t, 6> word{};
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct Entry {
    Key key;
    FlowPacket as;  ///< what the frames so far count as, and their sums
    Encapsulation around;
    int64_t began_ns = 0;     ///< first fragment that came; of a whole datagram the last one
    uint32_t header_len = 0;  ///< 0: the first fragment is missing
    uint32_t next_header_at = 0;
    uint32_t total_len = 0;  ///< of the payload; 0: the last fragment is missing
    uint32_t covered = 0;    ///< bytes of the payload that are there
    uint32_t end = 0;        ///< highest byte of any fragment
    uint32_t cut_from = 0;   ///< captured without a hole up to here
    uint32_t first_len = 0;  ///< payload of the first fragment
    uint8_t next_header = 0;
    bool whole = false;
    bool spoiled = false;
    Number bucket_next = kNone;
    Number older = kNone;
    Number newer = kNone;
  };
  /// Oldest first.
  struct List {
    Number head = kNone;
    Number tail = kNone;
  };
  struct Range {
    uint32_t begin;
    uint32_t end;
  };

  Reassembler(const base::HashSecret& secret, KeyOptions options, base::Mapping memory);

  [[nodiscard]] Key key_of(const parse::Packet& packet, uint32_t id) const noexcept;
  [[nodiscard]] Number& bucket_of(const Key& key) noexcept;
  [[nodiscard]] Number find(const Key& key) noexcept;
  [[nodiscard]] Number begin(const Key& key, int64_t now_ns) noexcept;
  void push(List& list, Number number) noexcept;
  void unlink(List& list, Number number) noexcept;
  void release(Number number) noexcept;
  /// What is held there goes to frames_.
  void give_frames(Number number) noexcept;

  /// @param is_first its ports are known.
  void hold(Entry& entry, const FlowPacket& as, bool is_first) noexcept;
  void put(Number number, const parse::FragmentParts& parts) noexcept;
  void spoil(Entry& entry) noexcept;
  [[nodiscard]] bool fits(Entry& entry, const parse::FragmentParts& parts, Range range) noexcept;
  void copy(Number number, const parse::FragmentParts& parts, Range range) noexcept;
  void copy_units(Number number, const parse::FragmentParts& parts, Range range) noexcept;
  void take_header(Number number, const parse::FragmentParts& parts) noexcept;
  void complete(Number number) noexcept;

  [[nodiscard]] uint8_t* slot(Number number) const noexcept;
  [[nodiscard]] uint64_t* bitmap(Number number) const noexcept;
  [[nodiscard]] uint8_t* payload(Number number) const noexcept;

  base::HashSecret secret_;
  KeyOptions options_;
  base::Mapping memory_;
  std::vector<Entry> entries_;
  std::vector<Number> buckets_;
  Number free_head_ = 0;
  List open_;  ///< incomplete and spoiled ones
  List done_;  ///< whole ones, kept for late copies
  Number last_done_ = kNone;
  base::Bytes datagram_;
  uint32_t datagram_len_ = 0;
  FlowPacket frames_;
  Encapsulation frames_around_;
  uint64_t held_number_ = 0;
  uint64_t held_frames_ = 0;
  uint64_t held_bytes_ = 0;
  ReassemblyTotals totals_;
};

}  // namespace pktana::flow
