// SPDX-License-Identifier: Apache-2.0
// The two sizes of memory behind a scan: a candidate of two cache lines for each pair of source and
// target (or source and port) that was tried at all, and a track of 12 KiB for those that were
// tried again and again.
#pragma once

#include <array>
#include <cstdint>

#include "flow/distinct_values.h"
#include "flow/scan_attempt.h"
#include "flow/scan_record.h"

namespace pktana::flow {

/// Sums over attempts, whatever their order.
struct ScanSums {
  int64_t start_ns;
  int64_t end_ns;
  uint64_t bytes;
  uint64_t packets;
  uint64_t attempts;
  uint64_t refused;

  void set(const ScanAttempt& attempt) noexcept;
  void add(const ScanAttempt& attempt) noexcept;
};

/// All zero is free. Who is tried is in the key; what is tried is in `values`: ports, or targets
/// (IPv4: the address as on the wire; IPv6: its hash).
struct alignas(128) ScanCandidate {
  static constexpr unsigned kValues = 6;

  uint64_t key;
  uint64_t source_key;   ///< ScanAttempt::key(Block)
  uint64_t target_hash;  ///< Vertical: of the one target
  ScanSums sums;
  uint16_t track;  ///< number + 1; 0 = none
  ScanKind kind;
  uint8_t value_count;
  std::array<uint64_t, kValues> values;

  /// False when there is no room for a value that is new.
  bool add_value(uint64_t value) noexcept;
};
static_assert(sizeof(ScanCandidate) == 128);

/// All zero is free.
struct ScanTrack {
  static constexpr size_t kPortWords = 65536 / 64;

  uint64_t key;
  uint64_t source_key;
  uint32_t owner;  ///< number of its candidate; a Block has none
  bool in_use;
  bool is_scan;  ///< the threshold is reached
  ScanKind kind;
  ScanRecord record;  ///< counts, times and addresses so far; finished by to_record()
  DistinctValues targets;
  std::array<uint64_t, kPortWords> ports;  ///< one bit each

  /// Takes over what is common to all attempts of the scan.
  void begin(ScanKind kind, const ScanAttempt& attempt) noexcept;
  void add(const ScanAttempt& attempt) noexcept;
  void add_sums(const ScanSums& sums) noexcept;
  void add_port(uint16_t port) noexcept { ports[port / 64] |= uint64_t{1} << port % 64; }
  /// Ascending, the lowest kMaxScanTargets.
  void name_target(const std::array<uint8_t, 16>& address) noexcept;
  /// Everything that a candidate without a track knows.
  void absorb(const ScanCandidate& candidate, const base::HashSecret& secret) noexcept;
  void absorb(const ScanTrack& other) noexcept;

  /// Different ports, or targets, by kind; a Block has reached any threshold.
  [[nodiscard]] uint64_t breadth() const noexcept;
  [[nodiscard]] uint64_t port_count() const noexcept;
  [[nodiscard]] ScanRecord to_record() const noexcept;
};

}  // namespace pktana::flow
