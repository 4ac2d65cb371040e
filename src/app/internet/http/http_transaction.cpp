// SPDX-License-Identifier: Apache-2.0
#include "app/internet/http/http_transaction.h"

#include <algorithm>
#include <span>

#include "app/internet/http/http_head.h"

namespace pktana::app::internet::http {

namespace {

constexpr size_t kMaxTargetLen = 4096;
constexpr size_t kMaxFieldLen = 2048;

struct KeptField {
  std::string_view name;
  std::string Transaction::*place;
};

constexpr KeptField kRequestFields[] = {
    {"host", &Transaction::host},
    {"user-agent", &Transaction::user_agent},
    {"x-forwarded-for", &Transaction::forwarded_for},
    {"referer", &Transaction::referer},
};

constexpr KeptField kResponseFields[] = {
    {"content-type", &Transaction::content_type},
    {"location", &Transaction::location},
    {"content-range", &Transaction::content_range},
};

void keep_field(Transaction& transaction, std::span<const KeptField> fields, std::string_view name,
                std::string_view value) noexcept {
  for (const KeptField& field : fields) {
    if (!equal_ignoring_case(field.name, name)) continue;
    std::string& place = transaction.*field.place;
    if (!place.empty()) place += ", ";
    place += value.substr(0, kMaxFieldLen);
    if (place.size() > kMaxFieldLen) place.resize(kMaxFieldLen);
    return;
  }
}

HostPort host_and_port(const Transaction& transaction) noexcept {
  const std::string_view authority = authority_of(transaction.method, transaction.target);
  return parse_host(authority.empty() ? std::string_view(transaction.host) : authority);
}

void write_content_range(Event& event, const std::string& text) noexcept {
  Object object = event.object("content_range");
  object.text("raw", text);
  ContentRange range;
  if (!parse_content_range(text, range)) return;
  if (range.has_range) {
    object.number("start", range.start);
    object.number("end", range.end);
  }
  if (range.has_size) object.number("size", range.size);
}

}  // namespace

void keep_request_field(Transaction& transaction, std::string_view name,
                        std::string_view value) noexcept {
  keep_field(transaction, kRequestFields, name, value);
}

void keep_response_field(Transaction& transaction, std::string_view name,
                         std::string_view value) noexcept {
  keep_field(transaction, kResponseFields, name, value);
}

std::string_view kept_target(std::string_view text) noexcept {
  return text.substr(0, kMaxTargetLen);
}

std::string host_of(const Transaction& transaction) noexcept {
  std::string host(host_and_port(transaction).host);
  std::transform(host.begin(), host.end(), host.begin(), lower);
  return host;
}

void write_event(const Flow& flow, uint8_t client_direction, int64_t ts_ns,
                 const Transaction& transaction) noexcept {
  Event event = flow.event("http", client_direction, ts_ns);
  event.number_beside("tx_id", transaction.id);
  event.text_if("hostname", host_of(transaction));
  const HostPort host = host_and_port(transaction);
  if (host.has_port) event.number("http_port", host.port);
  event.text_if("url", transaction.target);
  event.text_if("http_user_agent", transaction.user_agent);
  event.text_if("xff", transaction.forwarded_for);
  std::string_view parameters = transaction.content_type;
  event.text_if("http_content_type", take_word(parameters, ';'));
  if (!transaction.content_range.empty()) write_content_range(event, transaction.content_range);
  event.text_if("http_refer", transaction.referer);
  event.text_if("http_method", transaction.method);
  event.text_if("protocol", transaction.version);
  if (transaction.status != 0) event.number("status", transaction.status);
  event.text_if("redirect", transaction.location);
  event.number("length", transaction.length);
}

}  // namespace pktana::app::internet::http
