// SPDX-License-Identifier: Apache-2.0
#include "flow/app_summary.h"

#include "flow/event_pool.h"
#include "flow/flow_record.h"

namespace pktana::flow {
namespace {

template <typename T>
void take(const T* belonging) noexcept {
  if (belonging != nullptr) belonging->take_reference();
}

}  // namespace

std::string_view to_string(NameSource source) noexcept {
  switch (source) {
    case NameSource::None:
      return "none";
    case NameSource::TlsSni:
      return "tls_sni";
    case NameSource::QuicSni:
      return "quic_sni";
    case NameSource::HttpHost:
      return "http_host";
    case NameSource::Plugin:
      return "plugin";
    case NameSource::DnsAnswer:
      return "dns_answer";
  }
  return "none";
}

std::string_view to_string(AppBasis basis) noexcept {
  switch (basis) {
    case AppBasis::None:
      return "none";
    case AppBasis::Content:
      return "content";
    case AppBasis::Expected:
      return "expected";
    case AppBasis::Port:
      return "port";
  }
  return "none";
}

void take_belongings(const FlowRecord& record) noexcept {
  take(record.app);
  take(record.event);
}

void drop_belongings(std::span<const FlowRecord> records) noexcept {
  EventPool::Return unused;
  for (const FlowRecord& record : records) {
    if (record.app != nullptr && record.app->drop_reference()) delete record.app;
    if (record.event != nullptr && record.event->drop_reference()) unused.add(record.event);
  }
}

}  // namespace pktana::flow
