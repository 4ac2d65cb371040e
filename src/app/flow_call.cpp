// SPDX-License-Identifier: Apache-2.0
#include "app/flow_call.h"

#include <algorithm>
#include <cstring>

#include "app/host_table.h"
#include "flow/event_pool.h"

namespace pktana::app {
namespace {

constexpr size_t kMaxNameBytes = 1024;
constexpr size_t kMaxFingerprints = 8;
constexpr size_t kUsualFingerprints = 3;  // ja3, ja3s, ja4
constexpr size_t kMaxFingerprintBytes = 512;
constexpr size_t kMaxNoteBytes = 1024;

flow::NameSource source_of(pktana_name_source source) noexcept {
  switch (source) {
    case PKTANA_NAME_TLS_SNI:
      return flow::NameSource::TlsSni;
    case PKTANA_NAME_QUIC_SNI:
      return flow::NameSource::QuicSni;
    case PKTANA_NAME_HTTP_HOST:
      return flow::NameSource::HttpHost;
    case PKTANA_NAME_OTHER:
      break;
  }
  return flow::NameSource::Plugin;
}

}  // namespace

FlowCall::FlowCall(CallTools tools, FlowApp& app, flow::HookedFlow& hooked, int64_t now_ns) noexcept
    : pktana_flow{&host_table()}, tools_(tools), app_(app), hooked_(hooked), now_ns_(now_ns) {}

bool FlowCall::wants(const char* event) const noexcept {
  return event != nullptr && tools_.wanted.contains(event);
}

void FlowCall::info(pktana_flow_info& out) const noexcept {
  const flow::FlowRecord record = hooked_.record();
  pktana_flow_info full{};
  full.size = static_cast<uint32_t>(std::min<size_t>(out.size, sizeof full));
  full.ip_version = record.ip_version;
  full.protocol = record.protocol;
  full.client_port = record.src_port;
  full.server_port = record.dst_port;
  std::copy(record.src.begin(), record.src.end(), full.client);
  std::copy(record.dst.begin(), record.dst.end(), full.server);
  full.flow_id = record.flow_id;
  full.start_ns = record.start_ns;
  if (app_.summary != nullptr) full.app_proto_before = app_.summary->app_proto_before;
  std::memcpy(&out, &full, full.size);
}

void FlowCall::event_begin(const char* name, uint8_t direction, int64_t ts_ns) noexcept {
  event_ns_ = ts_ns;
  tools_.builder.begin(name, direction == PKTANA_TO_CLIENT, wants(name));
}

void FlowCall::event_end() noexcept {
  if (const flow::AppEvent* event = tools_.builder.finish()) hooked_.emit(event, event_ns_);
}

flow::AppSummary& FlowCall::summary() {
  if (app_.summary == nullptr) app_.summary = new flow::AppSummary();
  return *app_.summary;
}

void FlowCall::set_name(std::string_view name, pktana_name_source source) noexcept {
  if (name.empty()) return;
  // Records hold references to a summary that is const to them: what changes is another one's.
  detach_summary(app_);
  summary().name = name.substr(0, kMaxNameBytes);
  summary().name_source = source_of(source);
}

void FlowCall::set_fingerprint(const char* kind, std::string_view text) noexcept {
  if (kind == nullptr || text.empty()) return;
  detach_summary(app_);
  auto& all = summary().fingerprints;
  if (all.empty()) all.reserve(kUsualFingerprints);
  const auto same = std::find_if(all.begin(), all.end(), [&](const flow::Fingerprint& one) {
    return std::string_view(one.kind) == kind;
  });
  const std::string_view kept = text.substr(0, kMaxFingerprintBytes);
  if (same != all.end())
    same->text = kept;
  else if (all.size() < kMaxFingerprints)
    all.push_back({.kind = kind, .text = std::string(kept)});
}

void FlowCall::learn_name(std::span<const uint8_t> address, std::string_view name,
                          uint32_t ttl_s) noexcept {
  if (name.empty() || address.size() > 16) return;
  flow::AppEvent* const event = flow::EventPool::take();
  name = name.substr(0, kMaxNameBytes);
  event->tape.assign(name.begin(), name.end());
  auto& learned = event->learned.emplace();
  learned.ip_version = address.size() == 4 ? 4 : 6;
  std::copy(address.begin(), address.end(), learned.address.begin());
  learned.name = {reinterpret_cast<const char*>(event->tape.data()), event->tape.size()};
  learned.ttl_s = ttl_s;
  hooked_.emit(event, now_ns_);
}

std::string_view FlowCall::note() const noexcept {
  return app_.conversation == nullptr ? std::string_view() : app_.conversation->note;
}

void FlowCall::expect(uint8_t protocol, bool from_server, uint16_t port, const char* dissector,
                      std::string_view note) noexcept {
  if (dissector == nullptr || port == 0) return;
  const flow::FlowRecord record = hooked_.record();
  const auto& end = from_server ? record.src : record.dst;
  const auto& peer = from_server ? record.dst : record.src;
  tools_.expectations.add({.ip_version = record.ip_version,
                           .protocol = protocol,
                           .port = port,
                           .host = end,
                           .peer = peer},
                          {dissector, std::string(note.substr(0, kMaxNoteBytes))}, now_ns_);
}

}  // namespace pktana::app
