// SPDX-License-Identifier: Apache-2.0
#include "app/enterprise/pgsql/pgsql_message.h"

#include <algorithm>
#include <array>

#include "app/enterprise/probing.h"

namespace pktana::app::enterprise {
namespace {

constexpr size_t kMaxText = 2048;
constexpr unsigned kMaxParameters = 32;

struct KeyName {
  std::string_view name;
  const char* key;
};

/// Parameters of the start-up message that records have a key for.
constexpr auto kStartup = std::to_array<KeyName>({
    {"database", "database"},
    {"application_name", "application_name"},
    {"client_encoding", "client_encoding"},
    {"replication", "replication"},
    {"options", "options"},
    {"DateStyle", "datestyle"},
    {"datestyle", "datestyle"},
    {"extra_float_digits", "extra_float_digits"},
});

/// Parameters that a server reports.
constexpr auto kReported = std::to_array<KeyName>({
    {"application_name", "application_name"},
    {"client_encoding", "client_encoding"},
    {"DateStyle", "date_style"},
    {"default_transaction_read_only", "default_transaction_read_only"},
    {"in_hot_standby", "in_hot_standby"},
    {"integer_datetimes", "integer_datetimes"},
    {"IntervalStyle", "interval_style"},
    {"is_superuser", "is_superuser"},
    {"server_encoding", "server_encoding"},
    {"server_version", "server_version"},
    {"session_authorization", "session_authorization"},
    {"standard_conforming_strings", "standard_conforming_strings"},
    {"TimeZone", "time_zone"},
});

template <size_t kCount>
const char* key_of(const std::array<KeyName, kCount>& names, std::string_view name) noexcept {
  const auto found = std::find_if(names.begin(), names.end(),
                                  [&](const KeyName& one) { return one.name == name; });
  return found == names.end() ? nullptr : found->key;
}

/// Text up to the next 0, which is taken too; up to the end if there is none.
std::string_view take_text(Bytes& rest) noexcept {
  const auto end = std::find(rest.begin(), rest.end(), uint8_t{0});
  const auto len = static_cast<size_t>(end - rest.begin());
  const std::string_view text = text_of(rest.first(std::min(len, kMaxText)));
  rest = rest.subspan(std::min(rest.size(), len + 1));
  return text;
}

std::string_view all_text(Bytes bytes) noexcept {
  return text_of(bytes.first(std::min(bytes.size(), kMaxText)));
}

/// The first message of SASL: mechanism, length, data.
void take_sasl_choice(PgsqlExchange& into, Bytes body) noexcept {
  constexpr size_t kLength = 4;
  const std::string_view mechanism = take_text(body);
  into.request.emplace_back("sasl_authentication_mechanism",
                            mechanism == "SCRAM-SHA-256"        ? "scram_SHA256"
                            : mechanism == "SCRAM-SHA-256-PLUS" ? "scram_SHA256_plus"
                                                                : std::string(mechanism));
  if (body.size() > kLength)
    into.request.emplace_back("sasl_param", all_text(body.subspan(kLength)));
}

PgsqlTurn take_authentication(PgsqlExchange& into, Bytes body) noexcept {
  constexpr uint32_t kOk = 0, kClear = 3, kMd5 = 5, kSasl = 10, kContinue = 11, kFinal = 12;
  if (body.size() < 4) return PgsqlTurn::Server;
  const Bytes data = body.subspan(4);
  switch (be32(body, 0)) {
    case kOk:
      into.response.emplace_back("message", "authentication_ok");
      return PgsqlTurn::Server;
    case kClear:
      into.response.emplace_back("message", "authentication_cleartext_password");
      return PgsqlTurn::Client;
    case kMd5:
      into.response.emplace_back("message", "authentication_md5_password");
      return PgsqlTurn::Client;
    case kSasl:
      into.response.emplace_back("message", "authentication_sasl");
      return PgsqlTurn::ClientSasl;
    case kContinue:
      into.response.emplace_back("message", "authentication_sasl_continue");
      return PgsqlTurn::Client;
    case kFinal:
      into.response.emplace_back("authentication_sasl_final", all_text(data));
      return PgsqlTurn::Server;
    default:
      into.response.emplace_back("message", "authentication_other");
      return PgsqlTurn::Client;
  }
}

/// ErrorResponse and NoticeResponse: fields of a letter and a text.
void take_error(PgsqlExchange& into, Bytes body) noexcept {
  for (unsigned i = 0; i < kMaxParameters && !body.empty() && body[0] != 0; ++i) {
    const uint8_t field = body[0];
    body = body.subspan(1);
    const std::string_view text = take_text(body);
    const char* key = field == 'S'   ? "severity_localizable"
                      : field == 'V' ? "severity_non_localizable"
                      : field == 'C' ? "code"
                      : field == 'M' ? "message"
                      : field == 'F' ? "file"
                      : field == 'L' ? "line"
                      : field == 'R' ? "routine"
                                     : nullptr;
    if (key != nullptr) into.response.emplace_back(key, text);
  }
}

}  // namespace

pktana_match probe_pgsql(Bytes bytes) noexcept {
  constexpr size_t kHead = 8;
  constexpr uint32_t kMaxStartup = 10000;
  if (bytes[0] != 0) return PKTANA_NO;
  if (bytes.size() < kHead) return PKTANA_MAYBE;
  const uint32_t len = be32(bytes, 0);
  const uint32_t code = be32(bytes, 4);
  if (code == kPgsqlSsl || code == kPgsqlGss) return len == 8 ? PKTANA_YES : PKTANA_NO;
  if (code == kPgsqlCancel) return len == 16 ? PKTANA_YES : PKTANA_NO;
  if (code < kPgsqlVersion3 || code > kPgsqlVersion3 + 2 || len < kHead + 1 || len > kMaxStartup)
    return PKTANA_NO;
  const std::string_view rest = text_of(bytes.subspan(kHead));
  if (rest.size() < 5) return PKTANA_MAYBE;
  // Parameters come in any order; each is a word and its value.
  return std::all_of(rest.begin(), rest.begin() + 4,
                     [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; })
             ? PKTANA_YES
             : PKTANA_NO;
}

void take_pgsql_startup(PgsqlExchange& into, Bytes message) noexcept {
  constexpr size_t kHead = 8;
  const uint32_t code = be32(message, 4);
  if (code == kPgsqlSsl) return (void)into.request.emplace_back("message", "SSL Request");
  if (code == kPgsqlGss) return (void)into.request.emplace_back("message", "GSSENC Request");
  if (code == kPgsqlCancel) return (void)into.request.emplace_back("message", "cancel_request");
  into.request.emplace_back("protocol_version",
                            std::to_string(code >> 16) + "." + std::to_string(code & 0xffff));
  into.has_startup = true;
  Bytes rest = message.subspan(kHead);
  for (unsigned i = 0; i < kMaxParameters && !rest.empty() && rest[0] != 0; ++i) {
    const std::string_view name = take_text(rest);
    const std::string_view value = take_text(rest);
    if (name == "user") into.user = value;
    if (const char* key = key_of(kStartup, name)) into.startup.emplace_back(key, value);
  }
}

void take_pgsql_request(PgsqlExchange& into, uint8_t type, Bytes body, bool awaits_sasl) noexcept {
  switch (type) {
    case 'Q':
      return (void)into.request.emplace_back("simple_query", take_text(body));
    case 'X':
      return (void)into.request.emplace_back("message", "terminate");
    case 'p':
      if (awaits_sasl) return take_sasl_choice(into, body);
      // With SASL the second message; a password is not put on record.
      if (text_of(body).starts_with("c="))
        return (void)into.request.emplace_back("sasl_response", all_text(body));
      return (void)into.request.emplace_back("message", "password_message");
    default:
      return;
  }
}

PgsqlTurn take_pgsql_response(PgsqlExchange& into, uint8_t type, Bytes body,
                              size_t whole_len) noexcept {
  switch (type) {
    case 'R':
      return take_authentication(into, body);
    case 'S': {
      const std::string_view name = take_text(body);
      const char* key = key_of(kReported, name);
      if (key != nullptr && into.parameters.size() < kMaxParameters)
        into.parameters.emplace_back(key, take_text(body));
      return PgsqlTurn::Server;
    }
    case 'K':
      if (body.size() >= 8) {
        into.response_numbers.emplace_back("process_id", be32(body, 0));
        into.response_numbers.emplace_back("secret_key", be32(body, 4));
      }
      return PgsqlTurn::Server;
    case 'T':
      if (body.size() >= 2) into.response_numbers.emplace_back("field_count", be16(body, 0));
      return PgsqlTurn::Server;
    case 'D':
      ++into.data_rows;
      into.data_size += whole_len;
      return PgsqlTurn::Server;
    case 'C':
      into.response.emplace_back("command_completed", take_text(body));
      return PgsqlTurn::Server;
    case 'E':
      take_error(into, body);
      return PgsqlTurn::Server;
    case 'Z':
      return PgsqlTurn::Client;
    default:
      return PgsqlTurn::Server;
  }
}

}  // namespace pktana::app::enterprise
