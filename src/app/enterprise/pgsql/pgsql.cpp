// SPDX-License-Identifier: Apache-2.0
// PostgreSQL: a request and what answers it are one pgsql event; where the server agrees to TLS,
// the rest of the flow is given to TLS.
#include <algorithm>

#include "app/enterprise/enterprise.h"
#include "app/enterprise/pgsql/pgsql_message.h"
#include "app/enterprise/probing.h"

namespace pktana::app::enterprise {
namespace {

constexpr const char* kEvent = "pgsql";
constexpr size_t kLook = 4096;  ///< of each message; the rest is skipped
constexpr size_t kMaxParts = 64;

class Pgsql {
 public:
  pktana_step on_chunk(Flow flow, const Chunk& chunk) noexcept {
    if (chunk.bytes.empty()) return more(0);
    if (chunk.direction == PKTANA_TO_SERVER)
      return awaits_startup_ ? take_startup(flow, chunk) : take_typed(flow, chunk);
    return awaits_ssl_ ? take_ssl_answer(flow, chunk) : take_typed(flow, chunk);
  }

  void on_end(Flow flow, int64_t ts_ns) noexcept { show(flow, ts_ns); }

 private:
  [[nodiscard]] pktana_step take_startup(const Flow& flow, const Chunk& chunk) noexcept {
    constexpr uint32_t kMaxStartup = 10000;
    if (chunk.bytes.size() < 8) return wait_for(chunk, 8);
    const uint32_t len = be32(chunk.bytes, 0);
    if (len < 8 || len > kMaxStartup) return kDone;
    if (chunk.bytes.size() < len) return wait_for(chunk, len);
    show(flow, chunk.ts_ns);
    take_pgsql_startup(now_, chunk.bytes.first(len));
    const uint32_t code = be32(chunk.bytes, 4);
    awaits_ssl_ = code == kPgsqlSsl || code == kPgsqlGss;
    awaits_startup_ = awaits_ssl_;  // where the server declines, the real one follows
    return more(len);
  }

  /// One byte: S or G = yes, N = no.
  [[nodiscard]] pktana_step take_ssl_answer(const Flow& flow, const Chunk& chunk) noexcept {
    awaits_ssl_ = false;
    const bool yes = chunk.bytes[0] == 'S' || chunk.bytes[0] == 'G';
    if (!yes && chunk.bytes[0] != 'N') return more(0);  // an error instead
    now_.ssl_accepted = yes ? 1 : 0;
    show(flow, chunk.ts_ns);
    if (!yes) return more(1);
    flow.change_protocol(nullptr);
    return change(1);
  }

  [[nodiscard]] pktana_step take_typed(const Flow& flow, const Chunk& chunk) noexcept {
    constexpr size_t kHead = 5;
    if (chunk.bytes.size() < kHead) return wait_for(chunk, kHead);
    const uint32_t len = be32(chunk.bytes, 1);
    if (len < 4) return kDone;
    const size_t whole = size_t{1} + len;
    const size_t needed = std::min(whole, kLook);
    if (chunk.bytes.size() < needed && !chunk.ended) return more(0, needed);
    const size_t here = std::min(needed, chunk.bytes.size());
    const Bytes body = chunk.bytes.subspan(kHead, here - kHead);
    const uint8_t type = chunk.bytes[0];
    if (chunk.direction == PKTANA_TO_SERVER) {
      const size_t before = now_.request.size();
      if (before > 0 || !now_.response.empty()) show(flow, chunk.ts_ns);
      take_pgsql_request(now_, type, body, awaits_sasl_);
      awaits_sasl_ = false;
    } else if (now_.response.size() < kMaxParts && now_.response_numbers.size() < kMaxParts) {
      const PgsqlTurn turn = take_pgsql_response(now_, type, body, len - 4);
      awaits_sasl_ = turn == PgsqlTurn::ClientSasl;
      if (turn != PgsqlTurn::Server) show(flow, chunk.ts_ns);
    }
    return more(whole);
  }

  void show(const Flow& flow, int64_t ts_ns) noexcept {
    if (now_.is_empty()) return;
    const PgsqlExchange done = std::exchange(now_, {});
    ++shown_;
    if (!flow.wants(kEvent)) return;
    Event event = flow.event(kEvent, PKTANA_TO_SERVER, ts_ns);
    event.number("tx_id", shown_);
    if (!done.request.empty() || done.has_startup) show_request(event, done);
    show_response(event, done);
  }

  static void show_request(Event& event, const PgsqlExchange& done) noexcept {
    Object request = event.object("request");
    for (const auto& [key, text] : done.request)
      request.text(key, text);
    if (!done.has_startup) return;
    Object startup = request.object("startup_parameters");
    startup.text("user", done.user);
    if (!done.startup.empty()) show_list(startup, "optional_parameters", done.startup);
  }

  static void show_response(Event& event, const PgsqlExchange& done) noexcept {
    if (done.response.empty() && done.response_numbers.empty() && done.parameters.empty() &&
        done.ssl_accepted < 0)
      return;
    Object response = event.object("response");
    if (done.ssl_accepted >= 0) response.flag("ssl_accepted", done.ssl_accepted == 1);
    for (const auto& [key, text] : done.response)
      response.text(key, text);
    for (const auto& [key, number] : done.response_numbers)
      response.number(key, number);
    if (!done.parameters.empty()) show_list(response, "parameter_status", done.parameters);
    if (done.data_rows == 0) return;
    response.number("data_rows", done.data_rows);
    response.number("data_size", done.data_size);
  }

  static void show_list(Object& out, const char* key,
                        const std::vector<std::pair<const char*, std::string>>& list) noexcept {
    Array array = out.array(key);
    for (const auto& [name, value] : list)
      array.object(nullptr).text(name, value);
  }

  PgsqlExchange now_;
  uint64_t shown_ = 0;
  bool awaits_startup_ = true;
  bool awaits_ssl_ = false;
  bool awaits_sasl_ = false;
};

pktana_match pgsql(const Probe& probe) noexcept {
  const Bytes bytes = probe.to_server();
  if (bytes.empty()) return probe.to_client().empty() ? PKTANA_MAYBE : PKTANA_NO;
  return probe_pgsql(bytes);
}

constexpr uint16_t kPorts[] = {5432, 0};
constexpr const char* kEvents[] = {kEvent, nullptr};

}  // namespace

const pktana_dissector kPgsql = dissector_of<Pgsql>(
    {.name = "pgsql", .events = kEvents, .tcp_ports = kPorts, .flags = PKTANA_SETS_ATTRIBUTES},
    probed<pgsql>);

}  // namespace pktana::app::enterprise
