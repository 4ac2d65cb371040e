// SPDX-License-Identifier: Apache-2.0
// An HTTP/1 connection (RFC 9112): joins requests and their responses, one http event each, and
// follows the connection to the protocol that CONNECT or Upgrade makes of it.
#pragma once

#include <vector>

#include "app/dissector.h"
#include "app/internet/http/http_side.h"
#include "app/internet/http/http_transaction.h"

namespace pktana::app::internet::http {

/// Requests kept that have no response yet; more make events without one.
inline constexpr size_t kMaxPending = 16;

class HttpFlow {
 public:
  pktana_step on_chunk(const Flow& flow, const Chunk& chunk) noexcept;
  pktana_step on_gap(const Flow& flow, uint8_t direction, uint64_t missing) noexcept;
  void on_end(const Flow& flow, int64_t ts_ns) noexcept;

 private:
  enum class Outcome : uint8_t { GoOn, NeedMore, Change, Done };

  [[nodiscard]] bool knows_roles() const noexcept { return knows_roles_; }
  [[nodiscard]] bool is_client(uint8_t direction) const noexcept {
    return direction == client_direction_;
  }
  bool learn_roles(const Chunk& chunk) noexcept;

  Outcome step(const Flow& flow, const Chunk& chunk, size_t& at) noexcept;
  Outcome on_body(const Flow& flow, Side& side, const Chunk& chunk, size_t& at) noexcept;
  Outcome on_lost(const Flow& flow, Side& side, const Chunk& chunk, size_t& at) noexcept;
  Outcome on_line(const Flow& flow, Side& side, const Chunk& chunk, size_t& at) noexcept;

  Outcome on_request_line(const Flow& flow, Side& side, std::string_view line,
                          bool more_follows) noexcept;
  Outcome on_status_line(const Flow& flow, Side& side, std::string_view line) noexcept;
  Outcome on_headless_response(Side& side) noexcept;
  Outcome on_field(const Flow& flow, Side& side, bool is_request, std::string_view line) noexcept;
  Outcome on_request_head(const Flow& flow, Side& side) noexcept;
  Outcome on_response_head(const Flow& flow, Side& side) noexcept;
  Outcome on_switch(const Flow& flow, const Side& side) noexcept;

  Transaction& begin_transaction(const Flow& flow) noexcept;
  void finish_response(const Flow& flow) noexcept;
  void emit(const Flow& flow, size_t index) noexcept;
  void emit_all(const Flow& flow) noexcept;

  Side sides_[2];
  std::vector<Transaction> pending_;  // the front one is being answered, or is next
  uint64_t transactions_ = 0;
  int64_t ts_ns_ = 0;
  uint8_t client_direction_ = PKTANA_TO_SERVER;
  bool knows_roles_ = false;
  bool requesting_ = false;  // the head of pending_'s last one is being read
  bool responding_ = false;  // pending_'s first one has a status line
  bool is_interim_ = false;  // and it is a 1xx
  bool has_name_ = false;
};

}  // namespace pktana::app::internet::http
