// SPDX-License-Identifier: Apache-2.0
#include "sink/eve_tcp.h"

#include <array>

#include "sink/text.h"

namespace pktana::sink {
namespace {

using flow::kToClient;
using flow::kToServer;

/// A flag that is set, as `"name":true,`; the text is padded so that every copy is one of 16 bytes.
struct FlagText {
  uint8_t bit;
  uint8_t length;
  char text[16];
};
// In EVE's order.
constexpr std::array kFlagTexts{
    FlagText{0x02, 11, R"("syn":true,)"}, FlagText{0x01, 11, R"("fin":true,)"},
    FlagText{0x04, 11, R"("rst":true,)"}, FlagText{0x08, 11, R"("psh":true,)"},
    FlagText{0x10, 11, R"("ack":true,)"}, FlagText{0x20, 11, R"("urg":true,)"},
    FlagText{0x40, 11, R"("ecn":true,)"}, FlagText{0x80, 11, R"("cwr":true,)"},
};

/// `"name_toserver":1,"name_toclient":2,` and so on: each value ends with a comma.
template <size_t N, size_t M>
char* put_both(char* out, const char (&to_server)[N], uint64_t server, const char (&to_client)[M],
               uint64_t client) noexcept {
  out = put_decimal(put_literal(out, to_server), server);
  out = put_decimal(put_literal(out, to_client), client);
  *out++ = ',';
  return out;
}

template <size_t N>
char* put_if(char* out, bool known, const char (&name)[N], uint64_t value) noexcept {
  if (!known) return out;
  out = put_decimal(put_literal(out, name), value);
  *out++ = ',';
  return out;
}

/// As put_both(), each where it is above 0.
template <size_t N, size_t M>
char* put_above_0(char* out, const char (&to_server)[N], uint64_t server,
                  const char (&to_client)[M], uint64_t client) noexcept {
  if ((server | client) == 0) [[likely]]
    return out;
  out = put_if(out, server > 0, to_server, server);
  return put_if(out, client > 0, to_client, client);
}

bool has_trouble(const flow::TcpSide& side) noexcept {
  return (side.retransmits | side.out_of_order | side.duplicate_acks | side.zero_windows |
          side.lost_bytes) != 0;
}

/// What most connections have. In pieces that are a few moves each.
char* put_no_trouble(char* out) noexcept {
  out = put_literal(out, R"("retransmits_toserver":0,"retransmits_toclient":0,)");
  out = put_literal(out, R"("out_of_order_toserver":0,"out_of_order_toclient":0,)");
  out = put_literal(out, R"("duplicate_acks_toserver":0,"duplicate_acks_toclient":0,)");
  out = put_literal(out, R"("zero_windows_toserver":0,"zero_windows_toclient":0,)");
  return put_literal(out, R"("lost_bytes_toserver":0,"lost_bytes_toclient":0,)");
}

char* put_trouble(char* out, const flow::TcpSide& server, const flow::TcpSide& client) noexcept {
  if (!has_trouble(server) && !has_trouble(client)) return put_no_trouble(out);
  out = put_both(out, R"("retransmits_toserver":)", server.retransmits,
                 R"(,"retransmits_toclient":)", client.retransmits);
  out = put_both(out, R"("out_of_order_toserver":)", server.out_of_order,
                 R"(,"out_of_order_toclient":)", client.out_of_order);
  out = put_both(out, R"("duplicate_acks_toserver":)", server.duplicate_acks,
                 R"(,"duplicate_acks_toclient":)", client.duplicate_acks);
  out = put_both(out, R"("zero_windows_toserver":)", server.zero_windows,
                 R"(,"zero_windows_toclient":)", client.zero_windows);
  return put_both(out, R"("lost_bytes_toserver":)", server.lost_bytes, R"(,"lost_bytes_toclient":)",
                  client.lost_bytes);
}

char* put_counters(char* out, const flow::TcpSide& server, const flow::TcpSide& client) noexcept {
  out = put_trouble(out, server, client);
  out = put_above_0(out, R"("fast_retransmits_toserver":)", server.fast_retransmits,
                    R"("fast_retransmits_toclient":)", client.fast_retransmits);
  out = put_above_0(out, R"("spurious_retransmits_toserver":)", server.spurious_retransmits,
                    R"("spurious_retransmits_toclient":)", client.spurious_retransmits);
  out = put_above_0(out, R"("keep_alives_toserver":)", server.keep_alives,
                    R"("keep_alives_toclient":)", client.keep_alives);
  return put_above_0(out, R"("zero_window_us_toserver":)", server.zero_window_us,
                     R"("zero_window_us_toclient":)", client.zero_window_us);
}

char* put_options(char* out, const flow::TcpSide& server, const flow::TcpSide& client) noexcept {
  out = put_above_0(out, R"("mss_toserver":)", server.mss, R"("mss_toclient":)", client.mss);
  out = put_if(out, server.window_scale != flow::kNoWindowScale, R"("window_scale_toserver":)",
               server.window_scale);
  out = put_if(out, client.window_scale != flow::kNoWindowScale, R"("window_scale_toclient":)",
               client.window_scale);
  if (server.sack_permitted) out = put_literal(out, R"("sack_toserver":true,)");
  if (client.sack_permitted) out = put_literal(out, R"("sack_toclient":true,)");
  if (server.timestamps) out = put_literal(out, R"("timestamps_toserver":true,)");
  if (client.timestamps) out = put_literal(out, R"("timestamps_toclient":true,)");
  return out;
}

template <size_t N>
char* put_time(char* out, const char (&name)[N], uint32_t time_us) noexcept {
  return put_if(out, time_us != flow::kUnknownUs, name, time_us);
}

template <size_t N>
char* put_samples(char* out, const char (&name)[N], const flow::RttSamples& rtt) noexcept {
  if (rtt.count == 0) return out;
  out = put_decimal(put_literal(out, name), rtt.min_us);
  out = put_decimal(put_literal(out, R"(,"avg":)"), rtt.sum_us / rtt.count);
  out = put_decimal(put_literal(out, R"(,"max":)"), rtt.max_us);
  out = put_decimal(put_literal(out, R"(,"samples":)"), rtt.count);
  return put_literal(out, "},");
}

}  // namespace

char* put_eve_tcp(char* out, const flow::FlowRecord& record) noexcept {
  const auto [to_server, to_client] = record.tcp_flags;
  const auto flags = static_cast<uint8_t>(to_server | to_client);
  out = put_hex_byte(put_literal(out, R"(,"tcp":{"tcp_flags":")"), flags);
  out = put_hex_byte(put_literal(out, R"(","tcp_flags_ts":")"), to_server);
  out = put_hex_byte(put_literal(out, R"(","tcp_flags_tc":")"), to_client);
  out = put_literal(out, R"(",)");
  for (const FlagText& flag : kFlagTexts) {
    std::memcpy(out, flag.text, sizeof flag.text);
    out += (flags & flag.bit) != 0 ? flag.length : 0;
  }
  out = put_text(put_literal(out, R"("state":")"), flow::to_string(record.tcp_state));
  *out++ = '"';
  if (record.tcp.side[kToServer].lost_bytes > 0) out = put_literal(out, R"(,"ts_gap":true)");
  if (record.tcp.side[kToClient].lost_bytes > 0) out = put_literal(out, R"(,"tc_gap":true)");
  *out++ = '}';
  return out;
}

char* put_eve_tcp_quality(char* out, const flow::TcpQuality& quality) noexcept {
  const auto& [server, client] = quality.side;
  out = put_counters(put_literal(out, R"(,"tcp":{)"), server, client);
  out = put_options(out, server, client);
  out = put_time(out, R"("handshake_rtt_us":)", quality.handshake_us);
  out = put_time(out, R"("syn_to_synack_us":)", quality.syn_to_synack_us);
  out = put_time(out, R"("synack_to_ack_us":)", quality.synack_to_ack_us);
  out = put_samples(out, R"("server_rtt_us":{"min":)", server.rtt);
  out = put_samples(out, R"("client_rtt_us":{"min":)", client.rtt);
  out = put_time(out, R"("first_response_us":)", quality.first_response_us);
  if (quality.gaps_may_be_ours) out = put_literal(out, R"("gaps_may_be_ours":true,)");
  if (quality.incomplete) out = put_literal(out, R"("incomplete":true,)");
  out[-1] = '}';  // the last comma
  return out;
}

}  // namespace pktana::sink
