// SPDX-License-Identifier: Apache-2.0
#include "app/internet/http/http_flow.h"

#include <algorithm>

namespace pktana::app::internet::http {

namespace {

constexpr std::string_view kResponseStart = "HTTP/";
constexpr size_t kMaxWordLen = 64;  // kept of methods and versions

bool begins_message(bool is_client, std::string_view text) noexcept {
  return is_client ? starts_with_known_method(text) : text.starts_with(kResponseStart);
}

}  // namespace

pktana_step HttpFlow::on_chunk(const Flow& flow, const Chunk& chunk) noexcept {
  ts_ns_ = chunk.ts_ns;
  if (!knows_roles() && !learn_roles(chunk)) return more(0, chunk.bytes.size() + 1);
  size_t at = 0;
  for (;;) {
    switch (step(flow, chunk, at)) {
      case Outcome::GoOn:
        continue;
      case Outcome::NeedMore:
        break;
      case Outcome::Change:
        return change(at);
      case Outcome::Done:
        return kDone;
    }
    break;
  }
  if (chunk.ended && !is_client(chunk.direction)) {
    finish_response(flow);
    emit_all(flow);
  }
  return more(at);
}

// False if the beginning of a status line is there and may become one.
bool HttpFlow::learn_roles(const Chunk& chunk) noexcept {
  const std::string_view text = text_of(chunk.bytes);
  const bool may_be_response =
      text.size() < kResponseStart.size() && kResponseStart.starts_with(text);
  if (may_be_response && !chunk.ended) return false;
  // What is neither is the middle of something; then the flow's initiator is the client.
  if (text.starts_with(kResponseStart))
    client_direction_ = 1 - chunk.direction;
  else if (begins_message(true, text) || is_surely_request(text.substr(0, text.find('\r'))))
    client_direction_ = chunk.direction;
  knows_roles_ = true;
  return true;
}

HttpFlow::Outcome HttpFlow::step(const Flow& flow, const Chunk& chunk, size_t& at) noexcept {
  Side& side = sides_[chunk.direction];
  switch (side.state) {
    case Side::State::InBody:
      return on_body(flow, side, chunk, at);
    case Side::State::Lost:
      return on_lost(flow, side, chunk, at);
    default:
      return on_line(flow, side, chunk, at);
  }
}

HttpFlow::Outcome HttpFlow::on_body(const Flow& flow, Side& side, const Chunk& chunk,
                                    size_t& at) noexcept {
  at += side.body.take(chunk.bytes.subspan(at));
  const bool is_response = !is_client(chunk.direction);
  if (is_response && responding_ && !is_interim_) pending_.front().length = side.body.length();
  if (!side.body.is_done()) return Outcome::NeedMore;
  side.state = Side::State::StartLine;
  if (is_response) finish_response(flow);
  return Outcome::GoOn;
}

HttpFlow::Outcome HttpFlow::on_lost(const Flow& flow, Side& side, const Chunk& chunk,
                                    size_t& at) noexcept {
  if (at == 0 && begins_message(is_client(chunk.direction), text_of(chunk.bytes))) {
    side.state = Side::State::StartLine;
    if (!is_client(chunk.direction)) finish_response(flow);
    return Outcome::GoOn;
  }
  if (!is_client(chunk.direction) && responding_ && !is_interim_)
    pending_.front().length += chunk.bytes.size() - at;
  at = chunk.bytes.size();
  return Outcome::NeedMore;
}

HttpFlow::Outcome HttpFlow::on_line(const Flow& flow, Side& side, const Chunk& chunk,
                                    size_t& at) noexcept {
  const std::string_view text = text_of(chunk.bytes.subspan(at));
  const bool is_request = is_client(chunk.direction);
  const bool begins = side.state == Side::State::StartLine;
  if (begins && !is_request && !text.empty() && !side.skips_line) {
    const std::string_view start = text.substr(0, kResponseStart.size());
    if (!kResponseStart.starts_with(start) && start[0] != '\r' && start[0] != '\n')
      return on_headless_response(side);
  }
  const LineCut cut = cut_line(text, chunk.ended);
  if (cut.used == 0) return Outcome::NeedMore;
  at += cut.used;
  const bool skipped = side.skips_line;
  side.skips_line = cut.is_cut;
  if (skipped) return Outcome::GoOn;
  if (!begins) return on_field(flow, side, is_request, cut.line);
  if (cut.line.empty()) return Outcome::GoOn;  // RFC 9112 section 2.2
  if (is_request) return on_request_line(flow, side, cut.line, at < chunk.bytes.size());
  return on_status_line(flow, side, cut.line);
}

HttpFlow::Outcome HttpFlow::on_request_line(const Flow& flow, Side& side, std::string_view line,
                                            bool more_follows) noexcept {
  RequestLine request;
  if (!parse_request_line(line, request)) {
    side.state = Side::State::Lost;
    return Outcome::GoOn;
  }
  Transaction& transaction = begin_transaction(flow);
  transaction.method = request.method.substr(0, kMaxWordLen);
  transaction.target = kept_target(request.target);
  transaction.version = request.version.substr(0, kMaxWordLen);
  side.begin_fields();
  requesting_ = true;
  // HTTP/0.9 is a line and nothing more; fields behind a line without a version are read as such.
  if (!request.version.empty() || more_follows) return Outcome::GoOn;
  return on_request_head(flow, side);
}

HttpFlow::Outcome HttpFlow::on_status_line(const Flow& flow, Side& side,
                                           std::string_view line) noexcept {
  StatusLine status;
  if (!parse_status_line(line, status)) {
    side.state = Side::State::Lost;
    return Outcome::GoOn;
  }
  Transaction& transaction = pending_.empty() ? begin_transaction(flow) : pending_.front();
  responding_ = true;
  is_interim_ = status.status / 100 == 1 && status.status != 101;
  transaction.status = status.status;
  side.begin_fields();
  return Outcome::GoOn;
}

// HTTP/0.9: all that comes is the response. Else its head was missed, or it is not HTTP.
HttpFlow::Outcome HttpFlow::on_headless_response(Side& side) noexcept {
  responding_ = !pending_.empty();
  side.state = Side::State::Lost;
  if (!responding_ || !pending_.front().version.empty()) return Outcome::GoOn;
  side.begin_fields();
  side.begin_body(true);
  return Outcome::GoOn;
}

HttpFlow::Outcome HttpFlow::on_field(const Flow& flow, Side& side, bool is_request,
                                     std::string_view line) noexcept {
  if (line.empty()) return is_request ? on_request_head(flow, side) : on_response_head(flow, side);
  std::string_view name;
  std::string_view value;
  if (!parse_field(line, name, value)) return Outcome::GoOn;
  side.on_field(name, value);
  if (is_request && requesting_) keep_request_field(pending_.back(), name, value);
  if (!is_request && responding_ && !is_interim_)
    keep_response_field(pending_.front(), name, value);
  return Outcome::GoOn;
}

HttpFlow::Outcome HttpFlow::on_request_head(const Flow& flow, Side& side) noexcept {
  if (requesting_) {
    const std::string host = host_of(pending_.back());
    if (!host.empty() && !has_name_) {
      flow.set_name(host, PKTANA_NAME_HTTP_HOST);
      has_name_ = true;
    }
  }
  requesting_ = false;
  side.begin_body(false);
  return Outcome::GoOn;
}

HttpFlow::Outcome HttpFlow::on_response_head(const Flow& flow, Side& side) noexcept {
  if (!responding_) {
    side.begin_body(true);
    return Outcome::GoOn;
  }
  const Transaction& transaction = pending_.front();
  const unsigned status = transaction.status;
  if (status == 101) return on_switch(flow, side);
  if (transaction.method == "CONNECT" && status / 100 == 2) {
    finish_response(flow);
    flow.change_protocol(nullptr);
    return Outcome::Change;
  }
  if (!flow.wants("http")) return Outcome::Done;
  if (is_interim_ || status == 204 || status == 304 || transaction.method == "HEAD")
    side.begin_no_body();
  else
    side.begin_body(true);
  return Outcome::GoOn;
}

HttpFlow::Outcome HttpFlow::on_switch(const Flow& flow, const Side& side) noexcept {
  finish_response(flow);
  if (side.upgrades_websocket)
    flow.change_protocol("websocket");
  else if (side.upgrades_http2)
    flow.change_protocol("http2");
  else
    flow.change_protocol(nullptr);
  return Outcome::Change;
}

Transaction& HttpFlow::begin_transaction(const Flow& flow) noexcept {
  // The one that is being answered stays until its answer is complete.
  if (pending_.size() >= kMaxPending) emit(flow, responding_ ? 1 : 0);
  pending_.emplace_back().id = transactions_++;
  return pending_.back();
}

void HttpFlow::finish_response(const Flow& flow) noexcept {
  const bool answered = responding_ && !is_interim_;
  responding_ = is_interim_ = false;
  if (answered) emit(flow, 0);
}

void HttpFlow::emit(const Flow& flow, size_t index) noexcept {
  if (flow.wants("http")) write_event(flow, client_direction_, ts_ns_, pending_[index]);
  if (index + 1 == pending_.size()) requesting_ = false;
  pending_.erase(pending_.begin() + static_cast<ptrdiff_t>(index));
}

void HttpFlow::emit_all(const Flow& flow) noexcept {
  responding_ = is_interim_ = false;
  while (!pending_.empty())
    emit(flow, 0);
}

pktana_step HttpFlow::on_gap(const Flow& flow, uint8_t direction, uint64_t missing) noexcept {
  Side& side = sides_[direction];
  if (side.state == Side::State::InBody && side.body.skip_gap(missing)) return more(0);
  side.state = Side::State::Lost;
  side.skips_line = false;
  if (!knows_roles()) return more(0);
  if (is_client(direction))
    requesting_ = false;
  else
    finish_response(flow);
  return more(0);
}

void HttpFlow::on_end(const Flow& flow, int64_t ts_ns) noexcept {
  ts_ns_ = ts_ns;
  emit_all(flow);
}

}  // namespace pktana::app::internet::http
