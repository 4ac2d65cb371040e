// SPDX-License-Identifier: Apache-2.0
// A request and its response, as far as they have come, and the http event they make.
#pragma once

#include <string>
#include <string_view>

#include "app/dissector.h"

namespace pktana::app::internet::http {

struct Transaction {
  uint64_t id = 0;  ///< number in its flow
  std::string method;
  std::string target;
  std::string version;
  std::string host;
  std::string user_agent;
  std::string forwarded_for;
  std::string referer;

  bool has_response = false;
  unsigned status = 0;
  std::string content_type;
  std::string location;
  std::string content_range;
  uint64_t length = 0;  ///< of the response's body
};

/// Keeps a request field if events or the flow's name need it; a repeated one is joined by ", ".
void keep_request_field(Transaction& transaction, std::string_view name,
                        std::string_view value) noexcept;
void keep_response_field(Transaction& transaction, std::string_view name,
                         std::string_view value) noexcept;
/// `text` cut to what is kept of request targets.
[[nodiscard]] std::string_view kept_target(std::string_view text) noexcept;

/// Host that the request is for, lower case, from its target or its Host field; without the port.
[[nodiscard]] std::string host_of(const Transaction& transaction) noexcept;

/// @param client_direction that of the requests.
void write_event(const Flow& flow, uint8_t client_direction, int64_t ts_ns,
                 const Transaction& transaction) noexcept;

}  // namespace pktana::app::internet::http
