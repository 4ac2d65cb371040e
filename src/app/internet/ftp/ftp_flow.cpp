// SPDX-License-Identifier: Apache-2.0
#include "app/internet/ftp/ftp_flow.h"

#include <algorithm>

namespace pktana::app::internet::ftp {

namespace {

constexpr size_t kMaxCommandLen = 32;

std::string upper(std::string_view text) noexcept {
  std::string copy(text.substr(0, kMaxCommandLen));
  std::transform(copy.begin(), copy.end(), copy.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return copy;
}

void write_lines(Event& event, const char* key, const std::vector<std::string>& lines) noexcept {
  if (lines.empty()) return;
  Array array = event.array(key);
  for (const std::string& line : lines)
    array.add(line);
}

}  // namespace

pktana_step FtpFlow::on_chunk(const Flow& flow, const Chunk& chunk) noexcept {
  ts_ns_ = chunk.ts_ns;
  size_t at = 0;
  std::string_view line;
  while (readers_[chunk.direction].next(chunk.bytes, chunk.ended, at, line)) {
    if (!knows_roles_) learn_roles(line, chunk.direction);
    if (chunk.direction == client_direction_) {
      on_command(flow, line);
    } else if (on_reply(flow, line)) {
      flow.change_protocol("tls");
      return change(at);
    }
  }
  return more(at);
}

void FtpFlow::learn_roles(std::string_view line, uint8_t direction) noexcept {
  ReplyLine reply;
  const bool is_server = parse_reply_line(line, reply);
  client_direction_ = is_server ? 1 - direction : direction;
  knows_roles_ = true;
}

void FtpFlow::on_command(const Flow& flow, std::string_view line) noexcept {
  const Command command = parse_command(line);
  if (command.name.empty()) return;
  if (pending_.size() >= kMaxPending) emit(flow);
  Exchange& exchange = pending_.emplace_back();
  exchange.command = upper(command.name);
  exchange.data = command.data.substr(0, kMaxTextLen);
  exchange.data_is_cut = command.data.size() > kMaxTextLen || readers_[client_direction_].is_cut();
  if (exchange.command == "PORT") exchange.data_port = port_of_list(command.data);
  if (exchange.command == "EPRT") exchange.data_port = port_of_extended(command.data);
  if (is_transfer_command(exchange.command)) announce(flow);
}

bool FtpFlow::on_reply(const Flow& flow, std::string_view line) noexcept {
  ReplyLine reply;
  const bool has_code = parse_reply_line(line, reply);
  if (pending_.empty()) pending_.emplace_back();
  Exchange& exchange = pending_.front();
  // Within a reply of several lines only its own code ends it.
  const bool within = multi_line_code_ != 0 && !(has_code && reply.code == multi_line_code_);
  if (exchange.lines.size() < kMaxReplyLines)
    exchange.lines.emplace_back((within || !has_code ? line : reply.text).substr(0, kMaxTextLen));
  else
    exchange.reply_is_cut = true;
  if (within || !has_code) return false;
  multi_line_code_ = reply.is_last ? 0 : reply.code;
  if (!reply.is_last) return false;
  exchange.codes.emplace_back(line.substr(0, 3));
  const bool begins_tls = reply.code == 234 && exchange.command == "AUTH";
  on_complete(flow, reply.code);
  return begins_tls;
}

void FtpFlow::on_complete(const Flow& flow, unsigned code) noexcept {
  const bool is_preliminary = code / 100 == 1;
  if (is_preliminary && !pending_.front().command.empty()) return;
  learn_port(flow, pending_.front(), code);
  emit(flow);
}

void FtpFlow::learn_port(const Flow& flow, Exchange& exchange, unsigned code) noexcept {
  const std::string& text = exchange.lines.empty() ? exchange.data : exchange.lines.back();
  exchange.is_passive = code == 227 || code == 229;
  if (exchange.is_passive)
    exchange.data_port = code == 227 ? port_of_list(text) : port_of_extended(text);
  if (exchange.data_port == 0 || code / 100 != 2) return;
  data_port_ = exchange.data_port;
  data_is_passive_ = exchange.is_passive;
  announce(flow);
}

void FtpFlow::announce(const Flow& flow) noexcept {
  if (data_port_ == 0) return;
  const auto transfer = std::find_if(pending_.begin(), pending_.end(), [](const Exchange& one) {
    return is_transfer_command(one.command);
  });
  std::string note;
  if (transfer != pending_.end()) note = transfer->command + ' ' + transfer->data;
  flow.expect_with_note(!data_is_passive_, data_port_, "ftp-data", note);
  if (!note.empty()) data_port_ = 0;
}

void FtpFlow::emit(const Flow& flow) noexcept {
  const Exchange& exchange = pending_.front();
  if (flow.wants("ftp")) {
    Event event = flow.event("ftp", client_direction_, ts_ns_);
    event.text_if("command", exchange.command);
    if (!exchange.data.empty()) {
      event.text("command_data", exchange.data);
      event.flag("command_truncated", exchange.data_is_cut);
    }
    write_lines(event, "completion_code", exchange.codes);
    write_lines(event, "reply", exchange.lines);
    if (exchange.data_port != 0) {
      event.number("dynamic_port", exchange.data_port);
      event.text("mode", exchange.is_passive ? "passive" : "active");
    }
    event.text("reply_received", exchange.lines.empty() ? "no" : "yes");
    event.flag("reply_truncated", exchange.reply_is_cut);
  }
  pending_.erase(pending_.begin());
}

pktana_step FtpFlow::on_gap(const Flow&, uint8_t direction, uint64_t) noexcept {
  readers_[direction].reset();
  multi_line_code_ = 0;
  return more(0);
}

void FtpFlow::on_end(const Flow& flow, int64_t ts_ns) noexcept {
  ts_ns_ = ts_ns;
  while (!pending_.empty())
    emit(flow);
}

}  // namespace pktana::app::internet::ftp
