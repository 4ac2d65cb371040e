// SPDX-License-Identifier: Apache-2.0
// The pktana_flow of one call into a dissector: what the host functions work on.
#pragma once

#include <string_view>

#include "app/conversation.h"
#include "app/event_builder.h"
#include "app/expectations.h"
#include "app/wanted_events.h"
#include "flow/payload_hook.h"
#include "pktana/plugin.h"

namespace pktana::app {

/// What all calls of a worker share.
struct CallTools {
  EventBuilder& builder;
  const WantedEvents& wanted;
  Expectations& expectations;
};

/// Lives on the stack around the call.
class FlowCall : public pktana_flow {
 public:
  FlowCall(CallTools tools, FlowApp& app, flow::HookedFlow& hooked, int64_t now_ns) noexcept;

  // The host functions, see pktana_host.
  [[nodiscard]] bool wants(const char* event) const noexcept;
  void info(pktana_flow_info& out) const noexcept;
  void event_begin(const char* name, uint8_t direction, int64_t ts_ns) noexcept;
  void event_end() noexcept;
  void set_name(std::string_view name, pktana_name_source source) noexcept;
  void set_fingerprint(const char* kind, std::string_view text) noexcept;
  void learn_name(std::span<const uint8_t> address, std::string_view name, uint32_t ttl_s) noexcept;
  void expect(uint8_t protocol, bool from_server, uint16_t port, const char* dissector,
              std::string_view note = {}) noexcept;
  [[nodiscard]] std::string_view note() const noexcept;
  void set_app_proto(const char* name) noexcept { app_.app_proto = name; }
  void change_protocol(const char* dissector) noexcept { next_dissector_ = dissector; }
  [[nodiscard]] EventBuilder& builder() noexcept { return tools_.builder; }

  /// What change_protocol() asked for; null = probe.
  [[nodiscard]] const char* next_dissector() const noexcept { return next_dissector_; }

 private:
  [[nodiscard]] flow::AppSummary& summary();

  CallTools tools_;
  FlowApp& app_;
  flow::HookedFlow& hooked_;
  int64_t now_ns_;
  int64_t event_ns_ = 0;
  const char* next_dissector_ = nullptr;
};

}  // namespace pktana::app
