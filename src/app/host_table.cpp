// SPDX-License-Identifier: Apache-2.0
#include "app/host_table.h"

#include "app/call_guard.h"
#include "app/flow_call.h"

namespace pktana::app {
namespace {

/// The FlowCall for as long as the full expression lasts, not broken off meanwhile.
class Held {
 public:
  explicit Held(FlowCall& call) noexcept : call_(call) {}
  FlowCall* operator->() noexcept { return &call_; }

 private:
  HostSection section_;
  FlowCall& call_;
};

Held call_of(pktana_flow* flow) noexcept { return Held(*static_cast<FlowCall*>(flow)); }
Held call_of(const pktana_flow* flow) noexcept { return call_of(const_cast<pktana_flow*>(flow)); }

std::string_view text_of(const void* data, size_t len) noexcept {
  return data == nullptr ? std::string_view()
                         : std::string_view(static_cast<const char*>(data), len);
}

int wants(const pktana_flow* flow, const char* event) {
  return call_of(flow)->wants(event) ? 1 : 0;
}

void info(const pktana_flow* flow, pktana_flow_info* out) {
  if (out != nullptr) call_of(flow)->info(*out);
}

void event_begin(pktana_flow* flow, const char* name, uint8_t direction, int64_t ts_ns) {
  call_of(flow)->event_begin(name, direction, ts_ns);
}

void event_end(pktana_flow* flow) { call_of(flow)->event_end(); }

void object_begin(pktana_flow* flow, const char* key) {
  call_of(flow)->builder().object_begin(key);
}
void object_end(pktana_flow* flow) { call_of(flow)->builder().object_end(); }
void array_begin(pktana_flow* flow, const char* key) { call_of(flow)->builder().array_begin(key); }
void array_end(pktana_flow* flow) { call_of(flow)->builder().array_end(); }

void put_text(pktana_flow* flow, const char* key, const void* data, size_t len) {
  call_of(flow)->builder().text(key, text_of(data, len));
}

void put_uint(pktana_flow* flow, const char* key, uint64_t value) {
  call_of(flow)->builder().number(key, value);
}

void put_int(pktana_flow* flow, const char* key, int64_t value) {
  call_of(flow)->builder().signed_number(key, value);
}

void put_real(pktana_flow* flow, const char* key, double value) {
  call_of(flow)->builder().real(key, value);
}

void put_bool(pktana_flow* flow, const char* key, int value) {
  call_of(flow)->builder().flag(key, value != 0);
}

void put_uint_beside(pktana_flow* flow, const char* key, uint64_t value) {
  call_of(flow)->builder().number_beside(key, value);
}

void object_beside_begin(pktana_flow* flow, const char* key) {
  call_of(flow)->builder().object_beside_begin(key);
}

void set_app_proto(pktana_flow* flow, const char* app_proto) {
  if (app_proto != nullptr) call_of(flow)->set_app_proto(app_proto);
}

void set_name(pktana_flow* flow, const void* text, size_t len, pktana_name_source source) {
  call_of(flow)->set_name(text_of(text, len), source);
}

void set_fingerprint(pktana_flow* flow, const char* kind, const void* text, size_t len) {
  call_of(flow)->set_fingerprint(kind, text_of(text, len));
}

void learn_name(pktana_flow* flow, uint8_t ip_version, const uint8_t* address, const void* name,
                size_t len, uint32_t ttl_s) {
  if (address == nullptr || (ip_version != 4 && ip_version != 6)) return;
  const size_t bytes = ip_version == 4 ? 4 : 16;
  call_of(flow)->learn_name({address, bytes}, text_of(name, len), ttl_s);
}

void expect(pktana_flow* flow, uint8_t protocol, int from_server, uint16_t port,
            const char* dissector) {
  call_of(flow)->expect(protocol, from_server != 0, port, dissector);
}

void expect_with_note(pktana_flow* flow, uint8_t protocol, int from_server, uint16_t port,
                      const char* dissector, const void* note, size_t len) {
  call_of(flow)->expect(protocol, from_server != 0, port, dissector, text_of(note, len));
}

pktana_bytes note(const pktana_flow* flow) {
  const std::string_view text = call_of(flow)->note();
  return {.data = reinterpret_cast<const uint8_t*>(text.data()), .len = text.size()};
}

void change_protocol(pktana_flow* flow, const char* dissector) {
  call_of(flow)->change_protocol(dissector);
}

}  // namespace

const pktana_host& host_table() noexcept {
  static constexpr pktana_host kHost{
      .size = sizeof(pktana_host),
      .abi = PKTANA_PLUGIN_ABI,
      .wants = wants,
      .info = info,
      .event_begin = event_begin,
      .event_end = event_end,
      .object_begin = object_begin,
      .object_end = object_end,
      .array_begin = array_begin,
      .array_end = array_end,
      .put_text = put_text,
      .put_uint = put_uint,
      .put_int = put_int,
      .put_real = put_real,
      .put_bool = put_bool,
      .put_uint_beside = put_uint_beside,
      .set_app_proto = set_app_proto,
      .set_name = set_name,
      .set_fingerprint = set_fingerprint,
      .learn_name = learn_name,
      .expect = expect,
      .change_protocol = change_protocol,
      .object_beside_begin = object_beside_begin,
      .expect_with_note = expect_with_note,
      .note = note,
  };
  return kHost;
}

void detach_summary(FlowApp& app) noexcept {
  if (app.summary == nullptr || !app.summary->is_shared()) return;
  auto* own = new flow::AppSummary(*app.summary);
  if (app.summary->drop_reference()) delete app.summary;
  app.summary = own;
}

}  // namespace pktana::app
