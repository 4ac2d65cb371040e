// SPDX-License-Identifier: Apache-2.0
#include "engine/run_support.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/clock.h"
#include "engine/expression_test.h"

namespace pktana::engine {
namespace {

constexpr double kDeviations = 6;  ///< of the flows of a worker, that its table has room for

/// Stands in for the sink of a run that writes no records.
class Discard : public flow::RecordHandoff {
 public:
  Discard(flow::EncapsulationTable* encapsulations, RecordWatcher* watcher) noexcept
      : encapsulations_(encapsulations), watcher_(watcher) {}

  void hand_over(std::span<const flow::FlowRecord> records) noexcept override {
    if (watcher_ != nullptr) watcher_->see(records);
    flow::release(records, encapsulations_);
  }

 private:
  flow::EncapsulationTable* encapsulations_;
  RecordWatcher* watcher_;
};

base::Result<void> make_encapsulations(const RunOptions& options, RunParts& parts) {
  if (!options.track_flows) return {};
  auto table = flow::EncapsulationTable::create(options.shard.secret);
  if (!table) return base::Unexpected(table.error());
  parts.encapsulations = std::move(*table);
  return {};
}

RecordContext context_of(const RunOptions& options, const RunParts& parts) noexcept {
  return {.sources = &parts.names,
          .encapsulations = parts.encapsulations.get(),
          .community_id_seed = options.sink.community_id_seed};
}

base::Result<void> start_sink(const RunOptions& options, RunParts& parts) {
  if (options.sink.outputs.empty()) return {};
  sink::SinkOptions sink_options = options.sink;
  sink_options.source_names = &parts.names;
  if (sink_options.scans) {
    sink_options.scans->detector.secret = options.shard.secret;
    // Workers that share files are not equally far.
    if (!sink_options.live) sink_options.scans->detector.window_ns = 0;
  }
  sink_options.encapsulations = parts.encapsulations.get();
  for (sink::OutputOptions& output : sink_options.outputs) {
    if (output.where.empty()) continue;
    auto test = ExpressionTest::compile(output.where, context_of(options, parts));
    if (!test) return base::Unexpected(test.error());
    output.test = std::move(*test);
  }
  if (options.app.enabled)
    sink_options.names = sink::NameStageOptions{.secret = options.shard.secret,
                                                .encapsulations = parts.encapsulations.get()};
  auto sink = sink::Sink::start(std::move(sink_options));
  if (!sink) return base::Unexpected(sink.error());
  parts.sink = std::move(*sink);
  return {};
}

/// Only some packets are to be written, or each with its flow.
bool wants_hold(const RunOptions& options) noexcept {
  if (!options.save || !options.track_flows) return false;
  return options.where != nullptr || options.save->format == sink::FileFormat::Pcapng;
}

base::Result<void> make_hold(const RunOptions& options, PacketTaker& taker, RunParts& parts) {
  auto names = ExpressionNames::create(context_of(options, parts));
  if (!names) return base::Unexpected(names.error());
  const PacketHoldOptions hold{.where = options.where,
                               .max_bytes = options.hold_bytes,
                               .max_ns = options.hold_ns,
                               .wait_for_fragments = options.taker != nullptr};
  parts.hold = std::make_unique<PacketHold>(hold, std::move(*names), taker);
  parts.observers.add(parts.hold.get());
  return {};
}

base::Result<void> open_packet_file(const RunOptions& options, RunParts& parts) {
  parts.observers.add(options.observer);
  if (options.taker != nullptr) return make_hold(options, *options.taker, parts);
  if (!options.save) return {};
  sink::PacketFileOptions save = *options.save;
  save.live = options.sink.live;
  auto file = sink::PacketFile::open(std::move(save));
  if (!file) return base::Unexpected(file.error());
  parts.packet_file = std::move(*file);
  if (wants_hold(options)) {
    parts.file_taker = std::make_unique<FileTaker>(*parts.packet_file);
    return make_hold(options, *parts.file_taker, parts);
  }
  parts.saver = std::make_unique<PacketSaver>(*parts.packet_file);
  parts.observers.add(parts.saver.get());
  return {};
}

base::Result<void> add_producer(const RunOptions& options, RunParts& parts) {
  std::unique_ptr<flow::RecordHandoff> producer;
  if (parts.sink)
    producer = parts.sink->make_producer();
  else
    producer = std::make_unique<Discard>(parts.encapsulations.get(), options.watcher);
  if (options.where == nullptr || (!parts.sink && options.watcher == nullptr)) {
    parts.producers.push_back(std::move(producer));
    return {};
  }
  auto filter =
      RecordFilter::create(*options.where, context_of(options, parts), std::move(producer));
  if (!filter) return base::Unexpected(filter.error());
  parts.record_filters.push_back(filter->get());
  parts.producers.push_back(std::move(*filter));
  return {};
}

base::Result<void> add_app_layer(const RunOptions& options, const WorkerOptions& worker,
                                 RunParts& parts) {
  if (!parts.dissectors && options.app.registry == nullptr)
    parts.dissectors = app::Registry::with_builtin();
  if (parts.expectations.empty() || worker.share_count > 1)
    parts.expectations.push_back(std::make_unique<app::Expectations>());
  auto layer = app::AppLayer::create(
      {.registry = options.app.registry != nullptr ? options.app.registry : &*parts.dissectors,
       .expectations = parts.expectations.back().get(),
       .wanted = options.app.wanted,
       .max_flows = worker.shard.max_flows});
  if (!layer) return base::Unexpected(layer.error());
  parts.app_layers.push_back(std::move(*layer));
  return {};
}

base::Result<void> add_worker(const RunOptions& options, const WorkerOptions& worker_options,
                              RunParts& parts) {
  if (auto added = add_producer(options, parts); !added) return base::Unexpected(added.error());
  WorkerOptions own = worker_options;
  if (!options.filter.empty()) {
    // One a worker: it compiles per link type when the first packet of that type comes.
    auto filter = filter::FilterSet::create(options.filter);
    if (!filter) return base::Unexpected(filter.error());
    parts.filters.push_back(std::make_unique<filter::FilterSet>(std::move(*filter)));
    own.filter = parts.filters.back().get();
  }
  if (options.app.enabled && options.track_flows) {
    if (auto added = add_app_layer(options, own, parts); !added)
      return base::Unexpected(added.error());
    own.app = parts.app_layers.back().get();
  }
  flow::RecordHandoff* next = parts.producers.back().get();
  if (options.keep.wanted) {
    auto keeper = WorkerKeeper::create(options.keep, *next);
    if (!keeper) return base::Unexpected(keeper.error());
    own.keeper = keeper->get();
    next = own.keeper;
    parts.keepers.push_back(std::move(*keeper));
  }
  if (parts.hold) {
    parts.taps.push_back(std::make_unique<HoldTap>(*parts.hold, *next));
    next = parts.taps.back().get();
  }
  auto worker = Worker::create(own, *next);
  if (!worker) return base::Unexpected(worker.error());
  parts.workers.push_back(std::move(*worker));
  return {};
}

}  // namespace

base::Result<std::unique_ptr<RunParts>> make_parts(const RunOptions& options, bool shared_stream,
                                                   bool filter_in_user_space) {
  auto parts = std::make_unique<RunParts>();
  parts->began_ns = base::monotonic_ns();
  if (auto made = make_encapsulations(options, *parts); !made)
    return base::Unexpected(made.error());
  if (auto started = start_sink(options, *parts); !started)
    return base::Unexpected(started.error());
  if (auto opened = open_packet_file(options, *parts); !opened)
    return base::Unexpected(opened.error());

  RunOptions own = options;
  if (!filter_in_user_space) own.filter.clear();
  WorkerOptions worker{
      .shard = options.shard,
      .key = options.key,
      .decode = {.tunnels = options.tunnels == TunnelFlows::Outer ? parse::Tunnels::Outer
                                                                  : parse::Tunnels::Inner,
                 .ports = options.tunnel_ports},
      .outer_too = options.tunnels == TunnelFlows::Both,
      .track_flows = options.track_flows,
      .packet_limit = options.packet_limit,
      .filter = nullptr,
      .observer = parts->observers.get(),
      .share_index = 0,
      .share_count = shared_stream ? options.threads : 1};
  worker.shard.encapsulations = parts->encapsulations.get();
  const bool by_hosts = shared_stream && options.app.enabled;
  worker.shard.max_flows = flows_of_worker(options.shard.max_flows, options.threads, by_hosts);
  for (unsigned i = 0; i < options.threads; ++i) {
    worker.share_index = shared_stream ? i : 0;
    if (auto added = add_worker(own, worker, *parts); !added)
      return base::Unexpected(added.error());
  }
  return parts;
}

uint32_t flows_of_worker(uint32_t max_flows, unsigned workers, bool by_hosts) noexcept {
  if (workers <= 1) return max_flows;
  const double share = static_cast<double>(max_flows) / workers;
  const double uneven = kDeviations * std::sqrt(share);
  const double room = std::ceil(share + (by_hosts ? std::max(uneven, share / 4) : uneven));
  return static_cast<uint32_t>(std::clamp(room, 1.0, static_cast<double>(max_flows)));
}

bool is_in_vain(const RunParts& parts) noexcept {
  if (parts.packet_file && parts.packet_file->is_complete()) return true;
  if (!parts.sink && !parts.packet_file) return false;
  return (!parts.sink || parts.sink->is_down()) &&
         (!parts.packet_file || parts.packet_file->is_down());
}

Ledger collect(RunParts& parts) {
  Ledger ledger;
  ledger.has_sink = parts.sink != nullptr;
  // Before the workers: a record that is handed over in between is then on its way, not written
  // without having been handed over.
  if (parts.sink) ledger.sink = parts.sink->totals();
  if (parts.packet_file) ledger.packet_file = parts.packet_file->totals();
  if (parts.hold) ledger.hold = parts.hold->totals();
  for (const RecordFilter* filter : parts.record_filters)
    ledger.records_filtered_out += filter->filtered_out();
  ledger.records_resent = parts.records_resent;
  std::vector<uint64_t> asked;
  for (const auto& worker : parts.workers)
    asked.push_back(worker->ask_for_snapshot());
  for (size_t i = 0; i < asked.size(); ++i)
    ledger.add(parts.workers[i]->snapshot(asked[i]));
  if (parts.encapsulations == nullptr) return ledger;
  ledger.tunnel_layers = parts.encapsulations->layers_in_use();
  ledger.tunnels_refused = parts.encapsulations->refused();
  return ledger;
}

RunReport conclude(RunParts& parts, bool live, bool over) {
  RunReport report;
  if (parts.sink) parts.sink->settle();
  if (parts.hold) parts.hold->finish();
  if (parts.packet_file)
    if (auto finished = parts.packet_file->finish(); !finished)
      report.output_error = finished.error();
  report.ledger = collect(parts);
  report.ledger.final = over;
  report.elapsed_ns = base::monotonic_ns() - parts.began_ns;
  if (!parts.sink) return report;
  report.ledger.memory = base::process_memory();
  const int64_t time_ns = live ? base::realtime_ns() : report.ledger.last_packet_ns;
  parts.sink->submit(report.ledger.to_stats(time_ns, report.elapsed_ns));
  if (auto finished = parts.sink->finish(); !finished && !report.output_error)
    report.output_error = finished.error();
  // A disk that filled up with the very last lines shows only now.
  report.ledger.sink = parts.sink->totals();
  return report;
}

}  // namespace pktana::engine
