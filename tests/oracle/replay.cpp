// SPDX-License-Identifier: Apache-2.0
#include "oracle/replay.h"

#include <atomic>
#include <limits>

#include "ring/capture_file.h"
#include "support/record_collector.h"

namespace pktana::oracle {
namespace {

constexpr uint32_t kMaxFlows = 16384;  ///< more than are live at once in all captures together
constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

base::Result<void> read_into(engine::Worker& worker, const std::filesystem::path& capture) {
  auto file = ring::CaptureFile::open({.path = capture.string(), .source_id = 0});
  if (!file) return base::Unexpected(file.error());
  const std::atomic<bool> stop{false};
  return worker.run(**file, stop);
}

Replay replay_with(const std::filesystem::path& capture, const engine::WorkerOptions& options) {
  Replay replay;
  support::RecordCollector collector;
  auto worker = engine::Worker::create(options, collector);
  if (!worker) {
    replay.error = worker.error();
    return replay;
  }
  if (auto done = read_into(**worker, capture); !done) replay.error = done.error();
  (*worker)->finish();
  replay.numbers = (*worker)->snapshot();
  replay.records = collector.records();
  return replay;
}

}  // namespace

flow::ShardOptions fixed_shard_options() {
  flow::ShardOptions options;
  options.max_flows = kMaxFlows;
  options.secret = base::HashSecret::from_hex("5eed").value();
  return options;
}

Replay replay(const std::filesystem::path& capture) {
  engine::WorkerOptions options;
  options.shard = fixed_shard_options();
  return replay_with(capture, options);
}

Replay replay_as_tshark_splits(const std::filesystem::path& capture) {
  engine::WorkerOptions options;
  options.shard = fixed_shard_options();
  options.key.vlan = false;
  flow::Timeouts& timeouts = options.shard.timeouts;
  for (flow::StateTimeouts* one : {&timeouts.tcp, &timeouts.udp, &timeouts.icmp, &timeouts.other})
    *one = {.new_ns = kNever, .established_ns = kNever, .closed_ns = kNever};
  return replay_with(capture, options);
}

}  // namespace pktana::oracle
