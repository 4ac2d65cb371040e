// SPDX-License-Identifier: Apache-2.0
#include "sink/sink.h"

#include <utility>

#include "sink/sink_thread.h"

namespace pktana::sink {

base::Result<std::unique_ptr<Sink>> Sink::start(SinkOptions options) {
  WriterContext context{.live = options.live,
                        .source_names = options.source_names,
                        .encapsulations = options.encapsulations,
                        .host = options.host,
                        .community_id_seed = options.community_id_seed};
  for (const auto& notes : options.notes)
    context.notes.push_back(notes.get());
  auto keeper = std::make_unique<LogKeeper>();
  LogPlaces places{.directories = {}, .keeper = *keeper};
  std::vector<std::unique_ptr<OutputChannel>> channels;
  for (const OutputOptions& output : options.outputs) {
    auto channel = OutputChannel::open(output, context, places);
    if (!channel) return base::Unexpected(channel.error());
    channels.push_back(std::move(*channel));
  }
  std::unique_ptr<ScanStage> scans;
  if (options.scans) {
    options.scans->encapsulations = options.encapsulations;
    auto stage = ScanStage::create(*options.scans);
    if (!stage) return base::Unexpected(stage.error());
    scans = std::move(*stage);
  }
  if (auto started = keeper->start(); !started) return base::Unexpected(started.error());
  auto thread = std::make_unique<SinkThread>(std::move(options), std::move(keeper),
                                             std::move(channels), std::move(scans));
  if (auto started = thread->start(); !started) return base::Unexpected(started.error());
  return std::unique_ptr<Sink>(new Sink(std::move(thread)));
}

Sink::Sink(std::unique_ptr<SinkThread> thread) : thread_(std::move(thread)) {}
Sink::~Sink() = default;

std::unique_ptr<flow::RecordHandoff> Sink::make_producer() { return thread_->make_producer(); }
void Sink::submit(StatsRecord record) { thread_->submit(std::move(record)); }
void Sink::rotate() noexcept { thread_->rotate(); }
void Sink::reopen() noexcept { thread_->reopen(); }
void Sink::drain() { thread_->drain(); }
void Sink::settle() { thread_->settle(); }
bool Sink::is_down() const noexcept { return thread_->is_down(); }
base::Result<void> Sink::finish() { return thread_->finish(); }
SinkTotals Sink::totals() const { return thread_->totals(); }

}  // namespace pktana::sink
