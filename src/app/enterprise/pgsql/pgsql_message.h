// SPDX-License-Identifier: Apache-2.0
// Messages of PostgreSQL's protocol 3 (manual, chapter "Frontend/Backend Protocol"): what records
// show of a request and of its answer. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/dissector.h"

namespace pktana::app::enterprise {

/// A request with all that answers it. Keys are literals.
struct PgsqlExchange {
  std::vector<std::pair<const char*, std::string>> request;
  std::vector<std::pair<const char*, std::string>> startup;  ///< optional parameters
  std::string user;
  bool has_startup = false;
  std::vector<std::pair<const char*, std::string>> response;
  std::vector<std::pair<const char*, uint64_t>> response_numbers;
  std::vector<std::pair<const char*, std::string>> parameters;  ///< parameter_status
  int ssl_accepted = -1;                                        ///< 0, 1; -1 = not asked
  uint64_t data_rows = 0, data_size = 0;

  [[nodiscard]] bool is_empty() const noexcept {
    return request.empty() && !has_startup && response.empty() && response_numbers.empty() &&
           parameters.empty() && ssl_accepted < 0;
  }
};

inline constexpr uint32_t kPgsqlSsl = 80877103, kPgsqlGss = 80877104, kPgsqlCancel = 80877102;
inline constexpr uint32_t kPgsqlVersion3 = 196608;

/// Whether the bytes begin as a client's first message does: SSL, GSS or cancel request, or a
/// start-up of version 3.
[[nodiscard]] pktana_match probe_pgsql(Bytes bytes) noexcept;

/// Start-up message (without type), whole.
void take_pgsql_startup(PgsqlExchange& into, Bytes message) noexcept;
/// A client's typed message. `body` is what follows the length; may be cut.
/// @param awaits_sasl  the server asked for SASL: 'p' is its first message.
void take_pgsql_request(PgsqlExchange& into, uint8_t type, Bytes body, bool awaits_sasl) noexcept;

/// What the server wants next.
enum class PgsqlTurn : uint8_t { Server, Client, ClientSasl };
/// A server's typed message.
[[nodiscard]] PgsqlTurn take_pgsql_response(PgsqlExchange& into, uint8_t type, Bytes body,
                                            size_t whole_len) noexcept;

}  // namespace pktana::app::enterprise
