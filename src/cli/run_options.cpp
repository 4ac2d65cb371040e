// SPDX-License-Identifier: Apache-2.0
#include "cli/run_options.h"

#include <memory>
#include <utility>

#include <unistd.h>

#include "engine/process/process_notes.h"
#include "sink/geo_notes.h"

namespace pktana::cli {
namespace {

constexpr unsigned kPlainColumns = 100;
constexpr unsigned kWideColumns = 132;  ///< of a terminal that has room for the columns of TCP

/// What the other columns of a table leave; nothing, if it is not worth a column.
unsigned app_columns(const sink::OutputOptions& output) {
  constexpr unsigned kLeast = 12;
  constexpr unsigned kInFiles = 60;
  if (output.path != "-" || !is_terminal(STDOUT_FILENO)) return kInFiles;
  const unsigned taken = (output.wide ? kWideColumns : kPlainColumns) + 2;
  const unsigned columns = terminal_columns(STDOUT_FILENO);
  return columns < taken + kLeast ? 0 : columns - taken;
}

sink::OutputOptions make_output(const Options& options) {
  sink::OutputOptions output;
  output.path = options.output;
  output.format = options.format;
  output.flow_events = options.flow_events;
  output.update_events = options.update_events;
  output.stats_events = options.stats_events;
  output.app_events = options.all_app_events || !options.app_event_names.empty();
  output.scan_events = options.scan_events;
  output.color = options.output == "-" && use_color(options.color, STDOUT_FILENO);
  output.wide = options.output == "-" && is_terminal(STDOUT_FILENO) &&
                terminal_columns(STDOUT_FILENO) >= kWideColumns;
  output.narrow = output.path == "-" && is_terminal(STDOUT_FILENO) &&
                  terminal_columns(STDOUT_FILENO) < kPlainColumns;
  output.app_columns = app_columns(output);
  output.time_zone = options.time_zone;
  return output;
}

base::Result<void> add_notes(const Options& options, sink::SinkOptions& sink_options) {
  if (options.process) {
    auto processes = engine::ProcessNotes::start();
    if (!processes) return base::Unexpected(processes.error());
    sink_options.notes.push_back(std::move(*processes));
  }
  if (options.geoip_files.empty()) return {};
  auto geo = sink::GeoNotes::open(options.geoip_files);
  if (!geo) return base::Unexpected(geo.error());
  sink_options.notes.push_back(std::make_shared<sink::GeoNotes>(std::move(*geo)));
  return {};
}

}  // namespace

base::Result<engine::RunOptions> make_run_options(const Options& options) {
  engine::RunOptions run;
  run.threads = options.threads;
  run.sink.format_threads = options.format_threads;
  run.shard.max_flows = options.max_flows;
  run.shard.active_timeout_ns = options.active_timeout_ns;
  if (sink::tells_updates(options.format))
    run.shard.update_interval_ns = options.update_interval_ns;
  run.shard.timeouts = options.timeouts;
  auto secret = options.hash_secret ? *options.hash_secret : base::HashSecret::random();
  if (!secret) return base::Unexpected(secret.error());
  run.shard.secret = *secret;
  run.tunnels = options.tunnels;
  run.tunnel_ports = options.tunnel_ports;
  run.key = options.key;
  run.packet_limit = options.packet_limit;
  run.snaplen = options.snaplen;
  run.filter = options.filter;
  run.merge = options.merge;
  run.sink.sort = options.sort;
  run.save = options.save;
  run.hold_bytes = options.hold_bytes;
  run.hold_ns = options.hold_ns;
  const bool selects = (options.save || options.split) && !options.where.empty();
  const bool by_app = options.split && options.split->by == SplitOptions::By::App;
  run.track_flows = options.show != Show::Nothing || selects || options.follow || options.split;
  run.app.enabled = options.app_layer && (selects || by_app);
  run.app.wanted = {.all = selects, .names = {}};
  if (options.show == Show::Summary) run.app.enabled = options.app_layer;
  if (options.show != Show::Flows) return run;
  run.sink.outputs.push_back(make_output(options));
  run.app.enabled = options.app_layer;
  run.app.wanted = {
      .all = selects || (options.all_app_events && sink::tells_app_events(options.format)),
      .names = options.app_event_names};
  const bool eve = options.format == sink::Format::Eve;
  if (options.fold_scans || (eve && options.scan_events)) {
    run.sink.scans.emplace();
    run.sink.scans->detector.threshold = options.scan_threshold;
    run.sink.scans->fold = options.fold_scans;
  }
  if (auto added = add_notes(options, run.sink); !added) return base::Unexpected(added.error());
  return run;
}

engine::LiveOptions make_live_options(const Options& options) {
  engine::LiveOptions live;
  live.interfaces = options.interfaces;
  live.promiscuous = options.promiscuous;
  live.pin_workers = options.pin_workers;
  live.ring_bytes = options.ring_bytes;
  live.stats_interval_ns = options.stats_interval_ns;
  return live;
}

}  // namespace pktana::cli
