// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <cmath>
#include <exception>
#include <memory>
#include <optional>

#include <arpa/inet.h>

#include "config.h"
#include "engine/worker.h"
#include "pktana/pktana.h"
#include "ring/capture_file.h"

namespace pktana {
namespace {

std::string address_text(const std::array<uint8_t, 16>& address, uint8_t ip_version) {
  char text[INET6_ADDRSTRLEN] = {};
  ::inet_ntop(ip_version == 4 ? AF_INET : AF_INET6, address.data(), text, sizeof text);
  return text;
}

Totals to_totals(const flow::DirectionTotals& totals) {
  return {.packets = totals.packets, .bytes = totals.bytes, .payload_bytes = totals.payload_bytes};
}

Flow to_flow(const flow::FlowRecord& record) {
  Flow made;
  made.id = record.flow_id;
  made.src_ip = address_text(record.src, record.ip_version);
  made.dest_ip = address_text(record.dst, record.ip_version);
  made.src_port = record.src_port;
  made.dest_port = record.dst_port;
  made.ip_version = record.ip_version;
  made.protocol = record.protocol;
  made.vlan.assign(record.vlan_id.begin(), record.vlan_id.begin() + record.vlan_count);
  made.start_ns = record.start_ns;
  made.end_ns = record.end_ns;
  made.to_server = to_totals(record.totals[flow::kToServer]);
  made.to_client = to_totals(record.totals[flow::kToClient]);
  made.tcp_flags_to_server = record.tcp_flags[flow::kToServer];
  made.tcp_flags_to_client = record.tcp_flags[flow::kToClient];
  made.state = to_string(record.state);
  made.end_reason = to_string(record.end_reason);
  return made;
}

/// Hands records to the user's function; its first exception ends the run and waits to be thrown
/// again.
class Callback : public flow::RecordHandoff {
 public:
  explicit Callback(const std::function<void(const Flow&)>& on_flow) : on_flow_(on_flow) {}

  void hand_over(std::span<const flow::FlowRecord> records) noexcept override {
    if (!stop) tell(records);
    flow::release(records, nullptr);
  }

  std::atomic<bool> stop{false};
  std::exception_ptr thrown;

 private:
  void tell(std::span<const flow::FlowRecord> records) noexcept {
    try {
      for (const flow::FlowRecord& record : records)
        if (record.is_final()) on_flow_(to_flow(record));
    } catch (...) {
      thrown = std::current_exception();
      stop = true;
    }
  }

  const std::function<void(const Flow&)>& on_flow_;
};

int64_t to_ns(double seconds) {
  return std::llround(seconds * static_cast<double>(base::kNsPerSecond));
}

base::Result<flow::ShardOptions> shard_options(const ReadOptions& options) {
  auto secret = options.hash_secret.empty() ? base::HashSecret::random()
                                            : base::HashSecret::from_hex(options.hash_secret);
  if (!secret) return base::Unexpected(secret.error());
  flow::ShardOptions shard;
  shard.max_flows = options.max_flows;
  shard.secret = *secret;
  if (options.idle_timeout_s > 0)
    shard.timeouts = flow::Timeouts::uniform(to_ns(options.idle_timeout_s));
  shard.active_timeout_ns = to_ns(options.active_timeout_s);
  return shard;
}

base::Result<void> read_into(engine::Worker& worker, const std::string& path,
                             const std::atomic<bool>& stop) {
  auto file = ring::CaptureFile::open({.path = path, .source_id = 0});
  if (!file) return base::Unexpected(file.error());
  return worker.run(**file, stop);
}

ReadResult failed(const base::Error& error) {
  ReadResult result;
  result.complete = false;
  result.message = to_string(error);
  return result;
}

}  // namespace

ReadResult read_capture(const std::string& path, const ReadOptions& options,
                        const std::function<void(const Flow&)>& on_flow) {
  auto shard = shard_options(options);
  if (!shard) return failed(shard.error());
  engine::WorkerOptions worker_options;
  worker_options.shard = *shard;
  std::optional<filter::FilterSet> filter;
  if (!options.filter.empty()) {
    auto compiled = filter::FilterSet::create(options.filter);
    if (!compiled) return failed(compiled.error());
    filter = std::move(*compiled);
    worker_options.filter = &*filter;
  }
  Callback callback(on_flow);
  auto worker = engine::Worker::create(worker_options, callback);
  if (!worker) return failed(worker.error());
  const auto done = read_into(**worker, path, callback.stop);
  (*worker)->finish();
  if (callback.thrown) std::rethrow_exception(callback.thrown);

  ReadResult result = done ? ReadResult{} : failed(done.error());
  const engine::WorkerSnapshot numbers = (*worker)->snapshot();
  result.packets = numbers.packets.captured;
  result.in_flows = numbers.flows.packets;
  result.flows = numbers.flows.flows_created;
  return result;
}

std::string version() { return PKTANA_VERSION; }

}  // namespace pktana
