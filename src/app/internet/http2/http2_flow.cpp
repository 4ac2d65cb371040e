// SPDX-License-Identifier: Apache-2.0
#include "app/internet/http2/http2_flow.h"

#include <algorithm>

#include "app/internet/http/http_head.h"

namespace pktana::app::internet::http2 {

namespace {

constexpr size_t kPriorityLen = 5;  // stream dependency and weight
constexpr size_t kErrorLen = 4;

}  // namespace

pktana_step Http2Flow::on_chunk(const Flow& flow, const Chunk& chunk) noexcept {
  ts_ns_ = chunk.ts_ns;
  size_t at = 0;
  if (!began_[chunk.direction] && !skip_preface(chunk, at)) return more(0);
  for (;;) {
    Frame frame;
    if (!read_frame(chunk.bytes.subspan(at), frame)) return more(at, kFrameHeaderLen);
    if (frame.type == FrameType::Data) {
      if (frame.has(EndStream)) on_stream_end(flow, chunk.direction, frame.stream);
    } else {
      if (frame.total_len() > PKTANA_PENDING_BYTES) return kDone;
      if (!frame.is_whole()) return more(at, frame.total_len());
      if (!on_frame(flow, chunk.direction, frame)) return kDone;
    }
    at += frame.total_len();
    if (at >= chunk.bytes.size()) return more(at, kFrameHeaderLen);
  }
}

bool Http2Flow::skip_preface(const Chunk& chunk, size_t& at) noexcept {
  const std::string_view text = text_of(chunk.bytes).substr(0, kPreface.size());
  if (kPreface.starts_with(text) && text.size() < kPreface.size() && !chunk.ended) return false;
  began_[chunk.direction] = true;
  if (text != kPreface) return true;
  client_direction_ = chunk.direction;
  at = kPreface.size();
  return true;
}

// False if the connection cannot be followed any further.
bool Http2Flow::on_frame(const Flow& flow, uint8_t direction, const Frame& frame) noexcept {
  switch (frame.type) {
    case FrameType::Headers:
    case FrameType::PushPromise:
      return on_block_start(flow, direction, frame);
    case FrameType::Continuation:
      return on_continuation(flow, direction, frame);
    case FrameType::Priority:
      on_priority(flow, direction, frame);
      return true;
    case FrameType::RstStream:
      on_reset(flow, direction, frame);
      return true;
    case FrameType::Settings:
    case FrameType::GoAway:
      on_connection_frame(flow, direction, frame);
      return true;
    default:
      return true;
  }
}

bool Http2Flow::on_block_start(const Flow& flow, uint8_t direction, const Frame& frame) noexcept {
  BlockStart start;
  if (!read_block_start(frame, start)) return false;
  OpenBlock& block = blocks_[direction];
  block.bytes.assign(start.block.begin(), start.block.end());
  block.stream = frame.type == FrameType::PushPromise ? start.promised_stream : frame.stream;
  block.ends_stream = frame.type == FrameType::Headers && frame.has(EndStream);
  if (start.has_weight) {
    Said& side = said(stream_of(flow, block.stream), direction);
    side.has_weight = true;
    side.weight = start.weight;
  }
  if (frame.has(EndHeaders)) on_block_end(flow, direction);
  return true;
}

bool Http2Flow::on_continuation(const Flow& flow, uint8_t direction, const Frame& frame) noexcept {
  OpenBlock& block = blocks_[direction];
  if (block.bytes.size() + frame.payload.size() > kMaxBlockLen) return false;
  block.bytes.insert(block.bytes.end(), frame.payload.begin(), frame.payload.end());
  if (frame.has(EndHeaders)) on_block_end(flow, direction);
  return true;
}

void Http2Flow::on_block_end(const Flow& flow, uint8_t direction) noexcept {
  OpenBlock& block = blocks_[direction];
  highest_stream_ = std::max(highest_stream_, block.stream);
  HeaderList& headers = said(stream_of(flow, block.stream), direction).headers;
  // A block that cannot be opened leaves the fields in front of the mistake.
  (void)decoders_[direction].decode(block.bytes, headers);
  if (direction == client_direction_) learn_host(flow, headers);
  block.bytes.clear();
  if (block.ends_stream) on_stream_end(flow, direction, block.stream);
}

void Http2Flow::learn_host(const Flow& flow, const HeaderList& headers) noexcept {
  const std::string_view host = http::parse_host(headers.find(":authority")).host;
  if (has_name_ || host.empty()) return;
  flow.set_name(host, PKTANA_NAME_HTTP_HOST);
  has_name_ = true;
}

// Each is an event of its own; acknowledgements say nothing.
void Http2Flow::on_connection_frame(const Flow& flow, uint8_t direction,
                                    const Frame& frame) noexcept {
  Stream connection;
  Said& side = said(connection, direction);
  Reader reader(frame.payload);
  if (frame.type == FrameType::GoAway) {
    reader.skip(4);  // last stream
    side.error = reader.u32();
    side.has_error = reader.ok();
  }
  while (frame.type == FrameType::Settings && reader.left() > 0 &&
         side.settings.size() < kMaxSettings) {
    const uint16_t id = reader.u16();
    const uint32_t value = reader.u32();
    if (!reader.ok()) break;
    side.settings.push_back({id, value});
  }
  if ((side.has_error || !side.settings.empty()) && flow.wants("http"))
    write_event(flow, client_direction_, ts_ns_, connection);
}

// The server's last word ends the stream.
void Http2Flow::on_stream_end(const Flow& flow, uint8_t direction, uint32_t id) noexcept {
  if (direction != client_direction_) finish(flow, id);
}

void Http2Flow::on_reset(const Flow& flow, uint8_t direction, const Frame& frame) noexcept {
  if (frame.payload.size() != kErrorLen || !is_open(frame.stream)) return;
  Said& side = said(stream_of(flow, frame.stream), direction);
  side.has_error = true;
  side.error = base::load_be<uint32_t>(frame.payload.data());
  finish(flow, frame.stream);
}

void Http2Flow::on_priority(const Flow& flow, uint8_t direction, const Frame& frame) noexcept {
  // Streams may be given a weight before they begin; what comes after their end is of no use.
  const bool is_due = is_open(frame.stream) || frame.stream > highest_stream_;
  if (frame.payload.size() != kPriorityLen || !is_due) return;
  Said& side = said(stream_of(flow, frame.stream), direction);
  side.has_weight = true;
  side.weight = frame.payload[kPriorityLen - 1];
}

bool Http2Flow::is_open(uint32_t id) const noexcept {
  return std::any_of(streams_.begin(), streams_.end(),
                     [id](const Stream& stream) { return stream.id == id; });
}

Stream& Http2Flow::stream_of(const Flow& flow, uint32_t id) noexcept {
  const auto found = std::find_if(streams_.begin(), streams_.end(),
                                  [id](const Stream& stream) { return stream.id == id; });
  if (found != streams_.end()) return *found;
  if (streams_.size() >= kMaxStreams) finish(flow, streams_.front().id);
  streams_.emplace_back().id = id;
  return streams_.back();
}

void Http2Flow::finish(const Flow& flow, uint32_t id) noexcept {
  const auto found = std::find_if(streams_.begin(), streams_.end(),
                                  [id](const Stream& stream) { return stream.id == id; });
  if (found == streams_.end()) return;
  if (flow.wants("http")) write_event(flow, client_direction_, ts_ns_, *found);
  streams_.erase(found);
}

void Http2Flow::on_end(const Flow& flow, int64_t ts_ns) noexcept {
  ts_ns_ = ts_ns;
  while (!streams_.empty())
    finish(flow, streams_.front().id);
}

}  // namespace pktana::app::internet::http2
