// SPDX-License-Identifier: Apache-2.0
// Runs a capture file through one worker and keeps the records: what our code makes of the packets,
// without a sink.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "base/result.h"
#include "engine/worker.h"
#include "flow/flow_record.h"

namespace pktana::oracle {

struct Replay {
  std::vector<flow::FlowRecord> records;
  engine::WorkerSnapshot numbers;
  std::optional<base::Error> error;  ///< the file could not be opened or read to its end
};

/// Flows under the shipped timeouts and key, with a fixed hash secret.
[[nodiscard]] Replay replay(const std::filesystem::path& capture);

/// As tshark tells flows apart: no timeouts, no VLAN ids in the key. A new TCP connection still
/// ends the one before.
[[nodiscard]] Replay replay_as_tshark_splits(const std::filesystem::path& capture);

/// The shard options of both, for tests that run the whole engine.
[[nodiscard]] flow::ShardOptions fixed_shard_options();

}  // namespace pktana::oracle
