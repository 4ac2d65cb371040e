// SPDX-License-Identifier: Apache-2.0
#include "app/internet/http2/http2_flow.h"
#include "app/internet/text.h"

namespace pktana::app::internet::http2 {

namespace {

void write_headers(Event& event, const char* key, const HeaderList& list) noexcept {
  if (list.fields().empty()) return;
  Array array = event.array(key);
  for (const HeaderField& field : list.fields()) {
    Object object = array.object(nullptr);
    if (field.table_size >= 0) {
      object.number("table_size_update", static_cast<uint64_t>(field.table_size));
      continue;
    }
    object.text("name", field.name);
    object.text("value", field.value);
  }
}

void write_settings(Object& object, const std::vector<Setting>& settings) noexcept {
  if (settings.empty()) return;
  Array array = object.array("settings");
  for (const Setting& setting : settings) {
    Object one = array.object(nullptr);
    FixedText<8> number;
    number.add_decimal(setting.id);
    const std::string_view name = setting_name(setting.id);
    one.text("settings_id", name.empty() ? number.view() : name);
    one.number("settings_value", setting.value);
  }
}

bool says_more(const Said& said) noexcept {
  return !said.settings.empty() || said.has_error || said.has_weight;
}

void write_said(Object& http2, const char* key, const Said& said, bool is_request) noexcept {
  if (!says_more(said)) return;
  Object object = http2.object(key);
  write_settings(object, said.settings);
  if (said.has_error) {
    FixedText<12> number;
    number.add_decimal(said.error);
    const std::string_view name = error_name(said.error);
    object.text("error_code", name.empty() ? number.view() : name);
  }
  if (said.has_weight && is_request) object.number("priority", said.weight);
}

void write_number(Event& event, const char* key, std::string_view text) noexcept {
  uint64_t value = 0;
  if (parse_decimal(text, value)) event.number(key, value);
}

}  // namespace

void write_event(const Flow& flow, uint8_t event_direction, int64_t ts_ns,
                 const Stream& stream) noexcept {
  Event event = flow.event("http", event_direction, ts_ns);
  event.text("version", "2");
  const HeaderList& response = stream.response.headers;
  write_headers(event, "request_headers", stream.request.headers);
  write_headers(event, "response_headers", response);
  // What a server pushes, it asks itself for.
  const bool is_pushed = stream.request.headers.fields().empty();
  const HeaderList& request = is_pushed ? response : stream.request.headers;
  event.text_if("http_method", request.find(":method"));
  event.text_if("url", request.find(":path"));
  event.text_if("hostname", request.find(":authority"));
  event.text_if("http_user_agent", request.find("user-agent"));
  write_number(event, "status", response.find(":status"));
  write_number(event, "length", response.find("content-length"));
  Object http2 = event.object("http2");
  http2.number("stream_id", stream.id);
  write_said(http2, "request", stream.request, true);
  write_said(http2, "response", stream.response, false);
}

}  // namespace pktana::app::internet::http2
