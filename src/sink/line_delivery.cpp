// SPDX-License-Identifier: Apache-2.0
#include "sink/line_delivery.h"

#include <cerrno>
#include <string_view>

namespace pktana::sink {
namespace {

bool is_disk_full(int error) noexcept { return error == ENOSPC || error == EDQUOT; }

std::span<char> half(const base::Mapping& memory, size_t index) noexcept {
  return {static_cast<char*>(memory.data()) + index * LineDelivery::kBufferBytes,
          LineDelivery::kBufferBytes};
}

}  // namespace

base::Result<std::unique_ptr<LineDelivery>> LineDelivery::open(OutputTarget target) {
  auto memory = base::Mapping::anonymous(2 * kBufferBytes);
  if (!memory) return base::Unexpected(memory.error());
  target.buffers = {static_cast<char*>(memory->data()), memory->size()};
  auto output = open_output(target);
  if (!output) return base::Unexpected(output.error());
  std::string path = target.path == "-" ? "standard output" : target.path;
  return std::make_unique<LineDelivery>(std::move(path), std::move(*memory), std::move(*output));
}

LineDelivery::LineDelivery(std::string path, base::Mapping memory, std::unique_ptr<Output> output)
    : path_(std::move(path)),
      memory_(std::move(memory)),
      output_(std::move(output)),
      buffers_{LineBuffer(half(memory_, 0)), LineBuffer(half(memory_, 1))} {
  torn_.reserve(kMaxLineBytes);
}

LineBuffer* LineDelivery::buffer_for(bool flows) noexcept {
  LineBuffer& buffer = buffers_[current_];
  if (!buffer.empty() && (buffer.holds_flows() != flows || !buffer.has_room()))
    send(buffer.holds_flows() == flows);
  LineBuffer& next = buffers_[current_];
  if (next.empty()) {
    next.set_holds_flows(flows);
    next.begin_at(output_->lead());
  }
  return &next;
}

bool LineDelivery::is_stream() const noexcept {
  return std::string_view(output_->method()) == "write";
}

DeliveryCounts LineDelivery::counts() const noexcept {
  return {.written = written_.get(),
          .dropped_disk_full = dropped_full_.get() + torn_records_.get(),
          .dropped_output_slow = 0,
          .dropped_sink_down = dropped_down_.get(),
          .bytes_written = bytes_.get()};
}

void LineDelivery::send(bool more) noexcept {
  settle();
  LineBuffer& buffer = buffers_[current_];
  if (buffer.empty()) return;
  if (down_ || !torn_.empty()) {
    (down_ ? dropped_down_ : dropped_full_).add(buffer.flow_records());
    buffer.clear();
    return;
  }
  if (more)
    output_->start_of_more(buffer.bytes());
  else
    output_->start(buffer.bytes());
  in_flight_ = &buffer;
  current_ ^= 1;
}

void LineDelivery::settle() noexcept {
  if (in_flight_ != nullptr) {
    Written result = output_->wait();
    if (result.error == 0 && result.bytes < in_flight_->bytes().size())
      deal_with_rest(*in_flight_, result);
    account(*in_flight_, result);
    in_flight_->clear();
    in_flight_ = nullptr;
  } else if (!torn_.empty()) {
    complete_torn();
  }
}

void LineDelivery::deal_with_rest(const LineBuffer& buffer, Written& result) noexcept {
  LineBuffer& next = buffers_[current_];
  const bool follows = !next.empty() && next.holds_flows() == buffer.holds_flows();
  if (follows && next.put_in_front(buffer, result.bytes)) return;
  output_->start(buffer.bytes().subspan(result.bytes));
  const Written rest = output_->wait();
  result = {.bytes = result.bytes + rest.bytes, .error = rest.error};
}

base::Result<void> LineDelivery::close() {
  send();
  settle();
  if (!torn_.empty()) complete_torn();
  auto closed = output_->close();
  if (first_error_) return base::Unexpected(*first_error_);
  if (!closed) closed.error().detail = path_;
  return closed;
}

void LineDelivery::account(LineBuffer& buffer, Written result) noexcept {
  bytes_.add(result.bytes);
  const size_t whole = buffer.records_within(result.bytes);
  if (buffer.holds_flows()) written_.add(whole);
  if (result.error == 0) return;
  on_error(result.error);
  uint64_t lost = buffer.holds_flows() ? buffer.flow_records() - whole : 0;
  const bool inside = whole == 0 && buffer.begins_inside_line();
  if ((result.bytes > buffer.end_of(whole) || inside) && !down_) {
    const size_t end = buffer.end_of(whole + 1);
    torn_.assign(buffer.bytes().data() + result.bytes, end - result.bytes);
    torn_records_.set(buffer.holds_flows() ? 1 : 0);
    lost -= torn_records_.get();
  }
  (down_ ? dropped_down_ : dropped_full_).add(lost);
}

void LineDelivery::on_error(int error) noexcept {
  if (!is_disk_full(error)) down_ = true;
  if (!first_error_) first_error_ = base::errno_error(error, "write", path_);
}

void LineDelivery::complete_torn() noexcept {
  output_->start(torn_);
  const Written result = output_->wait();
  bytes_.add(result.bytes);
  torn_.erase(0, result.bytes);
  if (result.error == 0) {
    settle_torn(written_);
    return;
  }
  on_error(result.error);
  if (down_) settle_torn(dropped_down_);
}

void LineDelivery::settle_torn(base::Counter& counter) noexcept {
  const uint64_t records = torn_records_.get();
  torn_records_.set(0);  // first, so that nobody sees the record twice
  counter.add(records);
  torn_.clear();
}

}  // namespace pktana::sink
