// SPDX-License-Identifier: Apache-2.0
#include "sink/eve_event.h"

#include "flow/protocol_name.h"
#include "sink/escape.h"
#include "sink/eve_endpoints.h"
#include "sink/tape_text.h"

namespace pktana::sink {
namespace {

using flow::FlowRecord;

constexpr size_t kMaxEventNameBytes = 64;  ///< escaped
/// Behind the fields, beside the names of host and source: braces, seq, the word on truncation.
constexpr size_t kTailBytes = 192;

char* put_event_name(char* out, const flow::AppEvent& event) noexcept {
  *out++ = '"';
  out = put_escaped(out, event.name, QuoteStyle::Json, kMaxEventNameBytes);
  *out++ = '"';
  return out;
}

char* put_head(char* out, const FlowRecord& record, const EveEventContext& context) noexcept {
  out = context.time->put(put_literal(out, R"({"timestamp":")"), record.end_ns);
  out = put_decimal(put_literal(out, R"(","flow_id":)"), record.flow_id);
  if (context.live) out = put_text(out, context.source);
  out = put_event_name(put_literal(out, R"(,"event_type":)"), *record.event);
  out = put_eve_vlan(out, record);
  out = put_eve_endpoints(out, record, record.event->to_client);
  out = put_text(put_literal(out, R"(,"proto":")"), flow::protocol_name(record.protocol));
  out = put_decimal(put_literal(out, R"(","ip_v":)"), record.ip_version);
  out = context.community_id->put(put_literal(out, R"(,"community_id":")"), record);
  *out++ = '"';
  return out;
}

}  // namespace

char* put_eve_event(char* out, const FlowRecord& record, const EveEventContext& context) noexcept {
  const flow::AppEvent& event = *record.event;
  const size_t tail = context.host.size() + context.source.size() + kTailBytes;
  const char* const limit = out + kMaxLineBytes - tail;
  out = put_head(out, record, context);
  TapeText fields(out, limit);
  fields.put(event.beside);
  out = put_event_name(put_literal(fields.end(), ","), event);
  out = put_literal(out, ":{");
  TapeText own(out, limit);
  own.put(event.tape);
  out = put_literal(own.end(), "}");
  out = put_text(out, context.host);
  if (!context.live) out = put_text(out, context.source);
  out = put_decimal(put_literal(out, R"(,"pktana":{"schema":1,"seq":)"), context.seq);
  if (event.cut || fields.is_cut() || own.is_cut()) out = put_literal(out, R"(,"truncated":true)");
  return put_literal(out, "}}\n");
}

}  // namespace pktana::sink
