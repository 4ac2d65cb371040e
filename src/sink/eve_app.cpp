// SPDX-License-Identifier: Apache-2.0
#include "sink/eve_app.h"

#include "sink/escape.h"
#include "sink/text.h"

namespace pktana::sink {
namespace {

using flow::AppSummary;
using flow::FlowRecord;

constexpr size_t kMaxKindBytes = 32;      ///< of a fingerprint's kind, escaped
constexpr size_t kSmallMembers = 256;     ///< basis and guess together
constexpr size_t kNameFrame = 128;        ///< keys, source, age around the name
constexpr size_t kFingerprintFrame = 32;  ///< quotes, and the braces around all of them

char* put_name(char* out, const AppSummary& app) noexcept {
  out = put_quoted(put_literal(out, R"(,"name":)"), app.name, kMaxFlowNameBytes);
  out = put_text(put_literal(out, R"(,"name_source":")"), flow::to_string(app.name_source));
  *out++ = '"';
  if (app.name_source != flow::NameSource::DnsAnswer) return out;
  out = put_decimal(put_literal(out, R"(,"name_age":)"), app.name_age_s);
  return app.name_ambiguous ? put_literal(out, R"(,"name_ambiguous":true)") : out;
}

char* put_fingerprints(char* out, const AppSummary& app, size_t room) noexcept {
  const char* const end = out + room;
  bool any = false;
  for (const flow::Fingerprint& one : app.fingerprints) {
    if (static_cast<size_t>(end - out) < kMaxKindBytes + kMaxFingerprintBytes + kFingerprintFrame)
      break;
    out = any ? put_literal(out, ",") : put_literal(out, R"(,"fingerprints":{)");
    any = true;
    out = put_quoted(out, one.kind, kMaxKindBytes);
    *out++ = ':';
    out = put_quoted(out, one.text, kMaxFingerprintBytes);
  }
  if (any) *out++ = '}';
  return out;
}

}  // namespace

std::string_view known_app_proto(const FlowRecord& record) noexcept {
  const bool known = record.app_proto != nullptr && record.app_basis != flow::AppBasis::None;
  return known ? std::string_view(record.app_proto) : std::string_view();
}

std::string_view name_of(const FlowRecord& record) noexcept {
  return record.app == nullptr ? std::string_view() : std::string_view(record.app->name);
}

std::string_view fingerprint_of(const FlowRecord& record, std::string_view kind) noexcept {
  if (record.app == nullptr) return {};
  for (const flow::Fingerprint& one : record.app->fingerprints)
    if (kind == one.kind) return one.text;
  return {};
}

char* put_quoted(char* out, std::string_view text, size_t limit) noexcept {
  *out++ = '"';
  out = put_escaped(out, text, QuoteStyle::Json, limit);
  *out++ = '"';
  return out;
}

char* put_eve_app_proto(char* out, const FlowRecord& record) noexcept {
  if (record.app_proto == nullptr) return out;
  out = put_quoted(put_literal(out, R"(,"app_proto":)"), record.app_proto, kMaxAppProtoBytes);
  if (record.app == nullptr || record.app->app_proto_before == nullptr) return out;
  return put_quoted(put_literal(out, R"(,"app_proto_orig":)"), record.app->app_proto_before,
                    kMaxAppProtoBytes);
}

char* put_eve_app(char* out, const FlowRecord& record, size_t room) noexcept {
  const char* const end = out + room;
  if (room < kSmallMembers) return out;
  if (record.app_basis != flow::AppBasis::None) {
    out = put_text(put_literal(out, R"(,"app_basis":")"), flow::to_string(record.app_basis));
    *out++ = '"';
  }
  if (record.app == nullptr) return out;
  const AppSummary& app = *record.app;
  if (app.app_proto_guess != nullptr)
    out = put_quoted(put_literal(out, R"(,"app_proto_guess":)"), app.app_proto_guess,
                     kMaxAppProtoBytes);
  if (!app.name.empty() && static_cast<size_t>(end - out) > kMaxFlowNameBytes + kNameFrame)
    out = put_name(out, app);
  return put_fingerprints(out, app, static_cast<size_t>(end - out));
}

}  // namespace pktana::sink
