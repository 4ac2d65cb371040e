// SPDX-License-Identifier: Apache-2.0
// A flow as the application layer sees it, made of what both sides say: TCP segments in order, or
// datagrams. What comes out is kept as text.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/app_layer.h"
#include "flow/payload_hook.h"
#include "support/flow_packets.h"

namespace pktana::app {

/// Fields of a tape as JSON without escapes: {"a":1,"b":["x"]}.
[[nodiscard]] std::string tape_text(std::span<const uint8_t> tape);

struct TalkOptions {
  uint8_t protocol = PKTANA_TCP;
  uint16_t client_port = 40000;
  uint16_t server_port = 9999;  ///< of no dissector
  WantedEvents wanted = {};
  const Registry* registry = nullptr;    ///< null = the built-in one
  Expectations* expectations = nullptr;  ///< null = one of its own
};

class Talk final : private flow::HookedFlow {
 public:
  explicit Talk(const TalkOptions& options = {});
  ~Talk();
  Talk(const Talk&) = delete;
  Talk& operator=(const Talk&) = delete;

  /// The next bytes of a side: one segment or datagram.
  void client(std::span<const uint8_t> bytes) { say(flow::kToServer, bytes); }
  void server(std::span<const uint8_t> bytes) { say(flow::kToClient, bytes); }
  void client(std::string_view text) { client(bytes_of(text)); }
  void server(std::string_view text) { server(bytes_of(text)); }
  /// The same, in segments of `piece` bytes.
  void in_pieces(flow::Direction side, std::span<const uint8_t> bytes, size_t piece);
  /// A segment at a place of the stream, counted from its first byte; next bytes follow behind the
  /// furthest one.
  void segment(flow::Direction side, uint32_t place, std::span<const uint8_t> bytes);
  /// A bare ACK of a side: of all that the other one has said up to `place`.
  void acknowledge(flow::Direction side, uint32_t place);
  /// Bytes that the capture missed.
  void lose(flow::Direction side, uint32_t count);
  /// Bytes that were sent, of which only the first were captured.
  void cut(flow::Direction side, std::span<const uint8_t> captured, uint32_t sent);
  /// FIN of a side.
  void fin(flow::Direction side);
  /// The flow is over.
  void end();

  /// `name{...}`; `name{...} beside{...}`, `<` in front of the name if the responder sent it, and
  /// `learned ADDRESS NAME TTL`.
  [[nodiscard]] const std::vector<std::string>& events() const { return events_; }
  /// Their times.
  [[nodiscard]] const std::vector<int64_t>& times() const { return times_; }
  /// Of the flow's record; "" = none.
  [[nodiscard]] std::string app_proto();
  [[nodiscard]] std::string app_proto_before();
  [[nodiscard]] std::string guess();
  [[nodiscard]] std::string name();
  [[nodiscard]] flow::NameSource name_source();
  [[nodiscard]] std::string fingerprint(std::string_view kind);
  /// Whether the layer still wants packets of the flow.
  [[nodiscard]] bool wanted() const { return wanted_; }
  [[nodiscard]] AppTotals totals() const { return layer_->totals(); }

  static std::span<const uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
  }

 private:
  [[nodiscard]] flow::FlowRecord record() const noexcept override;
  [[nodiscard]] std::optional<uint32_t> first_sequence(
      flow::Direction direction) const noexcept override;
  void emit(const flow::AppEvent* event, int64_t ts_ns) noexcept override;

  void say(flow::Direction side, std::span<const uint8_t> bytes);
  void send(flow::FlowPacket packet, flow::Direction side);
  [[nodiscard]] flow::FlowPacket packet(flow::Direction side) const;
  flow::FlowRecord described();

  TalkOptions options_;
  Expectations own_expectations_;
  std::unique_ptr<AppLayer> layer_;
  int64_t now_ns_;
  uint32_t said_[2] = {};  ///< bytes of each side so far
  bool wanted_ = true;
  bool ended_ = false;
  std::vector<std::string> events_;
  std::vector<int64_t> times_;
};

}  // namespace pktana::app
