// SPDX-License-Identifier: Apache-2.0
// What a worker of a process before us has left: read by the next one. Written by WorkerKeeper.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/state_bytes.h"
#include "flow/flow_record.h"
#include "ring/packet_ring.h"

namespace pktana::engine {

/// Files of a worker: 0 and 1 hold commits by turns, 2 the rings' counts.
inline constexpr unsigned kKeptFiles = 3;
inline constexpr unsigned kCountsFile = 2;

/// In front of a commit. Written last, so that it vouches for what lies behind it.
struct KeptHeader {
  static constexpr uint64_t kMagic = 0x706b74616e613031;

  uint64_t magic = kMagic;
  uint64_t layout = 0;  ///< of this build: kept_layout()
  uint64_t epoch = 0;   ///< number of the commit, from 1
  uint64_t size = 0;    ///< bytes behind the header
};

struct KeptState {
  struct Ring {
    std::string interface;
    ring::RingPosition at;
  };
  uint64_t epoch = 0;    ///< 0 = nothing was left
  bool readable = true;  ///< false: of another build, whose records and flows say nothing to us
  std::string setup;
  std::vector<std::string> sources;  ///< names of interfaces by source id
  std::vector<Ring> rings;
  std::vector<flow::FlowRecord> records;  ///< handed over, perhaps not written
  std::vector<uint8_t> flows;             ///< FlowShard::save()
};

/// Changes with the layout of what is kept.
[[nodiscard]] uint64_t kept_layout() noexcept;

/// The newer whole commit among a worker's files, with counts as of now.
[[nodiscard]] KeptState read_kept_state(std::span<const int, kKeptFiles> files);

/// The same of a commit with its header, in one piece.
[[nodiscard]] KeptState parse_kept_state(base::Bytes bytes);

/// The newer whole commit, header included, for a file on the disk; empty if there is none.
[[nodiscard]] std::vector<uint8_t> copy_kept_state(std::span<const int, kKeptFiles> files);

void put_rings(base::StateWriter& out, const std::vector<KeptState::Ring>& rings);

}  // namespace pktana::engine
