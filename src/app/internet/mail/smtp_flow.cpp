// SPDX-License-Identifier: Apache-2.0
#include "app/internet/mail/smtp_flow.h"

#include <algorithm>

namespace pktana::app::internet::mail {

namespace {

// The address behind "MAIL FROM:" or "RCPT TO:", brackets included, parameters not.
std::string_view address_of(std::string_view line) noexcept {
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return {};
  std::string_view rest = trimmed(line.substr(colon + 1));
  if (rest.starts_with('<')) return rest.substr(0, std::min(rest.find('>'), rest.size() - 1) + 1);
  return take_word(rest, ' ');
}

}  // namespace

pktana_step SmtpFlow::on_chunk(const Flow& flow, const Chunk& chunk) noexcept {
  ts_ns_ = chunk.ts_ns;
  std::string_view line;
  size_t at = 0;
  LineReader peek;
  if (!knows_roles_) {
    if (!peek.next(chunk.bytes, chunk.ended, at, line)) return more(0);
    learn_roles(line, chunk.direction);
  }
  return chunk.direction == client_direction_ ? on_client(flow, chunk) : on_server(flow, chunk);
}

void SmtpFlow::learn_roles(std::string_view line, uint8_t direction) noexcept {
  ReplyLine reply;
  const bool is_server = parse_reply_line(line, reply);
  client_direction_ = is_server ? 1 - direction : direction;
  knows_roles_ = true;
}

pktana_step SmtpFlow::on_client(const Flow& flow, const Chunk& chunk) noexcept {
  LineReader& reader = readers_[chunk.direction];
  size_t at = 0;
  std::string_view line;
  while (at < chunk.bytes.size()) {
    if (skip_ > 0) {
      const uint64_t skipped = std::min<uint64_t>(skip_, chunk.bytes.size() - at);
      at += skipped;
      skip_ -= skipped;
      continue;
    }
    if (!reader.next(chunk.bytes, chunk.ended, at, line)) break;
    if (in_content_)
      on_content_line(line);
    else
      on_command(flow, line);
  }
  return more(at);
}

pktana_step SmtpFlow::on_server(const Flow& flow, const Chunk& chunk) noexcept {
  LineReader& reader = readers_[chunk.direction];
  size_t at = 0;
  std::string_view line;
  ReplyLine reply;
  while (reader.next(chunk.bytes, chunk.ended, at, line)) {
    if (!parse_reply_line(line, reply) || !reply.is_last) continue;
    if (on_reply(flow, reply)) {
      flow.change_protocol("tls");
      return change(at);
    }
  }
  return more(at);
}

void SmtpFlow::on_command(const Flow& flow, std::string_view line) noexcept {
  std::string_view rest = trimmed(line);
  const std::string_view name = take_word(rest, ' ');
  if (equal_ignoring_case(name, "EHLO") || equal_ignoring_case(name, "HELO")) {
    helo_ = trimmed(rest).substr(0, kMaxAddressLen);
  } else if (starts_ignoring_case(line, "MAIL FROM:")) {
    on_mail_from(flow, line);
  } else if (starts_ignoring_case(line, "RCPT TO:")) {
    if (recipients_.size() < kMaxRecipients)
      recipients_.emplace_back(address_of(line).substr(0, kMaxAddressLen));
  } else if (equal_ignoring_case(name, "BDAT")) {
    uint64_t length = 0;
    if (parse_decimal(take_word(rest, ' '), length)) skip_ = length;
    return expect_reply(equal_ignoring_case(rest, "LAST") ? Sent::Content : Sent::Other);
  } else if (equal_ignoring_case(name, "DATA")) {
    in_content_ = true;  // unless the reply says otherwise
    return expect_reply(Sent::Data);
  } else if (equal_ignoring_case(name, "STARTTLS")) {
    return expect_reply(Sent::StartTls);
  }
  expect_reply(Sent::Other);
}

void SmtpFlow::on_mail_from(const Flow& flow, std::string_view line) noexcept {
  if (!mail_from_.empty()) emit(flow);  // the one before has not been ended
  mail_from_ = address_of(line).substr(0, kMaxAddressLen);
}

void SmtpFlow::on_content_line(std::string_view line) noexcept {
  if (line != ".") return content_.on_line(line);
  content_.finish();
  in_content_ = false;
  expect_reply(Sent::Content);
}

// Where the replies are not seen, or lost, the count would grow for ever.
void SmtpFlow::expect_reply(Sent sent) noexcept {
  if (unanswered_.size() >= kMaxUnanswered) unanswered_.clear();
  unanswered_.push_back(sent);
}

// True if TLS begins behind it.
bool SmtpFlow::on_reply(const Flow& flow, const ReplyLine& reply) noexcept {
  if (!greeted_ && unanswered_.empty()) {
    greeted_ = true;
    return false;
  }
  if (unanswered_.empty()) return false;
  const Sent sent = unanswered_.front();
  unanswered_.erase(unanswered_.begin());
  if (sent == Sent::Data && reply.code != 354) in_content_ = false;
  if (sent == Sent::Content) emit(flow);
  const bool begins_tls = sent == Sent::StartTls && reply.code == 220;
  if (begins_tls) emit(flow);
  return begins_tls;
}

void SmtpFlow::emit(const Flow& flow) noexcept {
  if (flow.wants("smtp")) {
    Event event = flow.event("smtp", client_direction_, ts_ns_);
    event.number_beside("tx_id", transactions_);
    if (content_.is_begun()) content_.write(event);
    event.text_if("helo", helo_);
    event.text_if("mail_from", mail_from_);
    if (!recipients_.empty()) {
      Array array = event.array("rcpt_to");
      for (const std::string& recipient : recipients_)
        array.add(recipient);
    }
  }
  ++transactions_;
  mail_from_.clear();
  recipients_.clear();
  content_ = {};
}

pktana_step SmtpFlow::on_gap(const Flow&, uint8_t direction, uint64_t) noexcept {
  readers_[direction].reset();
  unanswered_.clear();
  skip_ = 0;
  return more(0);
}

void SmtpFlow::on_end(const Flow& flow, int64_t ts_ns) noexcept {
  ts_ns_ = ts_ns;
  const bool is_unfinished = !mail_from_.empty() || !recipients_.empty();
  if (is_unfinished || (transactions_ == 0 && !helo_.empty())) emit(flow);
}

}  // namespace pktana::app::internet::mail
