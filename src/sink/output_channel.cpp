// SPDX-License-Identifier: Apache-2.0
#include "sink/output_channel.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "base/clock.h"

namespace pktana::sink {
namespace {

constexpr int kFileFlushMs = 1000;
constexpr int64_t kRetryNs = 100 * base::kNsPerMs;  ///< between two tries to send what is stuck

int flush_ms(const OutputOptions& options, bool live, const Delivery& delivery) noexcept {
  if (options.flush_ms != OutputOptions::kDefaultFlush) return options.flush_ms;
  return live && delivery.is_stream() ? 0 : kFileFlushMs;
}

char* put_line(char* out, RecordWriter& writer, const flow::FlowRecord& record,
               int64_t now_ns) noexcept {
  return record.event == nullptr ? writer.put_flow(out, record, now_ns)
                                 : writer.put_event(out, record);
}

}  // namespace

base::Result<std::unique_ptr<OutputChannel>> OutputChannel::open(const OutputOptions& options,
                                                                 WriterContext context,
                                                                 LogPlaces& places) {
  context.color = options.color;
  context.wide = options.wide;
  context.narrow = options.narrow;
  context.app_columns = options.app_columns;
  context.time_zone = options.time_zone;
  auto writer = make_writer(options.format, context);
  if (!writer) return base::Unexpected(writer.error());
  auto delivery = open_delivery(options, context.host, **writer, places);
  if (!delivery) return base::Unexpected(delivery.error());
  std::unique_ptr<OutputChannel> channel(
      new OutputChannel(options, std::move(context), std::move(*writer), std::move(*delivery)));
  if (!has_own_thread(options)) channel->put_header();
  return channel;
}

OutputChannel::OutputChannel(const OutputOptions& options, WriterContext context,
                             std::unique_ptr<RecordWriter> writer,
                             std::unique_ptr<Delivery> delivery)
    : flow_events_(options.flow_events),
      update_events_(options.update_events && tells_updates(options.format)),
      app_events_(options.app_events && tells_app_events(options.format)),
      app_event_names_(options.app_event_names),
      test_(options.test),
      stats_events_(options.stats_events),
      scan_events_(options.scan_events),
      flush_ns_(flush_ms(options, context.live, *delivery) * base::kNsPerMs),
      format_(options.format),
      context_(std::move(context)),
      writer_(std::move(writer)),
      delivery_(std::move(delivery)) {}

base::Result<void> OutputChannel::make_formatters(size_t count) {
  // Notes keep what they have looked up last: they are the sink's thread's.
  if (format_ != Format::Eve || !takes_flows() || !context_.notes.empty()) return {};
  for (size_t i = 0; i < count; ++i) {
    auto writer = make_writer(format_, context_);
    if (!writer) return base::Unexpected(writer.error());
    formatters_.push_back(std::move(*writer));
  }
  return {};
}

LineBuffer* OutputChannel::place(bool flows, RecordWriter& writer) noexcept {
  LineBuffer* buffer = delivery_->buffer_for(flows);
  if (buffer == nullptr) {
    writer.skip(1);
    if (flows) delivery_->drop(1);
  } else if (buffer->empty()) {
    buffer->set_first_seq(writer.next_seq());
  }
  return buffer;
}

void OutputChannel::put_header() {
  LineBuffer* buffer = place(false, *writer_);
  if (buffer == nullptr) return;
  const char* end = writer_->put_header(buffer->next());
  if (end == buffer->next()) return;
  buffer->commit(end);
  if (flush_ns_ == 0) flush();
}

bool OutputChannel::is_wanted(const flow::FlowRecord& record) noexcept {
  if (!takes_kind_of(record)) {
    not_wanted_.add(1);
    return false;
  }
  if (test_ == nullptr || test_->matches(record)) return true;
  not_matching_.add(1);
  return false;
}

void OutputChannel::put_flows(std::span<const flow::FlowRecord> records, int64_t now_ns) noexcept {
  if (!takes_flows()) return;
  for (size_t i = 0; i < records.size(); ++i) {
    if (delivery_->is_down()) {
      delivery_->drop(records.size() - i);
      return;
    }
    if (!is_wanted(records[i])) continue;
    if (LineBuffer* buffer = place(true, *writer_))
      buffer->commit(put_line(buffer->next(), *writer_, records[i], now_ns));
  }
}

void OutputChannel::choose(std::span<const flow::FlowRecord> records, FlowLines& out) noexcept {
  out.chosen.clear();
  out.refused = 0;
  out.first_seq = writer_->next_seq();
  for (size_t i = 0; i < records.size(); ++i) {
    if (delivery_->is_down()) {
      out.refused = records.size() - i;
      break;
    }
    if (is_wanted(records[i])) out.chosen.push_back(static_cast<uint16_t>(i));
  }
  writer_->skip(out.chosen.size());
}

void OutputChannel::format(std::span<const flow::FlowRecord> records, int64_t now_ns,
                           size_t formatter, FlowLines& out) noexcept {
  RecordWriter& writer = *formatters_[formatter];
  writer.set_next_seq(out.first_seq);
  out.lines.clear();
  for (const uint16_t i : out.chosen)
    out.lines.commit(put_line(out.lines.next(), writer, records[i], now_ns));
}

void OutputChannel::deliver(const FlowLines& lines) noexcept {
  const auto bytes = lines.lines.bytes();
  const size_t count = lines.chosen.size();
  for (size_t i = 0; i < count; ++i) {
    if (delivery_->is_down()) {
      delivery_->drop(count - i);
      break;
    }
    LineBuffer* buffer = delivery_->buffer_for(true);
    if (buffer == nullptr) {
      delivery_->drop(1);
      continue;
    }
    if (buffer->empty()) buffer->set_first_seq(lines.first_seq + i);
    const size_t begin = lines.lines.end_of(i);
    const size_t size = lines.lines.end_of(i + 1) - begin;
    std::memcpy(buffer->next(), bytes.data() + begin, size);
    buffer->commit(buffer->next() + size);
  }
  if (lines.refused > 0) delivery_->drop(lines.refused);
}

void OutputChannel::put_chosen(std::span<const flow::FlowRecord> records, int64_t now_ns,
                               size_t formatter, const FlowLines& chosen) noexcept {
  RecordWriter& writer = *formatters_[formatter];
  writer.set_next_seq(chosen.first_seq);
  const size_t count = chosen.chosen.size();
  for (size_t i = 0; i < count; ++i) {
    if (delivery_->is_down()) {
      delivery_->drop(count - i);
      break;
    }
    if (LineBuffer* buffer = place(true, writer))
      buffer->commit(put_line(buffer->next(), writer, records[chosen.chosen[i]], now_ns));
  }
  if (chosen.refused > 0) delivery_->drop(chosen.refused);
}

bool OutputChannel::takes_kind_of(const flow::FlowRecord& record) const noexcept {
  if (record.event == nullptr) return record.update.index > 0 ? update_events_ : flow_events_;
  if (!app_events_ || record.event->name == nullptr) return false;
  if (app_event_names_.empty()) return true;
  const std::string_view name = record.event->name;
  return std::find(app_event_names_.begin(), app_event_names_.end(), name) !=
         app_event_names_.end();
}

void OutputChannel::put_stats(const StatsRecord& record) {
  if (!stats_events_ || delivery_->is_down()) return;
  LineBuffer* buffer = place(false, *writer_);
  if (buffer == nullptr) return;
  const char* end = writer_->put_stats(buffer->next(), record);
  if (end == buffer->next()) return;
  buffer->commit(end);
  delivery_->send();
}

void OutputChannel::put_scan(const flow::ScanRecord& record, int64_t now_ns) noexcept {
  if (!scan_events_ || delivery_->is_down()) return;
  LineBuffer* buffer = place(false, *writer_);
  if (buffer == nullptr) return;
  const char* end = writer_->put_scan(buffer->next(), record, now_ns);
  if (end != buffer->next()) buffer->commit(end);
}

void OutputChannel::flush_if_due(int64_t now_ns) noexcept {
  if (!delivery_->has_unwritten()) {
    due_ns_ = 0;
    return;
  }
  if (due_ns_ == 0) due_ns_ = now_ns + flush_ns_;
  if (now_ns < due_ns_) return;
  delivery_->send();
  if (flush_ns_ == 0) delivery_->collect();
  due_ns_ = delivery_->has_unwritten() ? now_ns + std::max(flush_ns_, kRetryNs) : 0;
}

int OutputChannel::ms_to_flush(int64_t now_ns) const noexcept {
  if (due_ns_ == 0) return -1;
  return due_ns_ <= now_ns ? 1 : static_cast<int>((due_ns_ - now_ns) / base::kNsPerMs) + 1;
}

void OutputChannel::flush() noexcept {
  delivery_->send();
  delivery_->settle();
}

}  // namespace pktana::sink
