// SPDX-License-Identifier: Apache-2.0
#include "daemon/run_mapping.h"

#include <algorithm>
#include <array>
#include <limits>

#include <unistd.h>

#include "base/clock.h"
#include "base/cpu_affinity.h"
#include "engine/process/process_notes.h"
#include "sink/geo_notes.h"

namespace pktana::daemon {
namespace {

constexpr unsigned kMaxWorkers = 256;

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

base::Result<void> add_notes(const EnrichConfig& enrich, sink::SinkOptions& sink_options) {
  if (enrich.process) {
    auto processes = engine::ProcessNotes::start();
    if (!processes) return base::Unexpected(processes.error());
    sink_options.notes.push_back(std::move(*processes));
  }
  if (enrich.geoip.empty()) return {};
  auto geo = sink::GeoNotes::open(enrich.geoip);
  if (!geo) return base::Unexpected(geo.error());
  sink_options.notes.push_back(std::make_shared<sink::GeoNotes>(std::move(*geo)));
  return {};
}

/// Those that some output takes: others are not made.
app::WantedEvents wanted_events(const Config& config) {
  app::WantedEvents wanted{.all = false, .names = {}};
  for (const OutputConfig& output : config.outputs) {
    if (!output.app_events || !sink::tells_app_events(output.format)) continue;
    wanted.all |= output.app_event_names.empty();
    wanted.names.insert(wanted.names.end(), output.app_event_names.begin(),
                        output.app_event_names.end());
  }
  return wanted;
}

bool any_updates(const Config& config) {
  return std::any_of(config.outputs.begin(), config.outputs.end(), [](const OutputConfig& one) {
    return one.update_events && sink::tells_updates(one.format);
  });
}

}  // namespace

unsigned worker_count(const Config& config) {
  if (config.capture.threads != 0) return config.capture.threads;
  return std::clamp(base::usable_cpu_count(), 1U, kMaxWorkers);
}

namespace {

sink::OutputType sink_type(OutputType type) {
  if (type == OutputType::File) return sink::OutputType::LogFile;
  return type == OutputType::Unix ? sink::OutputType::UnixSocket : sink::OutputType::Plain;
}

}  // namespace

sink::OutputOptions make_output_options(const OutputConfig& output) {
  sink::OutputOptions options;
  options.type = sink_type(output.type);
  options.own_thread = true;
  options.where = output.where;
  options.log = {.rotate_bytes = output.rotate_size_bytes,
                 .rotate_interval_ns = output.rotate_interval_ns,
                 .keep_bytes = output.keep_size_bytes,
                 .keep_age_ns = output.keep_age_ns,
                 .keep_free_bytes = output.keep_free_bytes,
                 .compress = output.compress == Compression::Zstd,
                 .compress_after_ns = output.compress_delay_ns};
  options.path = output.type == OutputType::Stdout ? "-" : output.path;
  options.format = output.format;
  options.flow_events = output.flow_events;
  options.update_events = output.update_events && sink::tells_updates(output.format);
  options.stats_events = output.stats_events;
  options.app_events = output.app_events && sink::tells_app_events(output.format);
  options.app_event_names = output.app_event_names;
  options.scan_events = output.scan_events;
  options.io_uring = output.io_uring;
  options.sync = output.sync;
  options.flush_ms = static_cast<int>(
      std::min<int64_t>(output.flush_ns / base::kNsPerMs, std::numeric_limits<int>::max()));
  return options;
}

base::Result<engine::RunOptions> make_run_options(const Config& config,
                                                  const base::HashSecret& secret) {
  engine::RunOptions run;
  run.threads = worker_count(config);
  run.shard.max_flows = config.flow.max_flows;
  run.shard.active_timeout_ns = config.flow.active_timeout_ns;
  if (any_updates(config)) run.shard.update_interval_ns = config.flow.update_interval_ns;
  run.shard.timeouts = config.flow.timeouts;
  run.shard.secret = config.flow.hash_secret.value_or(secret);
  run.tunnels = config.flow.tunnels;
  run.tunnel_ports = config.flow.tunnel_ports;
  run.key = config.flow.key;
  run.snaplen = config.capture.snaplen;
  run.filter = config.capture.filter;
  run.sink.host = config.sensor_name.empty() ? host_name() : config.sensor_name;
  run.sink.format_threads = config.capture.format_threads;
  run.sink.community_id_seed = config.flow.community_id_seed;
  for (const OutputConfig& output : config.outputs)
    run.sink.outputs.push_back(make_output_options(output));
  run.app.enabled = config.app.enabled;
  run.app.wanted = wanted_events(config);
  if (config.scans.enabled) {
    run.sink.scans.emplace();
    run.sink.scans->detector.threshold = config.scans.threshold;
    run.sink.scans->fold = config.scans.fold;
  }
  if (auto added = add_notes(config.enrich, run.sink); !added)
    return base::Unexpected(added.error());
  return run;
}

engine::LiveOptions make_live_options(const Config& config) {
  engine::LiveOptions live;
  live.interfaces = config.capture.interfaces;
  live.promiscuous = config.capture.promiscuous;
  live.ignore_outgoing = config.capture.ignore_outgoing;
  live.pin_workers = config.capture.pin_workers;
  live.ring_bytes = config.capture.ring_bytes;
  live.wait_for_interfaces = true;
  live.outlasts_restarts = true;
  return live;
}

}  // namespace pktana::daemon
